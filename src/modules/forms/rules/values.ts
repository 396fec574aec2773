// Whether an answer is one.
import { isDay } from '#core/calendar.ts'
import type { Issue } from '#core/errors.ts'
import type { AnswerForm, FormField } from '../contract.ts'

const NUMBER = /^-?\d{1,12}(\.\d{1,4})?$/

function faultOf(field: FormField, value: string): string | null {
  switch (field.type) {
    case 'number':
      return NUMBER.test(value) ? null : 'type'
    case 'choice':
      return field.choices.includes(value) ? null : 'choice'
    case 'yes-no':
      return value === 'yes' || value === 'no' ? null : 'choice'
    case 'day':
      return isDay(value) ? null : 'not-a-day'
    default:
      return null
  }
}

type Given = AnswerForm['answers'][number]

function issueOf(field: FormField, given: Given | undefined): Issue | null {
  const path = `answers.${field.id}`
  if (field.type === 'held') {
    if (given?.agreed === undefined) return { path, code: 'required' }
    return given.agreed || (given.claimed && given.reason) ? null : { path, code: 'required' }
  }
  const value = given?.value ?? ''
  if (value === '') return field.required ? { path, code: 'required' } : null
  const code = faultOf(field, value)
  return code ? { path, code } : null
}

/** Every fault of what was filled in, beside its field. */
export function faultsOf(fields: readonly FormField[], answers: readonly Given[]): Issue[] {
  const given = new Map(answers.map((a) => [a.fieldId, a]))
  const known = new Set(fields.map((f) => f.id))
  const strange = answers
    .filter((a) => !known.has(a.fieldId))
    .map((a) => ({ path: `answers.${a.fieldId}`, code: 'unknown' }))
  return [...fields.map((f) => issueOf(f, given.get(f.id))).filter((i) => i !== null), ...strange]
}
