import { withTables } from '#core/http/tables.ts'
import { readBalance } from './actions/balance.ts'
import { listEvidence } from './actions/evidence.ts'
import { readFigures } from './actions/read.ts'
import { Balance, BalanceQuery, Evidence, EvidenceQuery, Figures, ReadFiguresQuery } from './contract.ts'
import { routes as definitions } from './http/definitions.ts'
import { routes as editions } from './http/editions.ts'
import { balanceTable, evidenceTable, figuresTable, scopeOf } from './tables.ts'

const failures = [
  'figure.unknown-measure',
  'figure.retired-measure',
  'figure.unknown-dimension',
  'figure.bad-period',
  'figure.unit-not-found',
  'figure.no-place',
  'figure.not-known-then',
  'figure.preparing',
]

export const routes = [
  ...definitions,
  ...editions,
  ...withTables(
    {
      method: 'GET',
      path: '/figures',
      operationId: 'readFigures',
      summary: 'Numbers of a unit and period, whole, by child, by dimension or as a series',
      permission: 'figure.read',
      query: ReadFiguresQuery,
      response: Figures,
      failures,
      rate: 'heavy',
      action: (ctx, { query }) => readFigures(ctx, query),
    },
    { of: (answer, { query }) => figuresTable(answer, query.by) },
  ),
  ...withTables(
    {
      method: 'GET',
      path: '/figures/balance',
      operationId: 'readBalance',
      summary:
        'Opening + in − out = closing of a stock of persons, by cause, with the persons in whom it does not hold',
      permission: 'figure.read',
      query: BalanceQuery,
      response: Balance,
      failures: [...failures, 'figure.not-balanced'],
      rate: 'heavy',
      action: (ctx, { query }) => readBalance(ctx, query),
    },
    { of: balanceTable },
  ),
  ...withTables(
    {
      method: 'GET',
      path: '/figures/evidence',
      operationId: 'listEvidence',
      summary: 'The records behind a number; their count is the number',
      permission: 'figure.read',
      query: EvidenceQuery,
      response: Evidence,
      failures: [...failures, 'figure.no-evidence', 'figure.suppressed', 'figure.not-balanced'],
      rate: 'heavy',
      action: (ctx, { query }) => listEvidence(ctx, query),
    },
    {
      of: evidenceTable,
      permission: 'figure.export',
      carries: {
        persons: (e) => e.persons,
        scope: (_, e, { query }) => scopeOf(e, query.search),
        entry: ({ unit, period, total }, { query }) => ({
          action: 'figure.export',
          subject: { kind: 'unit', id: unit.id },
          path: '',
          change: { measure: query.measure, period: period.key, rows: total },
        }),
      },
    },
  ),
]
