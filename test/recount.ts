// A recount in plain TypeScript: reads the tables where things were recorded and counts on its fingers. It knows nothing of ledgers,
// paths, indexes or sums that are kept; the property tests of figures hold every number against it.
import type pg from 'pg'

export interface Row {
  record: string
  unit: string
  day: string
  until: string | null
  person: string | null
  quantity: number
  words: Record<string, string>
}

interface Version {
  from: string
  to: string
  parent: string | null
  kind: string
}

/** Everything of one district as it stands in the tables at this moment. */
export interface Books {
  today: string
  units: Map<string, { versions: Version[]; opened: string; closed: string | null; heirs: string[] }>
  persons: Map<string, { key: string; sex: string; born: string | null }>
  facts: Record<string, Row[]>
}

export async function openBooks(db: pg.Client, district: number, today: string): Promise<Books> {
  const rows = async (text: string) => (await db.query(text, [district])).rows as Record<string, any>[]
  const units: Books['units'] = new Map()
  for (const u of await rows(
    'select id, opened_on::text as opened, closed_on::text as closed from unit where district_id = $1',
  ))
    units.set(u['id'], { versions: [], opened: u['opened'], closed: u['closed'], heirs: [] })
  for (const v of await rows(
    'select unit_id, valid_from::text as from, valid_to::text as to, parent_id as parent, kind from unit_version where district_id = $1 order by valid_from',
  ))
    units.get(v['unit_id'])?.versions.push(v as unknown as Version)
  for (const s of await rows(
    'select unit_id, successor_id, effective_on::text as on from unit_successor where district_id = $1',
  )) {
    const unit = units.get(s['unit_id'])
    if (unit?.closed === s['on']) unit?.heirs.push(s['successor_id'])
  }
  const persons: Books['persons'] = new Map()
  for (const p of await rows(
    'select id, coalesce(merged_into, id) as key, sex, born::text as born from person where district_id = $1',
  ))
    persons.set(p['id'], p as never)
  const row = (r: Record<string, any>): Row => ({
    record: r['record'],
    unit: r['unit'],
    day: r['day'],
    until: r['until'] ?? null,
    person: r['person'] ? (persons.get(r['person'])?.key ?? null) : null,
    quantity: Number(r['quantity'] ?? 1),
    words: r['words'] ?? {},
  })
  const of = async (text: string) => (await rows(text)).map(row)
  const claims = `from claim c join task t on t.district_id = c.district_id and t.id = c.task_id where c.district_id = $1`
  return {
    today,
    units,
    persons,
    facts: {
      'demands.claims': await of(
        `select c.id as record, c.place_id as unit, c.claimed_on::text as day, c.person_id as person, json_build_object('category', t.category, 'state', c.state) as words ${claims} and c.state not in ('withdrawn', 'waiting')`,
      ),
      'demands.services': await of(
        `select c.id as record, c.place_id as unit, c.accepted_on::text as day, c.person_id as person, c.minutes as quantity, json_build_object('category', t.category) as words ${claims} and c.state = 'accepted'`,
      ),
      'demands.demands': await of(
        `select id as record, place_id as unit, opened_on::text as day, json_build_object('category', category, 'state', state, 'channel', channel) as words from demand where district_id = $1 and merged_into is null`,
      ),
      'people.registrations': await of(
        `select id as record, place_id as unit, confirmed_on::text as day, ended_on::text as until, person_id as person, json_build_object('organ', organ) as words from registration where district_id = $1 and confirmed_on is not null`,
      ),
    },
  }
}

const on = (versions: readonly Version[], day: string) =>
  versions.find((v) => v.from <= day && (v.to === 'infinity' || day < v.to))

/** The unit and those above it on a day, innermost first. */
export function lineOf(books: Books, id: string, day: string): string[] {
  const line: string[] = []
  let at: string | null = id
  while (at !== null && !line.includes(at)) {
    const unit = books.units.get(at)
    if (!unit) return line
    line.push(at)
    // before it opened it stands below its first parent, wherever that is then
    const version = on(unit.versions, day < unit.opened ? unit.opened : day)
    if (version) at = version.parent
    else at = unit.heirs.length === 1 ? (unit.heirs[0] as string) : (unit.versions.at(-1)?.parent ?? null)
  }
  return line
}

