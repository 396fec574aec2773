import { z } from 'zod'
import { id } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { listDuplicates, mergePersons, unmergePersons } from '../actions/merges.ts'
import * as c from '../contract.ts'

const params = z.strictObject({ id })
const notThere = ['person.not-found'] as const

export const routes = [
  route({
    method: 'GET',
    path: '/person-duplicates',
    operationId: 'listDuplicates',
    summary: 'Records that may be one person, strongest ground first',
    permission: 'person.merge',
    query: c.ListDuplicatesQuery,
    response: c.DuplicateList,
    failures: [],
    rate: 'heavy',
    action: (ctx, { query }) => listDuplicates(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/person-merges',
    operationId: 'mergePersons',
    summary: 'Two records are one person; nothing moves, so nothing is lost',
    permission: 'person.merge',
    body: c.MergePersons,
    response: c.Merged,
    status: 201,
    failures: [...notThere, 'person.merge-self', 'person.merge-overlap'],
    rate: 'write',
    action: (ctx, { body }) => mergePersons(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/person-merges/{id}/undoing',
    operationId: 'unmergePersons',
    summary: 'They were two persons after all',
    permission: 'person.merge',
    params,
    body: c.Unmerge,
    response: c.Merged,
    failures: ['person.merge-not-found'],
    rate: 'write',
    action: (ctx, { params: p, body }) => unmergePersons(ctx, p.id, body.reason),
  }),
]
