import { route } from '#core/http/route.ts'
import { listUnits } from './actions.ts'
import { ListUnitsQuery, UnitList } from './contract.ts'

export const routes = [
  route({
    method: 'GET',
    path: '/units',
    operationId: 'listUnits',
    summary: 'Units of a day: children of a unit, roots of what I may see, or a search',
    permission: 'unit.read',
    query: ListUnitsQuery,
    response: UnitList,
    failures: [],
    rate: 'read',
    action: (ctx, { query }) => listUnits(ctx, query),
  }),
]
