// What conformance scenarios of all engines share: numbers read before and after, and refusals that must come.
import { isDeepStrictEqual } from 'node:util'
import { addDays } from '#core/calendar.ts'
import { Refused, type Stage } from './engine.ts'

/** @throws when a number is not what was played */
export function mustBe(what: string, got: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(got, wanted))
    throw new Error(`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`)
}

/** @throws when it is not refused with this code */
export async function mustRefuse(code: string, work: Promise<unknown>): Promise<void> {
  const answer = await work.catch((error: unknown) => error)
  if (!(answer instanceof Refused)) throw answer instanceof Error ? answer : new Error(`${code}: was not refused`)
  mustBe('refused with', answer.code, code)
}

type Row = { key: string; value: number }

/** `measure` or `measure@dimension=value`; all of one reading share unit and stretch, and a dimension is asked for once. */
async function read(stage: Stage, unit: string, keys: readonly string[]): Promise<Record<string, number>> {
  const period = `${addDays(stage.today, -2200)}..${stage.today}`
  const asked = keys.map((key) => {
    const [measure, where = ''] = key.split('@') as [string, string?]
    const [dimension, ...value] = where.split('=')
    return { key, measure, dimension, value: value.join('=') }
  })
  const values: Record<string, number> = {}
  for (const [dimension, group] of Map.groupBy(asked, (a) => a.dimension)) {
    const measures = [...new Set(group.map((a) => a.measure))]
    const query = { measures: measures.join(','), unit, period, ...(dimension ? { by: `dim:${dimension}` } : {}) }
    const { figures } = await stage.call('readFigures', { query })
    for (const { key, measure, value } of group) {
      const figure = figures.find((f: { measure: { id: string } }) => f.measure.id === measure) as {
        value: number
        rows: Row[]
      }
      values[key] = (dimension ? figure.rows.find((r) => r.key === value)?.value : figure.value) ?? 0
    }
  }
  return values
}

/** Plays, and compares what every number named in `wanted` moved by with what it says. Returns what was played. */
export async function changesOf<T>(
  stage: Stage,
  unit: string,
  wanted: Record<string, number>,
  play: () => Promise<T>,
): Promise<T> {
  const keys = Object.keys(wanted)
  const before = await read(stage, unit, keys)
  const played = await play()
  const after = await read(stage, unit, keys)
  for (const key of keys) mustBe(`${key} moved by`, (after[key] as number) - (before[key] as number), wanted[key])
  return played
}
