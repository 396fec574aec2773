import { z } from 'zod'
import { id } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { withTables } from '#core/http/tables.ts'
import { createPerson, editPerson, listPersons, readMyPerson, readPerson } from '../actions/persons.ts'
import { lookUpPerson, revealPerson } from '../actions/sealed.ts'
import * as c from '../contract.ts'
import { personsScope } from '../actions/scope.ts'
import { carriedAway, personsTable } from '../tables.ts'

const params = z.strictObject({ id })
const Made = z.strictObject({ id })
const notThere = ['person.not-found'] as const
const unitFaults = ['unit.not-found', 'person.unit-closed'] as const

export const routes = [
  ...withTables(
    {
      method: 'GET',
      path: '/persons',
      operationId: 'listPersons',
      summary: 'Persons I may see, masked, with an exact total; search by name, pinyin, initials or last four',
      permission: 'person.read',
      query: c.ListPersonsQuery,
      response: c.PersonList,
      failures: [],
      rate: 'read',
      action: (ctx, { query }) => listPersons(ctx, query),
    },
    {
      of: personsTable,
      carries: {
        persons: () => true,
        scope: (ctx, _, { query }) => personsScope(ctx, query),
        entry: ({ total }, { query }) => ({
          action: 'person.export',
          ...carriedAway(query.unit, total),
        }),
      },
    },
  ),
  route({
    method: 'POST',
    path: '/persons',
    operationId: 'createPerson',
    summary: 'Put a person on record',
    permission: 'person.write',
    body: c.CreatePerson,
    response: Made,
    status: 201,
    failures: [...unitFaults, 'person.duplicate', 'person.unknown-code'],
    rate: 'write',
    action: (ctx, { body }) => createPerson(ctx, body),
  }),
  route({
    method: 'GET',
    path: '/persons/{id}',
    operationId: 'readPerson',
    summary: 'What is held about a person, why, and who read it; opening it is kept',
    permission: 'person.read',
    params,
    response: c.PersonPage,
    failures: notThere,
    rate: 'read',
    action: (ctx, { params: p }) => readPerson(ctx, p.id),
  }),
  route({
    method: 'PUT',
    path: '/persons/{id}',
    operationId: 'editPerson',
    summary: 'Change what is given of a person',
    permission: 'person.write',
    params,
    body: c.EditPerson,
    response: z.strictObject({ id, version: z.int() }),
    failures: [...notThere, 'core.stale', 'core.version-needed', 'person.duplicate', 'person.unknown-code'],
    rate: 'write',
    ifMatch: true,
    action: (ctx, { params: p, body, version }) => editPerson(ctx, p.id, version, body),
  }),
  route({
    method: 'POST',
    path: '/persons/{id}/reveal',
    operationId: 'revealPerson',
    summary: 'Show one sealed field of one person, with a reason that is kept',
    permission: 'person.reveal',
    proof: true,
    params,
    body: c.RevealPerson,
    response: c.Revealed,
    failures: [...notThere, 'person.nothing-to-reveal', 'person.reveal-limit'],
    rate: 'write',
    action: (ctx, { params: p, body }) => revealPerson(ctx, p.id, body),
  }),
  route({
    method: 'POST',
    path: '/person-lookups',
    operationId: 'lookUpPerson',
    summary: 'Who holds this ID number or phone, among those I may see; the question is kept',
    permission: 'person.read',
    body: c.LookUpPerson,
    response: c.PersonFound,
    failures: [],
    rate: 'write',
    action: (ctx, { body }) => lookUpPerson(ctx, body),
  }),
  route({
    method: 'GET',
    path: '/me/person',
    operationId: 'readMyPerson',
    summary: 'What is held about me, unmasked, and who read it',
    permission: 'signed-in',
    response: c.PersonPage,
    failures: ['person.no-person'],
    rate: 'read',
    action: (ctx) => readMyPerson(ctx),
  }),
]
