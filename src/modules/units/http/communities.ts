import { z } from 'zod'
import { id, listOf, text } from '#core/contract.ts'
import { route } from '#core/http/route.ts'
import { listCommunities, listKinds } from '../actions/communities.ts'
import { UnitKind } from '../contract.ts'

const Community = z.strictObject({ id, name: z.string(), parent: z.string() }).meta({ id: 'Community' })

export const routes = [
  route({
    method: 'GET',
    path: '/unit-kinds',
    operationId: 'listUnitKinds',
    summary: 'Kinds of units the district has, in both trees',
    permission: 'unit.read',
    response: listOf(UnitKind),
    failures: [],
    rate: 'read',
    action: (ctx) => listKinds(ctx),
  }),
  route({
    method: 'GET',
    path: '/communities',
    operationId: 'listCommunities',
    summary: 'Communities and villages of the district by name, for whoever reports to one; at most 20 of them',
    permission: 'signed-in',
    query: z.strictObject({ search: text(40).optional() }),
    response: listOf(Community),
    failures: [],
    rate: 'read',
    action: (ctx, { query }) => listCommunities(ctx, query.search),
  }),
]
