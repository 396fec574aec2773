// Matters that come in from occasions and from the hotline.
import { z } from 'zod'
import { id } from '#core/contract.ts'
import { fileBody, route } from '#core/http/route.ts'
import { importHotline, importHotlineFile } from '../actions/hotline.ts'
import { listOccasions, readOccasion, recordOccasion } from '../actions/occasions.ts'
import * as c from '../contract.ts'

const Done = z.strictObject({ id })

export const intakeRoutes = [
  route({
    method: 'POST',
    path: '/occasions',
    operationId: 'recordOccasion',
    summary: 'A visit, inspection, meeting or drill was held',
    permission: 'demand.open',
    body: c.RecordOccasion,
    response: Done,
    status: 201,
    failures: [
      'unit.not-found',
      'demand.no-occasions',
      'demand.future-day',
      'mechanism.not-found',
      'mechanism.not-in-force',
      'mechanism.wrong-engine',
    ],
    rate: 'write',
    action: (ctx, { body }) => recordOccasion(ctx, body),
  }),
  route({
    method: 'GET',
    path: '/occasions',
    operationId: 'listOccasions',
    summary: 'Occasions of a unit and below with what was found',
    permission: 'demand.read',
    query: c.ListOccasionsQuery,
    response: c.OccasionList,
    failures: [],
    rate: 'read',
    action: (ctx, { query }) => listOccasions(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/occasions/{id}',
    operationId: 'readOccasion',
    summary: 'One visit, inspection, meeting or drill with how much was found there',
    permission: 'demand.read',
    params: Done,
    response: c.Occasion,
    failures: ['demand.occasion-not-found'],
    rate: 'read',
    action: (ctx, { params }) => readOccasion(ctx, params.id),
  }),
  route({
    method: 'POST',
    path: '/hotline-orders',
    operationId: 'importHotline',
    summary: 'Take in work orders of the 12345 hotline; known numbers change nothing',
    permission: 'demand.import',
    body: c.ImportHotline,
    response: c.HotlineResult,
    failures: [
      'unit.not-found',
      'demand.bad-sheet',
      'mechanism.not-found',
      'mechanism.not-in-force',
      'mechanism.wrong-engine',
    ],
    rate: 'heavy',
    action: (ctx, { body }) => importHotline(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/hotline-files',
    operationId: 'importHotlineFile',
    summary: 'Take in the hotline’s own file (.xlsx or .csv)',
    permission: 'demand.import',
    query: c.ImportHotlineQuery,
    body: fileBody,
    response: c.HotlineResult,
    failures: [
      'unit.not-found',
      'demand.bad-sheet',
      'mechanism.not-found',
      'mechanism.not-in-force',
      'mechanism.wrong-engine',
      'workbook.not-a-workbook',
      'workbook.damaged',
      'workbook.formula',
    ],
    rate: 'heavy',
    upload: {
      maxBytes: 10 * 1024 * 1024,
      types: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/csv'],
    },
    action: (ctx, { query, body }) => importHotlineFile(ctx, query, body),
  }),
]
