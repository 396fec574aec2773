// Words every contract is built of. Nothing is coerced and nothing unknown is let through: `z.strictObject` everywhere.
import { z } from 'zod'

const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const isRealDay = (text: string) => {
  const [y, m, d] = text.split('-').map(Number) as [number, number, number]
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0
  return y >= 1900 && y <= 2200 && m >= 1 && m <= 12 && d >= 1 && d <= (m === 2 && leap ? 29 : (days[m - 1] ?? 0))
}

const issue = (code: string, more: Record<string, unknown> = {}) => ({ message: code, params: { code, ...more } })

// NUL makes PostgreSQL fail and a lone surrogate is no text: both are refused at the door (trust fact 3).
// biome-ignore lint: control characters are what we look for
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Cs}/u

// What shows nothing but breaks searching and comparing, or turns the text around it about: phones put it around copied numbers.
const invisible = /[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/g

/** Text of 1…max characters, trimmed, without control or invisible characters. Lengths count code points as officials count 字. */
export const text = (max: number, min = 1) =>
  z
    .string()
    .max(max * 4, { abort: true })
    .overwrite((s) => s.replace(invisible, '').trim())
    .refine((s) => !unprintable.test(s), issue('bad-characters'))
    .refine((s) => [...s].length >= min, issue('too-short', { min }))
    .refine((s) => [...s].length <= max, issue('too-long', { max }))
    .meta({ minLength: min, maxLength: max })

export const id = z.uuid({ error: 'not-an-id' }).meta({ description: 'UUID, made by the application (version 7)' })
export type Id = string

/** A calendar day as text, `YYYY-MM-DD`; never a Date (house: dates are text end to end). */
export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'not-a-day' })
  .refine(isRealDay, issue('not-a-day'))
  .meta({ format: 'date' })
export type Day = string

// What PostgreSQL takes: offsets as they exist on Earth, years as for days (TI-01).
export const instant = z.iso
  .datetime({ offset: true, error: 'not-an-instant' })
  .regex(/^(19|20|21)\d\d-.*(Z|[+-](0\d|1[0-4]):[0-5]\d)$/, { error: 'not-an-instant' })
  .meta({ format: 'date-time' })
export type Instant = string

/** Query numbers arrive as text; this is the one explicit codec for them. */
export const queryInt = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: 'type' })
    .transform(Number)
    .refine((n) => n >= min, issue('too-small', { min }))
    .refine((n) => n <= max, issue('too-big', { max }))
    .meta({ description: `${min} … ${max}` })

export const queryFlag = z.enum(['true', 'false']).transform((s) => s === 'true')

/** Paging by offset up to 50,000 rows: every list shows an exact total and jumps to any page. */
export const paging = {
  limit: queryInt(1, 500).optional().meta({ description: 'rows at once, 1 … 500; 50 when absent' }),
  offset: queryInt(0, 1_000_000).optional().meta({ description: 'rows to pass over, 0 … 1000000' }),
}

export const listOf = <T extends z.ZodType>(item: T) => z.strictObject({ rows: z.array(item), total: z.int() })

export const can = z.array(z.string()).meta({ description: 'what the asker may do with this, decided by the server' })

/** One entry of the history as the page of its subject tells it: who, what, when, why, before → after. */
export const TimelineEntry = z.strictObject({
  at: instant,
  action: z.string(),
  actor: z.string(),
  reason: z.string().nullable(),
  change: z.record(z.string(), z.unknown()),
})
export type TimelineEntry = z.infer<typeof TimelineEntry>

/** A time limit in natural hours or days, or in working days of the statutory calendar. */
export const term = z.strictObject({ amount: z.int().min(1).max(3650), unit: z.enum(['hours', 'days', 'workdays']) })

export const phone = z.string().regex(/^1[3-9]\d{9}$/, { error: 'phone' })

/** How somebody without an account may be reached, where he wants to be; stored sealed. */
export const contact = z.strictObject({ name: text(30).optional(), phone: phone.optional() })
