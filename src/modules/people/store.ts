import { type Kysely, type RawBuilder, sql } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import { newId, takeNumbers } from '#core/ids.ts'
import type { DB } from '#core/schema.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export interface NewPerson {
  id?: string
  name: string
  sex: '0' | '1' | '2' | '9'
  born: string | null
  politics: string
  pinyin: string
  strokeKey: string
  homeId: string
  homePath: string
}

/** Inserts persons without sealed fields; numbers are taken densely for distinct counting. */
export async function insertPersons(tx: Conn, now: string, persons: readonly NewPerson[]): Promise<{ id: string; no: number }[]> {
  if (persons.length === 0) return []
  const first = await takeNumbers(tx.db, tx.district, 'person', persons.length)
  const rows = persons.map((p, i) => ({
    district_id: tx.district,
    id: p.id ?? newId(),
    no: first + i,
    name: p.name,
    sex: p.sex,
    born: p.born,
    nation: '01',
    politics: p.politics,
    pinyin: p.pinyin,
    stroke_key: p.strokeKey,
    home_id: p.homeId,
    home_path: p.homePath,
    version: 1,
    created_at: now,
  }))
  await insertMany(tx.db, 'person', rows)
  return rows.map(({ id, no }) => ({ id, no }))
}

export interface NewRegistration {
  personId: string
  placeId: string
  placePath: string
  organ: string
  reportedOn: string
  confirmedOn: string | null
}

export async function insertRegistrations(tx: Conn, rows: readonly NewRegistration[]): Promise<string[]> {
  const ready = rows.map((r) => ({
    district_id: tx.district,
    id: newId(),
    person_id: r.personId,
    place_id: r.placeId,
    place_path: r.placePath,
    organ: r.organ,
    skills: [],
    reported_on: r.reportedOn,
    confirmed_on: r.confirmedOn,
  }))
  await insertMany(tx.db, 'registration', ready)
  return ready.map((r) => r.id)
}

/** SQL: paths of the places where a person is reported and confirmed today; used by access to grant a member's verbs there. */
export const registeredPlaces = (personId: string, district: number, today: string): RawBuilder<unknown> => sql`
  select r.place_id, u.path from registration r join unit u on u.district_id = r.district_id and u.id = r.place_id
  where r.district_id = ${district} and r.person_id = ${sql.ref(personId)} and r.confirmed_on <= ${today}::date and (r.ended_on is null or r.ended_on > ${today}::date)`
