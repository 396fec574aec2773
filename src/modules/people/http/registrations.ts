import { z } from 'zod'
import { id } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { withTables } from '#core/http/tables.ts'
import {
  confirmRegistration,
  endRegistration,
  listRegistrations,
  readMyRegistration,
  reportIn,
} from '../actions/registrations.ts'
import * as c from '../contract.ts'
import { registrationsScope } from '../actions/scope.ts'
import { carriedAway, registrationsTable } from '../tables.ts'

const params = z.strictObject({ id })
const notThere = ['person.not-found'] as const
const unitFaults = ['unit.not-found', 'person.unit-closed'] as const

export const routes = [
  ...withTables(
    {
      method: 'GET',
      path: '/registrations',
      operationId: 'listRegistrations',
      summary: 'Members who reported to a place and below',
      permission: 'person.read',
      query: c.ListRegistrationsQuery,
      response: c.RegistrationList,
      failures: [],
      rate: 'read',
      action: (ctx, { query }) => listRegistrations(ctx, query),
    },
    {
      of: registrationsTable,
      carries: {
        persons: () => true,
        scope: (ctx, _, { query }) => registrationsScope(ctx, query),
        entry: ({ total }, { query }) => ({
          action: 'registration.export',
          ...carriedAway(query.unit, total),
        }),
      },
    },
  ),
  route({
    method: 'POST',
    path: '/registrations',
    operationId: 'reportIn',
    summary: 'Report to a community: for oneself, or on a member’s behalf',
    permission: 'signed-in',
    body: c.ReportIn,
    response: z.strictObject({ id, personId: id }),
    status: 201,
    failures: [
      ...notThere,
      ...unitFaults,
      'person.no-person',
      'person.not-a-place',
      'person.already-registered',
      'person.duplicate',
      'person.unknown-code',
    ],
    rate: 'write',
    action: (ctx, { body }) => reportIn(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/registrations/{id}/confirmation',
    operationId: 'confirmRegistration',
    summary: 'The community signs a registration',
    permission: 'registration.confirm',
    params,
    response: c.Registration,
    failures: ['person.tie-not-found', 'person.registration-state'],
    rate: 'write',
    action: (ctx, { params: p }) => confirmRegistration(ctx, p.id),
  }),
  route({
    method: 'POST',
    path: '/registrations/{id}/ending',
    operationId: 'endRegistration',
    summary: 'End a registration: oneself, or the community',
    permission: 'signed-in',
    params,
    body: c.EndRegistration,
    response: c.Registration,
    failures: ['person.tie-not-found', 'person.registration-state', 'person.bad-day'],
    rate: 'write',
    action: (ctx, { params: p, body }) => endRegistration(ctx, p.id, body),
  }),
  route({
    method: 'GET',
    path: '/me/registration',
    operationId: 'readMyRegistration',
    summary: 'Where I am registered and where I was',
    permission: 'signed-in',
    response: c.MyRegistration,
    failures: ['person.no-person'],
    rate: 'read',
    action: (ctx) => readMyRegistration(ctx),
  }),
]
