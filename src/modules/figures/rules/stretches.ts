// Of what stretches of days numbers of persons are told: years, halves, quarters and months, and what is made up of them. Pure.
import { addDays, type Day, type Period, type PeriodKind, periodOf, periodsBetween } from '#core/calendar.ts'
import { comparedWith, type Stretch } from '../period.ts'

/**
 * From coarse to fine: the periods that make up one of the group before; a number stands in one of the last. What is hidden is hidden in
 * all of a group, so it does not matter in which.
 */
export type Groups = readonly (readonly Stretch[])[]

const kinds = ['year', 'half', 'quarter', 'month'] as const satisfies PeriodKind[]

function groupsOf({ from, kind }: Period): Groups {
  const upTo = kinds.slice(0, kinds.indexOf(kind as 'month') + 1)
  return upTo.map((k, i) => {
    const above = periodOf(from, kinds[Math.max(0, i - 1)] as PeriodKind)
    return periodsBetween(above.from, above.to, k)
  })
}

/**
 * The days on which what ran last year, or in the month, quarter or half before, is cut to stand beside what runs now [同期]; one for
 * each month, or two of them would tell the days between.
 */
function cutsOn(today: Day): Day[] {
  const ends = [
    comparedWith(periodOf(today, 'year'), 'last-year', today).to,
    ...(['month', 'quarter', 'half'] as const).map((kind) => comparedWith(periodOf(today, kind), 'previous', today).to),
  ]
  return ends.filter((day, i) => ends.findIndex((d) => d.slice(0, 7) === day.slice(0, 7)) === i)
}

/** The longest periods that make up a stretch; null where a day is left over. `since`: nothing is counted before. */
export function piecesOf({ from, to }: Pick<Stretch, 'from' | 'to'>, today: Day, since?: Day): Groups[] | null {
  const pieces: Groups[] = []
  for (let day = from; day <= to; ) {
    const starts = kinds.map((k) => periodOf(day, k)).filter((p) => p.from === day || day === since)
    const whole = starts.find((p) => p.to <= to)
    const month = starts.at(-1)
    if (!whole && !(month && cutsOn(today).includes(to))) return null
    if (whole) pieces.push(groupsOf(whole))
    else if (month) pieces.push([...groupsOf(month), [part(month.from, to), part(addDays(to, 1), month.to)]])
    day = whole ? addDays(whole.to, 1) : addDays(to, 1)
  }
  return pieces
}

const part = (from: Day, to: Day): Stretch => ({ key: `${from}..${to}`, from, to })

/** Ends of what runs today: until then is until today, where nothing is recorded of days to come. */
export const endsOf = (today: Day): Day[] => kinds.map((kind) => periodOf(today, kind).to)
