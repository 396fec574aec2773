// Which steps one reader may take with a demand now: lawful in its state and by its mechanism, and held as a verb where the step is
// decided. Screens offer exactly these; every use case checks again for itself.
import { type DemandSettings, type DemandState, DemandStep } from './contract.ts'
import { isLate, isLawful, mayDispute, mayRedo, mayReopen } from './rules.ts'

interface Standing {
  state: string
  channel: string
  report: boolean
  suspended_until: string | null
  responded_at: string | null
  resolve_due_at: string | null
  answered_by: string | null
  excluded_at: string | null
  split_from: string | null
  closed_on: string | null
  outcome: string | null
}

/** What only the page of one demand has read: how often, by whom, what is pending. */
export interface Course {
  lead: { at: string; disputed_at: string | null; disputed_by: string | null } | undefined
  disputes: number
  extensions: number
  redos: number
  reopenings: number
  /** supporting units of a whistle nobody has judged yet */
  unrated: number
  /** the exclusion that waits: asked by this account or by the unit it would decide for */
  exclusion: { own: boolean } | undefined
}

interface Asked {
  d: Standing
  settings: DemandSettings
  /** verbs held at the place, and at the unit responsible (at the place while there is none) */
  place: ReadonlySet<string>
  owner: ReadonlySet<string>
  account: string | null
  now: string
  today: string
  course?: Course
}

const verbOf: Record<DemandStep, string> = {
  dispatch: 'demand.dispatch',
  sign: 'demand.sign',
  dispute: 'demand.sign',
  review: 'demand.review',
  decline: 'demand.dispatch',
  contact: 'demand.answer',
  answer: 'demand.answer',
  'call-back': 'demand.call-back',
  verify: 'demand.review',
  close: 'demand.close',
  reopen: 'demand.dispatch',
  redo: 'demand.call-back',
  extend: 'demand.review',
  suspend: 'demand.review',
  resume: 'demand.review',
  merge: 'demand.dispatch',
  split: 'demand.dispatch',
  support: 'demand.dispatch',
  'rate-support': 'demand.dispatch',
  exclude: 'demand.exclude',
  'decide-exclusion': 'demand.review',
}

/** Steps of the unit responsible; all others are decided at the place. */
const byOwner: ReadonlySet<DemandStep> = new Set(['sign', 'dispute', 'contact', 'answer'])

const holds = (a: Asked, step: DemandStep) => {
  const verb = verbOf[step]
  if (step === 'exclude') return a.place.has(verb) || a.owner.has(verb)
  return (byOwner.has(step) ? a.owner : a.place).has(verb)
}

const allowed = (rule: () => void) => {
  try {
    rule()
    return true
  } catch {
    return false
  }
}

const confirmedBy = (a: Asked, way: DemandSettings['confirmation']) => a.settings.confirmation === way
const otherHand = (a: Asked) => a.d.answered_by === null || a.d.answered_by !== a.account
const inHand = (a: Asked) => a.d.suspended_until === null

/** What the states alone do not say. */
const also: Partial<Record<DemandStep, (a: Asked) => boolean>> = {
  dispute: ({ course: c, settings, now }) => {
    if (!c) return true
    const { lead, disputes } = c
    return lead !== undefined && allowed(() => mayDispute(settings.dispute, lead, disputes, now))
  },
  review: ({ course: c, account }) => !c || c.lead?.disputed_by == null || c.lead.disputed_by !== account,
  contact: (a) => a.d.responded_at === null,
  'call-back': (a) => confirmedBy(a, 'call-back') && otherHand(a),
  close: (a) => inHand(a) && !(a.d.channel === 'whistle' && (a.course?.unrated ?? 0) > 0),
  reopen: ({ d, settings, today, course: c }) =>
    allowed(() => mayReopen(settings, d.closed_on, { today, before: c?.reopenings ?? 0 })),
  redo: (a) => inHand(a) && allowed(() => mayRedo(a.settings, a.d.outcome, a.course?.redos ?? 0)),
  extend: (a) =>
    inHand(a) &&
    a.d.resolve_due_at !== null &&
    !isLate(a.d.resolve_due_at, a.now) &&
    (a.course?.extensions ?? 0) < a.settings.extensions,
  suspend: inHand,
  resume: (a) => !inHand(a),
  merge: (a) => inHand(a) && !a.d.report,
  split: (a) => a.d.split_from === null,
  exclude: (a) => a.d.excluded_at === null && !a.course?.exclusion,
}

/** Steps that act within a state, or in one more state than the table of states says. */
const within: Partial<Record<DemandStep, (a: Asked) => boolean>> = {
  verify: (a) => a.d.state === 'answered' && confirmedBy(a, 'verification') && otherHand(a),
  'rate-support': (a) => a.d.channel === 'whistle' && (a.course?.unrated ?? 0) > 0,
  'decide-exclusion': (a) => a.course?.exclusion !== undefined && !a.course.exclusion.own,
  close: (a) => (a.d.state === 'answered' ? confirmedBy(a, 'none') : isLawful('close', a.d.state as DemandState)),
}

const open = (a: Asked, step: DemandStep) => within[step]?.(a) ?? isLawful(step as 'dispatch', a.d.state as DemandState)

export const stepsNow = (asked: Asked): DemandStep[] =>
  DemandStep.options.filter((step) => open(asked, step) && holds(asked, step) && (also[step]?.(asked) ?? true))
