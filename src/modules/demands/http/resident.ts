// What residents reach without an account.
import { z } from 'zod'
import { instant } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { checkCertificate } from '../actions/certificates.ts'
import { askAgain, followDemand, rateDemand, withdrawConsent } from '../actions/follow.ts'
import { raiseDemand, readPlace } from '../actions/open.ts'
import * as c from '../contract.ts'

const codeParams = z.strictObject({ code: z.string().max(40) })

export const residentRoutes = [
  route({
    method: 'GET',
    path: '/places/{code}',
    operationId: 'readPlace',
    summary: 'What the QR plate of a place opens',
    permission: 'public',
    params: codeParams,
    response: c.PlacePlate,
    failures: ['demand.unknown-place', 'demand.not-for-residents'],
    rate: 'public',
    action: (ctx, { params: p }) => readPlace(ctx, p.code),
  }),
  route({
    method: 'POST',
    path: '/raised-demands',
    operationId: 'raiseDemand',
    summary: 'A resident raises a demand without an account',
    permission: 'public',
    body: c.RaiseDemand,
    response: c.Raised,
    status: 201,
    failures: ['demand.unknown-place', 'demand.unknown-category', 'demand.not-for-residents'],
    rate: 'public',
    action: (ctx, { body }) => raiseDemand(ctx, body),
  }),
  route({
    method: 'GET',
    path: '/raised-demands/{code}',
    operationId: 'followDemand',
    summary: 'Follow a demand by its code',
    permission: 'public',
    params: codeParams,
    response: c.Followed,
    failures: ['demand.bad-code'],
    rate: 'public',
    action: (ctx, { params: p }) => followDemand(ctx, p.code),
  }),
  route({
    method: 'POST',
    path: '/raised-demands/{code}/rating',
    operationId: 'rateDemand',
    summary: 'The resident says whether it is solved and how satisfied he is',
    permission: 'public',
    params: codeParams,
    body: c.RateDemand,
    response: z.strictObject({ state: c.DemandState }),
    failures: ['demand.bad-code', 'demand.wrong-state'],
    rate: 'public',
    action: (ctx, { params: p, body }) => rateDemand(ctx, p.code, body),
  }),
  route({
    method: 'POST',
    path: '/raised-demands/{code}/reopening',
    operationId: 'askAgain',
    summary: 'The resident says it is not over',
    permission: 'public',
    params: codeParams,
    body: c.Reasoned,
    response: z.strictObject({ state: z.literal('signed'), dueAt: instant }),
    failures: ['demand.bad-code', 'demand.wrong-state', 'demand.reopen-late', 'demand.reopened-enough'],
    rate: 'public',
    action: (ctx, { params: p, body }) => askAgain(ctx, p.code, body),
  }),
  route({
    method: 'POST',
    path: '/raised-demands/{code}/consent-withdrawal',
    operationId: 'withdrawConsent',
    summary: 'Name and phone are erased; the matter goes on',
    permission: 'public',
    params: codeParams,
    response: z.strictObject({ contactKept: z.literal(false) }),
    failures: ['demand.bad-code'],
    rate: 'public',
    action: (ctx, { params: p }) => withdrawConsent(ctx, p.code),
  }),
  route({
    method: 'GET',
    path: '/certificates/{code}',
    operationId: 'checkCertificate',
    summary: 'Check a certificate of service by its code',
    permission: 'public',
    params: z.strictObject({ code: z.string().max(60) }),
    response: c.CheckedCertificate,
    failures: ['demand.certificate-not-found'],
    rate: 'public',
    action: (ctx, { params: p }) => checkCertificate(ctx, p.code),
  }),
]
