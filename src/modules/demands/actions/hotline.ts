// The hotline's file, taken in row by row: every row its own demand, transaction and history entry; the hotline's number makes a
// second import change nothing, also when two people import at once.
import type { Context, Tx } from '#core/context.ts'
import { followCode } from '#core/crypto.ts'
import { Problem, present } from '#core/errors.ts'
import { readWorkbook } from '#core/xlsx.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { getUnit, getUnitFor, type UnitNow } from '#modules/units/index.ts'
import {
  type DemandSettings,
  fail,
  HotlineRow,
  type HotlineResult,
  type ImportHotline,
  type ImportHotlineQuery,
} from '../contract.ts'
import { engine } from '../engine.ts'
import { hotlineRows, readCsv } from '../hotline.ts'
import { findByHotlineNo, findPlacesByName } from '../store/demands.ts'
import { register } from './open.ts'

type Line = HotlineResult['rows'][number]

interface Importing {
  mechanismId: string
  settings: DemandSettings
  below: UnitNow
  dryRun: boolean
}

const columnWords: Record<string, string> = {
  no: '工单编号',
  place: '地点',
  category: '类别',
  words: '内容',
  title: '标题',
  name: '姓名',
  phone: '电话',
  openedAt: '受理时间',
}

/** The one place of that name or code below the unit. */
async function placeOf(tx: Tx, below: UnitNow, name: string): Promise<UnitNow> {
  const [first, second] = await findPlacesByName(tx, below.path, name)
  if (!first) throw fail('bad-sheet', { why: `没有找到地点“${name}”` })
  if (second) throw fail('bad-sheet', { why: `“${name}”不止一处，请写全或填代码` })
  return getUnit(tx, first.id)
}

function categoryNamed(settings: DemandSettings, name: string): string {
  const found = settings.categories.find((c) => c.name === name || c.id === name)
  if (!found) throw fail('unknown-category', { category: name })
  return found.id
}

const KNOWN = new Error('known')

/** One row: created, known already, or wrong for a reason that can be read. */
async function take(ctx: Context, job: Importing, row: HotlineRow): Promise<Pick<Line, 'result' | 'id'>> {
  const known = await ctx.read('demand.import', (tx) => findByHotlineNo(tx, row.no))
  if (known) return { result: 'known', id: known.id }
  const { settings, mechanismId } = job
  const category = categoryNamed(settings, row.category)
  if (job.dryRun) {
    await ctx.read('demand.import', (tx) => placeOf(tx, job.below, row.place))
    return { result: 'would-create', id: null }
  }
  try {
    const id = await ctx.write('demand.import', 'demand.import', async (tx) => {
      const place = await placeOf(tx, job.below, row.place)
      tx.must('demand.import', place.path)
      if (row.openedAt && row.openedAt > tx.now) throw fail('future-day')
      const contact = row.name || row.phone ? { contact: { name: row.name, phone: row.phone } } : {}
      const input = { category, words: row.words, title: row.title, ...contact }
      const made = await register(tx, {
        mechanismId,
        settings,
        place,
        input,
        channel: 'hotline',
        follow: followCode(),
        consent: null,
        openedAt: row.openedAt,
        hotlineNo: row.no,
      }).catch((error: { constraint?: string }) => {
        throw error.constraint === 'demand_hotline' ? KNOWN : error
      })
      tx.record({ ...made.entry, change: { ...made.entry.change, hotlineNo: row.no } })
      return made.row.id
    })
    return { result: 'created', id }
  } catch (error) {
    if (error !== KNOWN) throw error
    return { result: 'known', id: (await ctx.read('demand.import', (tx) => findByHotlineNo(tx, row.no)))?.id ?? null }
  }
}

async function takeAll(
  ctx: Context,
  job: Importing,
  lines: readonly { row: number; fields: Record<string, unknown> }[],
): Promise<HotlineResult> {
  const rows: Line[] = []
  for (const { row, fields } of lines) {
    const no = String(fields['no'] ?? '')
    const parsed = HotlineRow.safeParse(fields)
    if (!parsed.success) {
      const at = parsed.error.issues.map(
        (i) => columnWords[String(i.path[0])] ?? String(i.path[0] ?? (i as { keys?: string[] }).keys?.join('、') ?? ''),
      )
      rows.push({ row, no, result: 'wrong', id: null, why: `${[...new Set(at)].join('、')}不符合要求` })
      continue
    }
    try {
      rows.push({ row, no, ...(await take(ctx.apart(), job, parsed.data)), why: null })
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500 || error.status === 401) throw error
      rows.push({ row, no, result: 'wrong', id: null, why: present(error, ctx.asker.requestId).title })
    }
  }
  const count = (...results: Line['result'][]) => rows.filter((r) => results.includes(r.result)).length
  return { created: count('created', 'would-create'), known: count('known'), wrong: count('wrong'), rows }
}

const begin = (ctx: Context, input: { mechanismId: string; placeId: string }, dryRun: boolean): Promise<Importing> =>
  ctx.read('demand.import', async (tx) => {
    const below = await getUnitFor(tx, 'demand.import', input.placeId)
    return {
      mechanismId: input.mechanismId,
      settings: await getSettings(tx, engine, input.mechanismId, tx.today),
      below,
      dryRun,
    }
  })

/** Rows that a program read from the hotline. */
export async function importHotline(ctx: Context, input: ImportHotline) {
  const job = await begin(ctx, input, input.dryRun ?? false)
  return takeAll(
    ctx,
    job,
    input.rows.map((fields, i) => ({ row: i + 1, fields })),
  )
}

/** The hotline's file as it is: .xlsx or .csv. */
export async function importHotlineFile(ctx: Context, query: ImportHotlineQuery, file: Buffer) {
  const job = await begin(ctx, query, query.dryRun === 'true')
  const zipped = file.subarray(0, 2).toString('latin1') === 'PK'
  const sheet = zipped ? ((await readWorkbook(file)).sheets.find((s) => !s.hidden)?.rows ?? []) : readCsv(file)
  const lines = hotlineRows(sheet)
  if (lines.length > 5000) throw fail('bad-sheet', { why: '一次最多 5000 行，请分批导入' })
  return takeAll(ctx, job, lines)
}
