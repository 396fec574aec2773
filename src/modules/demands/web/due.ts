// Which step of a demand is due now, for both faces: what the server says is lawful, in the order people take the steps.
import type { Demand, DemandStep } from '../contract.ts'

/** Taken at once; all other steps have a form. */
type Plain = 'sign' | 'close' | 'contact' | 'rate-support'
export type FormStep = Exclude<DemandStep, Plain>

const plain: ReadonlySet<DemandStep> = new Set<Plain>(['sign', 'close', 'contact', 'rate-support'])
export const hasForm = (step: DemandStep): step is FormStep => !plain.has(step)

/** The straight way: the step of these that is lawful now is the one that is due. */
const straight: readonly DemandStep[] = ['dispatch', 'review', 'sign', 'answer', 'call-back', 'verify', 'close']

export const dueStep = (d: Demand): DemandStep | undefined => straight.find((s) => d.steps.includes(s))

/** Everything else that is lawful now and asks something. */
export const otherSteps = (d: Demand): FormStep[] => {
  const due = dueStep(d)
  return d.steps.filter(hasForm).filter((s) => s !== due)
}

export const dueForm = (d: Demand): FormStep | undefined => {
  const step = dueStep(d)
  return step && hasForm(step) ? step : undefined
}
