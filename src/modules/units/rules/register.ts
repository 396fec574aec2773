// Pure decisions of the registers: what a mechanism knows, and what may follow what.
import { type MarkSetting, registerFail as fail, type UnitsSettings } from '../contract.ts'

export interface Under {
  mechanism: string
  settings: UnitsSettings
}

/** @throws register.unknown */
export function known<T extends { id: string }>(under: Under, rows: readonly T[] | undefined, what: string): T {
  const found = rows?.find((r) => r.id === what)
  if (!found) throw fail('unknown', { mechanism: under.mechanism, what })
  return found
}

/** @throws register.wrong-kind */
export function mustBeOf(kinds: readonly string[], unit: { name: string; kind: string }, what: string): void {
  if (!kinds.includes(unit.kind)) throw fail('wrong-kind', { unit: unit.name, what })
}

/** What is told late is all right; a day that has not come is no fact yet. */
export function mustHaveCome(day: string, after: string, today: string): void {
  if (day < after || day > today) throw fail('bad-day', { from: after, to: today })
}

/** Stages are never taken back. @throws register.backwards */
export function mustFollow(setting: MarkSetting, value: string, held: string | undefined): void {
  if (!setting.forward || held === undefined) return
  const at = (id: string) => setting.values.findIndex((v) => v.id === id)
  const name = (id: string) => setting.values.find((v) => v.id === id)?.name ?? id
  if (at(value) < at(held)) throw fail('backwards', { mark: setting.name, now: name(held), value: name(value) })
}
