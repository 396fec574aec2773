// A draft against the records: read, bound to measures, judged. Nothing of it is stored or logged.
import type { Context, Tx } from '#core/context.ts'
import { readDocument } from '#core/docx.ts'
import { Problem } from '#core/errors.ts'
import type { Figure, Figures, MeasureInfo } from '#modules/figures/contract.ts'
import { measuresIn, readIn } from '#modules/figures/index.ts'
import type { CheckDraft, CheckedDraft } from '../contract.ts'
import { answerOf } from './answer.ts'
import { readDraft } from './read.ts'
import type { Reading } from './reading.ts'
import { daysOf } from './stretch.ts'
import { type Records, recordedOf, verify, wanted } from './verify.ts'

interface Asked {
  unit: Figures['unit']
  period: Figures['period']
}

/** The unit and the days the draft is about, by the rules every number is asked by; 404 outside the asker's scope. */
async function askedOf(tx: Tx, input: CheckDraft, measures: readonly MeasureInfo[]): Promise<Asked> {
  let last: unknown
  for (const { id } of measures.slice(0, 5)) {
    try {
      return await readIn(tx, { measures: id, unit: input.unit, period: input.period })
    } catch (error) {
      last = error
      // The unit serves no place: another measure may still tell which unit it is.
      if (!(error instanceof Problem) || error.code !== 'figure.no-place') throw error
    }
  }
  throw last
}

const keyOf = (r: Reading, { period }: Asked) => {
  const days = daysOf(r.period, period)
  return days && (days.from !== period.from || days.to !== period.to) ? `${days.from}..${days.to}` : period.key
}

/** One measure that cannot be counted here leaves the others standing. */
async function figureIn(tx: Tx, measure: string, unit: string, period: string): Promise<Figure | null> {
  try {
    return (await readIn(tx, { measures: measure, unit, period, by: 'child' })).figures[0] ?? null
  } catch (error) {
    if (error instanceof Problem && error.code === 'figure.no-place') return null
    throw error
  }
}

const linkOf = (measure: string, unit: string, period: string) =>
  `/console/figures/${measure}?${new URLSearchParams({ unit, period })}`

/** Every number the readings may ask for, fetched once; a sentence that names a unit just below is answered for that unit. */
async function recordsFor(tx: Tx, asked: Asked, readings: readonly Reading[], measures: readonly MeasureInfo[]) {
  const figures = new Map<string, Figure | null>()
  for (const r of readings)
    for (const { id } of wanted(r, measures)) {
      const key = `${id} ${keyOf(r, asked)}`
      if (!figures.has(key)) figures.set(key, await figureIn(tx, id, asked.unit.id, keyOf(r, asked)))
    }
  const records: Records = (measure, r) => {
    const period = keyOf(r, asked)
    const figure = figures.get(`${measure.id} ${period}`)
    if (!figure) return null
    const days = period === asked.period.key ? '' : `（${period.replace('..', ' 至 ')}）`
    const below = figure.rows.find((row) => row.unitId && row.unitId !== asked.unit.id && r.sentence.includes(row.name))
    return below?.unitId
      ? recordedOf(below, `${below.name}${days}`, linkOf(measure.id, below.unitId, period))
      : recordedOf(figure, days, linkOf(measure.id, asked.unit.id, period))
  }
  return records
}

export const checkDraft = (ctx: Context, input: CheckDraft): Promise<CheckedDraft> =>
  ctx.heavy('report.read', async (tx) => {
    const measures = await measuresIn(tx)
    const asked = await askedOf(tx, input, measures)
    const draft = readDraft(input.text)
    const records = await recordsFor(tx, asked, draft.readings, measures)
    return answerOf(input.text, draft, (r) => verify(r, measures, records))
  })

/** The text of a .docx, opened in a process of its own and thrown away. */
export async function readDraftFile(ctx: Context, file: Buffer) {
  // No transaction waits for the file.
  await ctx.read('report.read', async () => undefined)
  return { text: await readDocument(file) }
}
