// Pure decisions: what of a page's address may be kept, which function it belongs to, which clock runs, who may still speak.
import { addMonths, chinaCalendar, deadline, type Instant, millisOf, type Term } from '#core/calendar.ts'
import { type FeedbackState, fail, filed } from './contract.ts'

/** The first pages of both faces stand for themselves, not for everything below them. */
const roots = new Set(['/console', '/m'])
const belongs = (page: string, to: string) => page === to || (!roots.has(to) && page.startsWith(`${to}/`))

/**
 * The kind of a page and its function. Of an address only a filed page's own name is kept: what follows it — ids, plates, codes —
 * may lead to a person and becomes `:id`.
 */
export function pageOf(address: string): { page: string; face: 'console' | 'phone'; functionId: string } {
  const path = address.length > 1 ? address.replace(/\/+$/, '') : address
  const face = belongs(path, '/console') || path.startsWith('/console/') ? 'console' : 'phone'
  const known = filed
    .flatMap((f) => f.pages.map((page) => ({ page, functionId: f.id })))
    .filter((f) => belongs(path, f.page))
    .toSorted((a, b) => b.page.length - a.page.length)[0]
  if (!known) return { page: face === 'console' ? '/console' : '/m', face, functionId: 'own' }
  return { page: known.page === path ? path : `${known.page}/:id`, face, functionId: known.functionId }
}

export const functionName = (id: string) => filed.find((f) => f.id === id)?.name ?? id

/** The function a route belongs to, by the first part of its path, in whatever form the answer comes; null where it is not filed yet. */
export const functionOfPath = (path: string) =>
  filed.find((f) => f.api.includes(/^\/([^/.]*)/.exec(path)?.[1] ?? '')) ?? null

export const replyDue = (from: Instant, term: Term) => deadline(chinaCalendar, from, term)

export const isLate = (dueAt: string | null, now: string) => dueAt !== null && millisOf(now) > millisOf(dueAt)

/** Contacts last spoken with before this day are erased. */
export const erasedBefore = (today: string, months: number) => addMonths(today, -months)

/** Once by the sender about each answer; words again make it answerable, and rateable, again. */
export function mayRate(state: FeedbackState): void {
  if (state === 'waiting') throw fail('not-rateable')
  if (state === 'rated') throw fail('rated-already')
}

export const MOST_WORDS = 10

export function mayAdd(spoken: number): void {
  if (spoken >= MOST_WORDS) throw fail('said-enough', { most: MOST_WORDS - 1 })
}
