import type { WriteTx } from '#core/context.ts'
import { type Frequency, minutesOf } from '../contract.ts'
import type { Terms } from '../rules.ts'
import type { FieldRow, FormRow, Sizes } from '../store.ts'

export const termsOf = (f: FormRow): Terms => ({
  frequency: f.frequency as Frequency,
  dueMonths: f.due_months,
  dueDay: f.due_day,
  validFrom: f.valid_from,
  endsOn: f.ends_on,
})

/** What answering it costs one unit: by one formula for every form. */
export function sizesOf(fields: readonly Pick<FieldRow, 'type'>[]): Sizes {
  const confirmed = fields.filter((f) => f.type === 'held').length
  return { minutes: minutesOf(fields.map((f) => f.type)), typed: fields.length - confirmed, confirmed }
}

export const note = (tx: WriteTx, f: FormRow, change: Record<string, unknown>, reason?: string) =>
  tx.record({ subject: { kind: 'form', id: f.id }, path: f.ownerPath, change, reason })
