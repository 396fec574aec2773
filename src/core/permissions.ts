// Permission is a verb at a unit: its subtree, or the places its organisation serves. One function decides, one yields the
// SQL predicate; both read the same grants, so a list, a count, a sum, a search and a single row cannot disagree (trust C-2).
import { type RawBuilder, sql } from 'kysely'
import { fail } from './errors.ts'

/** Half-open range of paths: a unit and everything below it. */
export interface Range {
  from: string
  to: string
}

export interface Grant {
  role: string
  unitId: string
  verbs: readonly string[]
  ranges: readonly Range[]
}

export interface Actor {
  kind: 'person' | 'resident' | 'system'
  accountId: string | null
  personId: string | null
  name: string
  grants: readonly Grant[]
  /** Instant of the last full proof (password and, where needed, second factor). */
  provedAt: string | null
  /** Signed in with a first or expired password: may change it and nothing else. */
  mustChange?: boolean
  /** The session's last use was noted over a minute ago. */
  stale?: boolean
}

/** Paths end with '.', and '/' follows '.' in C collation: `a.b.` … `a.b/` is the unit and its subtree. */
export const subtree = (path: string): Range => ({ from: path, to: `${path.slice(0, -1)}/` })

const isIn = (range: Range, path: string) => path >= range.from && path < range.to

/** The unit at `path` is the one at `top` or below it. */
export const within = (path: string, top: string) => isIn(subtree(top), path)

const grantsOf = (actor: Actor, verb: string) => actor.grants.filter((g) => g.verbs.includes(verb))

/** True when the actor holds the verb at a unit above or at `path`. Deny by default. */
export function can(actor: Actor, verb: string, path: string): boolean {
  return actor.kind === 'system' || grantsOf(actor, verb).some((g) => g.ranges.some((r) => isIn(r, path)))
}

/** True when any mandate of the actor reaches `path`, whatever it lets him do there. */
export const reaches = (actor: Actor, path: string) =>
  actor.kind === 'system' || actor.grants.some((g) => g.ranges.some((r) => isIn(r, path)))

/** True when the actor holds the verb anywhere. */
export const canAnywhere = (actor: Actor, verb: string) => actor.kind === 'system' || grantsOf(actor, verb).length > 0

const everything: Range = { from: '', to: '~' }

/** Units at which, not only above which, the actor holds the verb. */
export const unitsOf = (actor: Actor, verb: string) => grantsOf(actor, verb).map((g) => g.unitId)

/** The ranges in which the actor holds the verb: sorted, with ranges inside others dropped. */
export function rangesOf(actor: Actor, verb: string): Range[] {
  if (actor.kind === 'system') return [everything]
  const all = grantsOf(actor, verb)
    .flatMap((g) => g.ranges)
    .toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.to > b.to ? -1 : 1))
  const kept: Range[] = []
  for (const range of all) {
    const last = kept.at(-1)
    if (!last || range.from >= last.to) kept.push(range)
    else if (range.to > last.to) kept[kept.length - 1] = { from: last.from, to: range.to }
  }
  return kept
}

/** SQL: `column` lies in one of the ranges. No range, no row. */
export function inRanges(ranges: readonly Range[], column: string): RawBuilder<boolean> {
  if (ranges.length === 0) return sql<boolean>`false`
  const parts = ranges.map((r) => sql`(${sql.ref(column)} >= ${r.from} and ${sql.ref(column)} < ${r.to})`)
  return sql<boolean>`(${sql.join(parts, sql` or `)})`
}

/** The WHERE of everything the actor may see with `verb`. */
export const visibleTo = (actor: Actor, verb: string, column: string) => inRanges(rangesOf(actor, verb), column)

/** Cuts a wished-for range to what the actor may see. */
export function cut(actor: Actor, verb: string, wish: Range): Range[] {
  return rangesOf(actor, verb).flatMap((r) => {
    const from = r.from > wish.from ? r.from : wish.from
    const to = r.to < wish.to ? r.to : wish.to
    return from < to ? [{ from, to }] : []
  })
}

/** Throws 403 when the actor lacks the verb at `path`; the caller has loaded the row through what the actor may see. */
export function must(actor: Actor, verb: string, path: string): void {
  if (!can(actor, verb, path)) throw fail('forbidden', { verb })
}

/** The subset of `verbs` the actor may use at `path`; rides in answers as `can`. */
export const allowed = (actor: Actor, verbs: readonly string[], path: string) =>
  verbs.filter((v) => can(actor, v, path))
