import { z } from 'zod'
import { id } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { fileOf, withTables } from '#core/http/tables.ts'
import { editionWorkbook } from '../actions/edition-workbook.ts'
import {
  dropEdition,
  listEditions,
  prepareEdition,
  readEdition,
  readRestatements,
  signEdition,
} from '../actions/editions.ts'
import { logExport } from '../actions/export.ts'
import { listRestatements } from '../actions/restate.ts'
import * as c from '../contract.ts'
import { editionsTable, editionTable, restatementsTable, restatementTable, scopeOf } from '../tables.ts'

const params = z.strictObject({ id })
const reading = [
  'figure.unknown-measure',
  'figure.retired-measure',
  'figure.bad-period',
  'figure.unit-not-found',
  'figure.no-place',
  'figure.preparing',
] as const

export const routes = [
  ...withTables(
    {
      method: 'GET',
      path: '/editions',
      operationId: 'listEditions',
      summary: 'Signed snapshots of figures, newest first',
      permission: 'figure.read',
      query: c.ListEditions,
      response: c.EditionList,
      failures: [],
      rate: 'read',
      action: (ctx, { query }) => listEditions(ctx, query),
    },
    { of: editionsTable },
  ),
  route({
    method: 'POST',
    path: '/editions',
    operationId: 'prepareEdition',
    summary:
      'Take a snapshot of figures with definitions, children and evidence digests; it waits for somebody else to sign',
    permission: 'figure.prepare',
    body: c.PrepareEdition,
    response: c.EditionPage,
    status: 201,
    failures: [...reading],
    rate: 'heavy',
    action: (ctx, { body }) => prepareEdition(ctx, body),
  }),
  route({
    method: 'GET',
    path: '/editions/{id}',
    operationId: 'readEdition',
    summary: 'One edition as it was signed, and whether its text and signature still belong together',
    permission: 'figure.read',
    params,
    response: c.EditionPage,
    failures: ['figure.edition-not-found'],
    rate: 'read',
    action: (ctx, { params: { id: one } }) => readEdition(ctx, one),
  }),
  route({
    method: 'POST',
    path: '/editions/{id}/signature',
    operationId: 'signEdition',
    summary: 'Sign an edition that somebody else prepared',
    permission: 'figure.sign',
    params,
    response: c.EditionPage,
    failures: [
      'figure.edition-not-found',
      'figure.edition-done',
      'figure.edition-own',
      'figure.edition-broken',
      'figure.edition-unbalanced',
      'figure.preparing',
      'core.anchor-old',
    ],
    rate: 'write',
    proof: true,
    action: (ctx, { params: { id: one } }) => signEdition(ctx, one),
  }),
  route({
    method: 'POST',
    path: '/editions/{id}/drop',
    operationId: 'dropEdition',
    summary: 'Put aside an edition that was not signed',
    permission: 'figure.prepare',
    params,
    body: c.DropEdition,
    response: c.EditionPage,
    failures: ['figure.edition-not-found', 'figure.edition-done'],
    rate: 'write',
    action: (ctx, { params: { id: one }, body }) => dropEdition(ctx, one, body.reason),
  }),
  route({
    method: 'GET',
    path: '/editions/{id}/workbook',
    operationId: 'readEditionWorkbook',
    summary: 'The edition as a workbook, made from the signed text alone: the same bytes today and in a year',
    permission: 'figure.export',
    params,
    response: 'file',
    produces: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    failures: ['figure.edition-not-found', 'figure.edition-broken', 'core.anchor-old'],
    rate: 'heavy',
    action: (ctx, { params: { id: one } }) => editionWorkbook(ctx, one),
  }),
  route({
    method: 'GET',
    path: '/editions/{id}/figures.csv',
    operationId: 'readEditionCsv',
    summary: 'The figures of an edition and their children as CSV, as they were signed',
    permission: 'figure.export',
    params,
    response: 'file',
    produces: 'text/csv; charset=utf-8',
    failures: ['figure.edition-not-found', 'figure.edition-broken', 'core.anchor-old'],
    rate: 'heavy',
    action: async (ctx, { params: { id: one } }) => {
      const page = await readEdition(ctx, one)
      if (!page.holds) throw c.fail('edition-broken')
      await logExport(ctx, { subject: { kind: 'edition', id: one }, measure: 'all', rows: page.body.figures.length })
      return fileOf(editionTable(page), 'csv')
    },
  }),
  ...withTables(
    {
      method: 'GET',
      path: '/editions/{id}/restatements',
      operationId: 'readRestatements',
      summary: 'Every figure of an edition as signed and as the records say now',
      permission: 'figure.read',
      params,
      response: c.EditionRestatements,
      failures: ['figure.edition-not-found', ...reading],
      rate: 'heavy',
      action: (ctx, { params: { id: one } }) => readRestatements(ctx, one),
    },
    { of: restatementsTable },
  ),
  ...withTables(
    {
      method: 'GET',
      path: '/editions/{id}/restatements/records',
      operationId: 'listRestatements',
      summary: 'The records that make the difference: before, after, who and why; and the effect per unit',
      permission: 'figure.read',
      params,
      query: c.RestatementQuery,
      response: c.Restatement,
      failures: [
        'figure.edition-not-found',
        'figure.no-evidence',
        'figure.suppressed',
        'figure.not-known-then',
        ...reading,
      ],
      rate: 'heavy',
      action: (ctx, { params: { id: one }, query }) => listRestatements(ctx, one, query),
    },
    {
      of: restatementTable,
      permission: 'figure.export',
      carries: {
        persons: (r) => r.persons,
        scope: async (ctx, _, { params: { id: one } }) => scopeOf((await readEdition(ctx, one)).body),
        entry: ({ total }, { params: { id: one }, query }) => ({
          action: 'figure.export',
          subject: { kind: 'edition', id: one },
          path: '',
          change: { measure: query.measure, rows: total },
        }),
      },
    },
  ),
]
