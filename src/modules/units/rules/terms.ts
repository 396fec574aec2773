// Pure decisions of 届次: when a term is due, which light stands, which number and day may come next. [BR-11, BR-12]
import { addDays, addMonths, type Day, daysBetween } from '#core/calendar.ts'
import { type Light, termFail as fail, type UnitsSettings } from '../contract.ts'

const REMIND_DAYS = 180
const SEVERE_DAYS = 365
const SHIFT_MONTHS = 12

export const yearsOf = (settings: UnitsSettings, kind: string): number | undefined =>
  settings.elections.find((e) => e.kinds.includes(kind))?.years

export const dueAfter = (electedOn: Day, years: number): Day => addMonths(electedOn, years * 12)

export function lightOf(dueOn: Day, today: Day): Exclude<Light, 'none'> {
  const left = daysBetween(today, dueOn)
  if (left > REMIND_DAYS) return 'in-term'
  if (left >= 0) return 'soon'
  return left >= -SEVERE_DAYS ? 'expired' : 'severe'
}

/** The days on which a term of that light is due: from the first, before the second. */
export function dueWithin(light: Exclude<Light, 'none'> | 'past' | 'due', today: Day): { from?: Day; before?: Day } {
  const later = addDays(today, REMIND_DAYS + 1)
  const severe = addDays(today, -SEVERE_DAYS)
  switch (light) {
    case 'in-term':
      return { from: later }
    case 'soon':
      return { from: today, before: later }
    case 'expired':
      return { from: severe, before: today }
    case 'severe':
      return { before: severe }
    case 'past':
      return { before: today }
    case 'due':
      return { before: later }
  }
}

/** Days after (or before) the due day at which each light begins; the measures draw their stretches with them. */
export const lightBegins = { soon: -REMIND_DAYS, expired: 1, severe: SEVERE_DAYS + 1 } as const

interface Neighbour {
  no: number
  electedOn: Day
  dueOn: Day
}

/** Terms follow each other in number and day; an election before its day needs the superior’s word first. */
export function mustFit(
  next: { no: number; electedOn: Day },
  before: Neighbour | undefined,
  after: Neighbour | undefined,
): void {
  if (before?.electedOn === next.electedOn || after?.electedOn === next.electedOn)
    throw fail('same-day', { on: next.electedOn })
  if ((before && next.no <= before.no) || (after && next.no >= after.no)) {
    const around = [before && `第${before.no}届`, after && `第${after.no}届`].filter(Boolean).join('、')
    throw fail('number', { around, no: next.no })
  }
  if (before && !after && next.electedOn < before.dueOn) throw fail('early', { due: before.dueOn, on: next.electedOn })
}

/** @throws term.beyond-year */
export function mustBeWithinYear(toDay: Day, regularDueOn: Day, dueOn: Day): void {
  const [from, to] = [addMonths(regularDueOn, -SHIFT_MONTHS), addMonths(regularDueOn, SHIFT_MONTHS)]
  if (toDay < from || toDay > to || toDay === dueOn) throw fail('beyond-year', { from, to })
}
