import { z } from 'zod'
import { id } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { listDuplicates, listVerdicts, mergePersons, tellApart, undoVerdict } from '../actions/merges.ts'
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
    summary: 'Two records are one person; nothing moves, so nothing is lost; single values may be taken over',
    permission: 'person.merge',
    body: c.MergePersons,
    response: c.Merged,
    status: 201,
    failures: [...notThere, 'person.merge-self', 'person.merge-overlap', 'person.merge-number', 'person.merge-derived'],
    rate: 'write',
    action: (ctx, { body }) => mergePersons(ctx, body),
  }),
  route({
    method: 'GET',
    path: '/person-merges',
    operationId: 'listPersonMerges',
    summary: 'What was said of two records: merged, or told apart; newest first',
    permission: 'person.merge',
    query: c.ListVerdictsQuery,
    response: c.PersonVerdictList,
    failures: [],
    rate: 'read',
    action: (ctx, { query }) => listVerdicts(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/person-distinctions',
    operationId: 'tellPersonsApart',
    summary: 'Two records that look alike are two persons: the pair is not shown again',
    permission: 'person.merge',
    body: c.TellApart,
    response: c.Merged,
    status: 201,
    failures: [...notThere, 'person.merge-self', 'person.apart-already'],
    rate: 'write',
    action: (ctx, { body }) => tellApart(ctx, body),
  }),
  route({
    method: 'POST',
    path: '/person-merges/{id}/undoing',
    operationId: 'unmergePersons',
    summary: 'Take back what was said of two records: merged, or told apart',
    permission: 'person.merge',
    params,
    body: c.Unmerge,
    response: c.Unmerged,
    failures: ['person.merge-not-found'],
    rate: 'write',
    action: (ctx, { params: p, body }) => undoVerdict(ctx, p.id, body.reason),
  }),
]
