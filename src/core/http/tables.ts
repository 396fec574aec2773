// The answer of a route as a table: the same question, the same rights, under `.csv` and `.xlsx`.
import { z } from 'zod'
import type { Context } from '../context.ts'
import { fail } from '../errors.ts'
import { type Table, tableCsv, type TableFormat, tableFormats, tableName, tableSheet } from '../table.ts'
import { writeWorkbook } from '../xlsx.ts'
import { type Asked, type FileAnswer, type Route, route, type RouteSpec } from './route.ts'

const types: Record<TableFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** Rows of one table; more is refused rather than cut. */
const MOST = 50_000

export async function fileOf(table: Table, format: TableFormat): Promise<FileAnswer> {
  return {
    file: format === 'csv' ? Buffer.from(tableCsv(table)) : await writeWorkbook([tableSheet(table)]),
    name: tableName(table.title, format),
  }
}

interface AsTable<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  of(answer: z.output<R>, asked: Asked<z.output<P>, z.output<Q>, z.output<B>>): Table
  /** What it takes to carry the table away, where that is more than reading it. */
  permission?: string
  /** Enters in the history that it was carried away. */
  logged?(ctx: Context, answer: z.output<R>, asked: Asked<z.output<P>, z.output<Q>, z.output<B>>): Promise<void>
}

/** Of a list every row is asked for at once, in one transaction: paging is left out of the question. */
function unpaged<Q extends z.ZodType>(query: Q | undefined): Q | undefined {
  const paged = query instanceof z.ZodObject && 'limit' in query.shape
  return paged ? (query.omit({ limit: true, offset: true }) as unknown as Q) : query
}

function mustFit(answer: unknown) {
  const { total } = answer as { total?: number }
  if (total !== undefined && total > MOST) throw fail('too-many-rows', { total, limit: MOST })
}

/** A route that answers JSON, and beside it the same answer as CSV and as a workbook. */
export const withTables = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  json: RouteSpec<P, Q, B, R>,
  table: AsTable<P, Q, B, R>,
): Route[] => {
  const query = unpaged(json.query)
  return [
    route(json),
    ...tableFormats.map((format) =>
      route<P, Q, B, R>({
        ...json,
        path: `${json.path}.${format}`,
        ...(query ? { query } : {}),
        operationId: `${json.operationId}${format === 'csv' ? 'Csv' : 'Xlsx'}`,
        summary: `${json.summary}; all rows as ${format === 'csv' ? 'CSV' : 'a workbook'}`,
        permission: table.permission ?? json.permission,
        response: 'file',
        produces: types[format],
        failures: [...json.failures, 'core.too-many-rows'],
        rate: 'heavy',
        async action(ctx, asked) {
          const all =
            query === json.query
              ? asked
              : { ...asked, query: { ...(asked.query as object), limit: MOST } as typeof asked.query }
          const answer = (await json.action(ctx, all)) as z.output<R>
          mustFit(answer)
          await table.logged?.(ctx, answer, all)
          return fileOf(table.of(answer, all), format)
        },
      }),
    ),
  ]
}