export function kindOf(books: Books, id: string, day: string): string {
  const versions = books.units.get(id)?.versions ?? []
  return (on(versions, day) ?? (day < (versions[0]?.from ?? '') ? versions[0] : versions.at(-1)))?.kind ?? ''
}

const months = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))

/** In whole years, by months; null where nobody knows when the person was born. */
export function ageOf(books: Books, row: Row, day: string): number | null {
  const born = row.person && books.persons.get(row.person)?.born
  return born ? Math.floor((months(day) - months(born)) / 12) : null
}

export const sexOf = (books: Books, { person }: Row) => (person && books.persons.get(person)?.sex) || ''

export interface Asked {
  fact: string
  aggregate: 'count' | 'persons' | 'units' | 'sum' | 'average' | 'first' | 'last'
  moment?: 'end' | 'start' | 'begun' | 'ended' | undefined
  where?: ((row: Row, age: number | null, sex: string) => boolean) | undefined
  unit: string
  from: string
  to: string
  /** day, today, or a date */
  tree: string
  /** splits rows: a key, or null where the row is in no part */
  by?: (row: Row, at: { line: string[]; day: string }) => string
}

const dayBefore = (day: string) => {
  const d = new Date(`${day}T00:00:00Z`)
  d.setUTCDate(d.getUTCDate() - 1)
  return d.toISOString().slice(0, 10)
}

/** The rows that count, each with the units above it and the day it is placed by. */
export function rowsOf(books: Books, q: Asked): { row: Row; line: string[]; day: string }[] {
  const stock = q.fact === 'people.registrations'
  const flow = !stock || q.moment === 'begun' || q.moment === 'ended'
  const read = q.moment === 'start' ? dayBefore(q.from) : q.to
  return (books.facts[q.fact] ?? [])
    .filter((r) => {
      if (!flow) return r.day <= read && (r.until === null || r.until > read)
      const day = q.moment === 'ended' ? r.until : r.day
      return day !== null && day >= q.from && day <= q.to
    })
    .map((row) => {
      const own = flow ? (q.moment === 'ended' ? dayBefore(row.until as string) : row.day) : read
      const day = q.tree === 'day' ? own : q.tree === 'today' ? books.today : q.tree
      return { row, line: lineOf(books, row.unit, day), day: own, placed: day }
    })
    .filter(
      ({ row, line, day }) =>
        line.includes(q.unit) && (q.where?.(row, ageOf(books, row, day), sexOf(books, row)) ?? true),
    )
}

function value(aggregate: Asked['aggregate'], rows: readonly Row[]): number | null {
  if (aggregate === 'count') return rows.length
  if (aggregate === 'persons') return new Set(rows.flatMap((r) => r.person ?? [])).size
  if (aggregate === 'units') return new Set(rows.map((r) => r.unit)).size
  const total = (some: readonly Row[]) => some.reduce((sum, r) => sum + r.quantity, 0)
  if (aggregate === 'sum') return total(rows)
  if (aggregate === 'average') return rows.length === 0 ? null : Math.round((total(rows) * 10) / rows.length) / 10
  const units = Map.groupBy(rows, (r) => r.unit)
  const order = (a: Row, b: Row) => (a.day === b.day ? (a.record < b.record ? -1 : 1) : a.day < b.day ? -1 : 1)
  return total([...units.values()].map((own) => own.toSorted(order).at(aggregate === 'first' ? 0 : -1) as Row))
}

export const recount = (books: Books, q: Asked): number | null =>
  value(
    q.aggregate,
    rowsOf(books, q).map((r) => r.row),
  )

/** By part; parts without rows are absent. */
export function recountBy(books: Books, q: Asked): Record<string, number> {
  const groups = Map.groupBy(rowsOf(books, q), (r) => q.by?.(r.row, r) ?? '')
  return Object.fromEntries(
    [...groups].flatMap(([key, rows]) => {
      const n = value(
        q.aggregate,
        rows.map((r) => r.row),
      )
      return n === null || n === 0 ? [] : [[key, n]]
    }),
  )
}
