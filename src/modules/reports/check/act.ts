// A draft against the records: read, bound to measures, judged. Nothing of it is stored or logged.
import type { Context } from '#core/context.ts'
import { readDocument } from '#core/docx.ts'
import { Problem } from '#core/errors.ts'
import type { Figure, Figures, MeasureInfo } from '#modules/figures/contract.ts'
import { ask, measuresIn, readIn } from '#modules/figures/index.ts'
import type { CheckDraft, CheckedDraft } from '../contract.ts'
import { answerOf } from './answer.ts'
import { readDraft } from './read.ts'
import type { Reading } from './reading.ts'
import { daysOf } from './stretch.ts'
import { type Records, verify, wanted } from './verify.ts'

type At = Parameters<typeof readIn>[0]
type Asked = Pick<Figures, 'unit' | 'period'> & Pick<CheckDraft, 'tree'>

const isPlaceless = (error: unknown) => error instanceof Problem && error.code === 'figure.no-place'

/** All measures at once; where the unit serves no place, those that can be counted there all the same. */
async function figuresIn(at: At, ids: readonly string[], query: Pick<CheckDraft, 'unit' | 'period' | 'tree'>) {
  const ask = (measures: readonly string[]) => readIn(at, { measures: measures.join(','), ...query, by: 'child' })
  const found: Figures[] = []
  try {
    found.push(await ask(ids))
  } catch (error) {
    if (!isPlaceless(error)) throw error
    for (const id of ids)
      await ask([id]).then(
        (one) => found.push(one),
        (again: unknown) => {
          if (!isPlaceless(again)) throw again
        },
      )
    if (found.length === 0) throw error
  }
  return found
}

const keyOf = (r: Reading, { period }: Asked) => {
  const days = daysOf(r.period, period)
  return days && (days.from !== period.from || days.to !== period.to) ? `${days.from}..${days.to}` : period.key
}

const linkOf = (measure: string, unit: string, period: string) =>
  `/console/figures/${measure}?${new URLSearchParams({ unit, period })}`

/** Every number the readings may ask for, fetched once for each stretch of days. */
async function numbersFor(at: At, asked: Asked, readings: readonly Reading[], measures: readonly MeasureInfo[]) {
  const needed = new Map<string, Set<string>>()
  for (const r of readings)
    for (const { id } of wanted(r, measures)) {
      const period = keyOf(r, asked)
      needed.set(period, (needed.get(period) ?? new Set()).add(id))
    }
  const numbers = new Map<string, Figure>()
  for (const [period, ids] of needed)
    for (const { figures } of await figuresIn(at, [...ids], { unit: asked.unit.id, period, tree: asked.tree }))
      for (const f of figures) numbers.set(`${f.measure.id} ${period}`, f)
  return numbers
}

/** A sentence that names a unit just below is answered for that unit. */
const recordsOf =
  (numbers: ReadonlyMap<string, Figure>, asked: Asked): Records =>
  (measure, r) => {
    const period = keyOf(r, asked)
    const figure = numbers.get(`${measure.id} ${period}`)
    if (!figure) return null
    const days = period === asked.period.key ? '' : `（${period.replace('..', ' 至 ')}）`
    const below = figure.rows.find((row) => row.unitId && row.unitId !== asked.unit.id && r.sentence.includes(row.name))
    return below?.unitId
      ? { ...below, where: `${below.name}${days}`, evidence: linkOf(measure.id, below.unitId, period) }
      : { ...figure, where: days, evidence: linkOf(measure.id, asked.unit.id, period) }
  }

export const checkDraft = (ctx: Context, input: CheckDraft): Promise<CheckedDraft> =>
  ask(ctx, 'report.read', async (tx, head) => {
    const at = { tx, head }
    const measures = await measuresIn(tx)
    const draft = readDraft(input.text)
    // The rules every number is asked by: 404 outside the asker's scope, 422 for a period nobody can read.
    const some = measures.slice(0, 5).map((m) => m.id)
    const [asked] = await figuresIn(at, some, { unit: input.unit, period: input.period, tree: input.tree })
    const about = { ...(asked as Figures), tree: input.tree }
    const numbers = await numbersFor(at, about, draft.readings, measures)
    const records = recordsOf(numbers, about)
    return answerOf(input.text, draft, (r) => verify(r, measures, records))
  })

/** The text of a .docx, opened in a process of its own and thrown away. */
export async function readDraftFile(ctx: Context, file: Buffer) {
  // No transaction waits for the file.
  await ctx.read('report.read', async () => undefined)
  return { text: await readDocument(file) }
}
