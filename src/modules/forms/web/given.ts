// What somebody gives for the fields of a form, on whatever screen he fills it in.
import type { AskPage, AnswerForm } from '../contract.ts'

export type Asked = AskPage['fields'][number]

export interface Given {
  value: string
  agreed: boolean | null
  claimed: string
  reason: string
}
export type Values = Record<string, Given>

/** What was answered before or typed last time stands there. */
const startOf = (f: Asked): Given => ({
  value: f.type === 'held' ? '' : (f.answer?.value ?? f.known ?? ''),
  agreed: f.answer?.agreed ?? null,
  claimed: f.answer?.claimed ?? '',
  reason: f.answer?.claimReason ?? '',
})

export const startsOf = (fields: readonly Asked[]): Values => Object.fromEntries(fields.map((f) => [f.id, startOf(f)]))

export const bodyOf = (fields: readonly Asked[], values: Values): AnswerForm => ({
  answers: fields.map((f) => {
    const v = values[f.id] ?? startOf(f)
    if (f.type !== 'held') return { fieldId: f.id, value: v.value.trim() }
    const claim = v.agreed === false ? { claimed: v.claimed.trim(), reason: v.reason.trim() } : {}
    return { fieldId: f.id, ...(v.agreed === null ? {} : { agreed: v.agreed }), ...claim }
  }),
})

/** It is open, and he may. */
export const mayFill = ({ ask }: AskPage) =>
  (ask.state === 'open' || ask.state === 'returned') && ask.can.includes('form.fill')
