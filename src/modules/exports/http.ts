import { z } from 'zod'
import { id } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { askExport, decideExport, listExports } from './actions/ask.ts'
import * as c from './contract.ts'

export const routes = [
  route({
    method: 'GET',
    path: '/exports',
    operationId: 'listExports',
    summary: 'Files of persons that I asked for, or that wait for my approval',
    permission: 'signed-in',
    query: c.ListExports,
    response: c.ExportList,
    failures: [],
    rate: 'read',
    action: (ctx, { query }) => listExports(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/exports',
    operationId: 'askExport',
    summary: 'State what a large file of persons is for; it is granted at once, or waits for another person',
    description:
      'Then the file is fetched from its own route with `export=<id>`: once, by the same account, within 24 hours, with the same query.',
    permission: 'signed-in',
    proof: true,
    body: c.AskExport,
    response: c.Export,
    status: 201,
    failures: [
      'export.unknown-file',
      'export.no-persons',
      'core.too-many-rows',
      'unit.not-found',
      'figure.unknown-measure',
      'figure.retired-measure',
      'figure.unknown-dimension',
      'figure.bad-period',
      'figure.unit-not-found',
      'figure.no-place',
      'figure.not-known-then',
      'figure.preparing',
      'figure.no-evidence',
      'figure.suppressed',
      'figure.not-balanced',
      'figure.edition-not-found',
    ],
    rate: 'heavy',
    action: (ctx, { body }) => askExport(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/exports/{id}/decision',
    operationId: 'decideExport',
    summary: 'Approve or decline a colleague’s export, naming the content that was seen',
    permission: 'export.approve',
    proof: true,
    params: z.strictObject({ id }),
    body: c.DecideExport,
    response: c.Export,
    failures: ['export.not-found', 'export.own', 'export.decided', 'export.content-changed'],
    rate: 'write',
    action: (ctx, { params, body }) => decideExport(ctx, params.id, body),
  }),
]
