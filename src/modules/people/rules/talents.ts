// Pure decisions on a talent's way: what may follow what, and when staying can be checked.
import { addMonths } from '#core/calendar.ts'
import { type Milestone, milestones, talentFail as fail, type TalentSettings } from '../contract.ts'

export type State = TalentSettings['states'][number]

/** Steps that may be recorded again and again: each is a service, a support, an interview of its own. */
const repeatable: readonly Milestone[] = ['interviewed', 'serving', 'supported']
const over: readonly Milestone[] = ['completed', 'left']

/** @throws talent.unknown */
export function stateOf(settings: TalentSettings, id: string, mechanism: string): State {
  const found = settings.states.find((s) => s.id === id)
  if (!found) throw fail('unknown', { mechanism, what: id })
  return found
}

/** A way goes forward; steps may be skipped, none is taken back. @throws talent.not-next */
export function mustFollow(now: State, next: State): void {
  const order = (s: State) => milestones.indexOf(s.milestone)
  const again = now.id === next.id && repeatable.includes(next.milestone)
  if (over.includes(now.milestone) || (!again && order(next) <= order(now)))
    throw fail('not-next', { now: now.name, state: next.name })
}

/** Whoever stayed must have arrived, and so long ago. @throws talent.too-early */
export function mayBeRetained(settings: TalentSettings, arrivedOn: string | null, on: string): void {
  const months = settings.retentionMonths ?? 0
  const due = arrivedOn && addMonths(arrivedOn, months)
  if (!due || on < due) throw fail('too-early', { months, due: due ?? '尚未到岗' })
}

/** Past this point there is an agreement, and the record rests on it rather than on consent. */
export const restsOnConsent = (milestone: Milestone) => milestones.indexOf(milestone) < milestones.indexOf('signed')
