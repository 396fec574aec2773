// Units that help, and whistles.
import { z } from 'zod'
import { id, instant } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { addSupport, rateDispatch, reportDispatch, signDispatch, whistle } from '../actions/support.ts'
import * as c from '../contract.ts'

const params = z.strictObject({ id })
const dispatchParams = z.strictObject({ id, dispatchId: id })
const Done = z.strictObject({ id })

export const supportRoutes = [
  route({
    method: 'POST',
    path: '/demands/{id}/supports',
    operationId: 'addSupport',
    summary: 'Call in one more unit',
    permission: 'demand.dispatch',
    params,
    body: c.AddSupport,
    response: Done,
    status: 201,
    failures: [
      'demand.unit-closed',
      'demand.not-found',
      'demand.wrong-state',
      'demand.changed-meanwhile',
      'demand.same-unit',
      'demand.support-late',
      'unit.not-found',
    ],
    rate: 'write',
    action: (ctx, { params: p, body }) => addSupport(ctx, p.id, body),
  }),
  route({
    method: 'POST',
    path: '/demands/{id}/dispatches/{dispatchId}/signature',
    operationId: 'signDispatch',
    summary: 'A supporting unit takes its part; for a whistle: reports in',
    permission: 'demand.sign',
    params: dispatchParams,
    response: z.strictObject({ id, late: z.boolean() }),
    failures: ['demand.not-found', 'demand.dispatch-not-found', 'demand.dispatch-state'],
    rate: 'write',
    action: (ctx, { params: p }) => signDispatch(ctx, p.id, p.dispatchId),
  }),
  route({
    method: 'POST',
    path: '/demands/{id}/dispatches/{dispatchId}/report',
    operationId: 'reportDispatch',
    summary: 'A supporting unit reports back',
    permission: 'demand.answer',
    params: dispatchParams,
    body: c.ReportDispatch,
    response: Done,
    failures: ['demand.not-found', 'demand.dispatch-not-found', 'demand.dispatch-state'],
    rate: 'write',
    action: (ctx, { params: p, body }) => reportDispatch(ctx, p.id, p.dispatchId, body),
  }),
  route({
    method: 'POST',
    path: '/demands/{id}/dispatches/{dispatchId}/rating',
    operationId: 'rateDispatch',
    summary: 'How a called unit turned up',
    permission: 'demand.dispatch',
    params: dispatchParams,
    body: c.RateDispatch,
    response: Done,
    failures: ['demand.not-found', 'demand.dispatch-not-found', 'demand.dispatch-state'],
    rate: 'write',
    action: (ctx, { params: p, body }) => rateDispatch(ctx, p.id, p.dispatchId, body),
  }),
  route({
    method: 'POST',
    path: '/whistles',
    operationId: 'whistle',
    summary: '吹哨: the matter, the units needed, the limit',
    permission: 'demand.whistle',
    body: c.Whistle,
    response: z.strictObject({ id, no: z.int(), dueAt: instant }),
    status: 201,
    failures: [
      'demand.unit-closed',
      'unit.not-found',
      'demand.not-a-whistle',
      'demand.support-late',
      'demand.unknown-category',
      'mechanism.not-found',
      'mechanism.not-in-force',
      'mechanism.wrong-engine',
    ],
    rate: 'write',
    action: (ctx, { body }) => whistle(ctx, body),
  }),
]
