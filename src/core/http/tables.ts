// The answer of a route as a table: the same question, the same rights, under `.csv` and `.xlsx`.
import { z } from 'zod'
import { carryFailures } from '../carry.ts'
import type { Context, Load } from '../context.ts'
import { id } from '../contract.ts'
import { fail } from '../errors.ts'
import { type Table, tableCsv, type TableFormat, tableFormats, tableName, tableSheet } from '../table.ts'
import { writeWorkbook } from '../xlsx.ts'
import { issuesOf } from './issues.ts'
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

/** Of a table that may list persons: it leaves through the carrier, and leaves an entry. */
interface Carrying<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  /** Whether the rows of this answer are of persons: then more than a few want a purpose, and many another person’s consent (EX-08). */
  persons(answer: z.output<R>): boolean
  /** Which rows these are, in words: unit, time, what was searched. Who approves the file reads it; with another scope it is another file. */
  scope(
    ctx: Context,
    answer: z.output<R>,
    asked: Asked<z.output<P>, z.output<Q>, z.output<B>>,
  ): string | Promise<string>
  /** What the history says about it when it is carried away. */
  entry(answer: z.output<R>, asked: Asked<z.output<P>, z.output<Q>, z.output<B>>): Load['entry']
}

interface AsTable<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  of(answer: z.output<R>, asked: Asked<z.output<P>, z.output<Q>, z.output<B>>): Table
  /** What it takes to carry the table away, where that is more than reading it. */
  permission?: string
  carries?: Carrying<P, Q, B, R>
}

/** Of a list every row is asked for at once, in one transaction: paging is left out of the question. */
function unpaged<Q extends z.ZodType>(query: Q | undefined): Q | undefined {
  const paged = query instanceof z.ZodObject && 'limit' in query.shape
  return paged ? (query.omit({ limit: true, offset: true }) as unknown as Q) : query
}

const totalOf = (answer: unknown) => (answer as { total?: number }).total

function mustFit(answer: unknown) {
  const total = totalOf(answer) ?? 0
  if (total > MOST) throw fail('too-many-rows', { total, limit: MOST })
}

/** Rows of persons; an answer that does not say how many it has is not taken for empty. */
function personsIn(answer: unknown): number {
  const total = totalOf(answer)
  if (total === undefined) throw new Error('a list of persons says how many it has')
  return total
}

/** What was asked for beforehand and may be carried away now; of tables of persons only. */
const named = { export: id.optional().meta({ description: 'of a file of persons: what askExport answered' }) }

interface Making<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  json: RouteSpec<P, Q, B, R>
  table: AsTable<P, Q, B, R>
  format: TableFormat
}

const nameOf = (operation: string, format: TableFormat) => `${operation}${format === 'csv' ? 'Csv' : 'Xlsx'}`

const marked = (table: Table, mark: string): Table => (mark ? { ...table, mark: `${table.mark}；${mark}` } : table)

/** Every row of the answer, as `asked` says; the whole list where it is paged. */
const whole = <A extends { query: unknown }>(asked: A, paged: boolean, limit = MOST): A => {
  const { export: _, ...query } = (asked.query ?? {}) as { export?: string }
  return asked.query === undefined ? asked : { ...asked, query: paged ? { ...query, limit } : query }
}

/** What was asked, in one spelling: the same question asked twice is one. */
const questionOf = ({ params, query }: { params: unknown; query: unknown }): Load['query'] => {
  const { export: _, ...rest } = (query ?? {}) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries({ ...(params as object | undefined), ...rest }).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** Words of a question as an address would have them, read by the shapes of the route. @throws core.invalid */
function readAsked(json: Pick<Route, 'params'>, query: z.ZodType | undefined, input: Record<string, unknown>) {
  const inPath = new Set(Object.keys((json.params as z.ZodObject | undefined)?.shape ?? {}))
  const part = (own: boolean) => Object.fromEntries(Object.entries(input).filter(([k]) => inPath.has(k) === own))
  const params = (json.params ?? z.strictObject({})).safeParse(part(true), { reportInput: true })
  const rest = (query ?? z.strictObject({})).safeParse(part(false), { reportInput: true })
  const issues = [params, rest].flatMap((r) => (r.success ? [] : issuesOf('query', r.error)))
  if (issues.length > 0) throw fail('invalid', {}, issues)
  return { params: params.data, query: query && rest.data, body: undefined, version: 0, accept: '' }
}

function fileRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  { json, table, format }: Making<P, Q, B, R>,
  query: Q | undefined,
): Route {
  const paged = query !== json.query
  const operation = nameOf(json.operationId, format)
  const { carries } = table
  const plain: z.ZodType | undefined = query ?? (carries ? z.strictObject({}) : undefined)
  const asks = (carries && plain instanceof z.ZodObject ? plain.extend(named) : plain) as Q | undefined
  type A = Asked<z.output<P>, z.output<Q>, z.output<B>>
  const weigh = async (ctx: Context, input: Record<string, unknown>) => {
    const asked = readAsked(json, query, input) as A
    const answer = (await json.action(ctx, whole(asked, paged, 1))) as z.output<R>
    mustFit(answer)
    if (!carries?.persons(answer)) return null
    const about = await carries.scope(ctx, answer, asked)
    return { rows: personsIn(answer), title: table.of(answer, asked).title, about, query: questionOf(asked) }
  }
  return route<P, Q, B, R>({
    ...json,
    path: `${json.path}.${format}`,
    ...(asks ? { query: asks } : {}),
    operationId: operation,
    summary: `${json.summary}; all rows as ${format === 'csv' ? 'CSV' : 'a workbook'}`,
    permission: table.permission ?? json.permission,
    response: 'file',
    produces: types[format],
    failures: [...json.failures, 'core.too-many-rows', ...(carries ? carryFailures : [])],
    rate: 'heavy',
    ...(carries ? { weigh } : {}),
    async action(ctx, asked) {
      const all = whole(asked, paged)
      const answer = (await json.action(ctx, all)) as z.output<R>
      mustFit(answer)
      const made = table.of(answer, all)
      if (!carries) return fileOf(made, format)
      const load = {
        operation,
        query: questionOf(asked),
        title: made.title,
        about: await carries.scope(ctx, answer, all),
        rows: carries.persons(answer) ? personsIn(answer) : 0,
        exportId: (asked.query as { export?: string } | undefined)?.export,
        entry: carries.entry(answer, all),
      }
      return fileOf(marked(made, await carry(ctx, load)), format)
    },
  })
}

/** Without a carrier (a bench, a test of the core) nothing watches and the entry is written all the same. */
async function carry(ctx: Context, load: Load): Promise<string> {
  if (ctx.ground.carrier) return ctx.ground.carrier.take(ctx, load)
  const { action, ...entry } = load.entry
  await ctx.write(null, action, async (tx) => tx.record(entry))
  return ''
}

/** A route that answers JSON, and beside it the same answer as CSV and as a workbook. */
export const withTables = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  json: RouteSpec<P, Q, B, R>,
  table: AsTable<P, Q, B, R>,
): Route[] => {
  const query = unpaged(json.query)
  const { carries } = table
  const rows = (answer: z.output<R>) =>
    carries?.persons(answer) ? ((answer as { rows?: unknown[] }).rows?.length ?? personsIn(answer)) : 0
  return [
    route(carries ? { ...json, persons: rows } : json),
    ...tableFormats.map((format) => fileRoute({ json, table, format }, query)),
  ]
}
