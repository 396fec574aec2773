import { type Kysely, type RawBuilder, type Selectable, sql, type Updateable } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import type { Tx } from '#core/context.ts'
import { newId, takeNumbers } from '#core/ids.ts'
import type { Range } from '#core/permissions.ts'
import type { DB, PersonTable } from '#core/schema.ts'
import { fail, type ListPersonsQuery } from '../contract.ts'
import type { SealedColumns } from '../sealed.ts'
import { coverAll, keysWithin, visiblePerson } from './visible.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

export interface NewPerson {
  id?: string
  name: string
  sex: '0' | '1' | '2' | '9'
  born: string | null
  nation?: string | null
  politics: string
  education?: string | null
  occupation?: string
  joined?: string | null
  fullSince?: string | null
  pinyin: string
  strokeKey: string
  homeId: string
  homePath: string
  sealed?: Partial<SealedColumns>
  idClash?: boolean
  importId?: string | null
}

const nothingSealed: SealedColumns = {
  id_sealed: null,
  id_index: null,
  id_tail: null,
  phone_sealed: null,
  phone_index: null,
  phone_tail: null,
  address_sealed: null,
}

/** Inserts persons; numbers are taken densely for distinct counting. */
export async function insertPersons(
  tx: Conn,
  now: string,
  persons: readonly NewPerson[],
): Promise<{ id: string; no: number }[]> {
  if (persons.length === 0) return []
  const first = await takeNumbers(tx.db, tx.district, 'person', persons.length)
  const rows = persons.map((p, i) => ({
    district_id: tx.district,
    id: p.id ?? newId(),
    no: first + i,
    name: p.name,
    sex: p.sex,
    born: p.born,
    nation: p.nation ?? null,
    politics: p.politics,
    education: p.education ?? null,
    occupation: p.occupation ?? '',
    joined: p.joined ?? null,
    full_since: p.fullSince ?? null,
    pinyin: p.pinyin,
    stroke_key: p.strokeKey,
    home_id: p.homeId,
    home_path: p.homePath,
    ...nothingSealed,
    ...p.sealed,
    id_clash: p.idClash ?? false,
    import_id: p.importId ?? null,
    version: 1,
    created_at: now,
  }))
  await insertMany(tx.db, 'person', rows)
  return rows.map(({ id, no }) => ({ id, no }))
}

export type PersonRecord = Selectable<PersonTable>

/** The record that stands for `id`, loaded through what the actor may see. @throws person.not-found */
export async function getPerson(
  tx: Tx,
  id: string,
  options: { verb?: string; lock?: boolean } = {},
): Promise<PersonRecord> {
  const { rows } = await sql<PersonRecord>`
    select w.* from person p join person w on w.district_id = p.district_id and w.id = p.key_id
    where p.district_id = ${tx.district} and p.id = ${id} and w.withdrawn_at is null and ${visiblePerson(tx, options.verb ?? 'person.read')}
    ${options.lock ? sql`for update of w` : sql``}`.execute(tx.db)
  const [row] = rows
  if (!row) throw fail('not-found')
  return row
}

/** One row as it is, whether or not another stands for it; locked. */
export const findRow = (tx: Conn, id: string): Promise<PersonRecord | undefined> =>
  tx.db
    .selectFrom('person')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()

/** The record that stands for the person of an account; his own data need no verb. */
export async function findOwnPerson(tx: Tx, lock = false): Promise<PersonRecord | undefined> {
  const { rows } = await sql<PersonRecord>`
    select w.* from person p join person w on w.district_id = p.district_id and w.id = p.key_id
    where p.district_id = ${tx.district} and p.id = ${tx.actor.personId}::uuid and w.withdrawn_at is null ${lock ? sql`for update of w` : sql``}`.execute(
    tx.db,
  )
  return rows[0]
}

/** Every row of one person: the record and its doubles. */
export const findGroup = (tx: Conn, keyId: string) =>
  tx.db
    .selectFrom('person')
    .select(['id', 'name', 'merged_into'])
    .where('district_id', '=', tx.district)
    .where('key_id', '=', keyId)
    .orderBy('no')
    .execute()

/** Holders of an ID number, visible or not; doubles answer with the record that stands for them. */
export async function findByIdIndex(
  tx: Tx,
  indexes: readonly Buffer[],
): Promise<{ id: string; name: string; homeName: string | null; idIndex: Buffer; visible: boolean }[]> {
  if (indexes.length === 0) return []
  const { rows } = await sql<{ id: string; name: string; homeName: string | null; idIndex: Buffer; visible: boolean }>`
    select w.id, w.name, u.name as "homeName", p.id_index as "idIndex", ${visiblePerson(tx, 'person.read')} as visible
    from person p join person w on w.district_id = p.district_id and w.id = p.key_id
    left join unit u on u.district_id = w.district_id and u.id = w.home_id
    where p.district_id = ${tx.district} and p.id_index = any(${indexes}::bytea[]) and p.withdrawn_at is null and w.withdrawn_at is null`.execute(
    tx.db,
  )
  return rows
}

/** @throws person.not-found when somebody else has changed it since `version` was read */
export async function updatePerson(
  tx: Conn,
  row: { id: string; version: number },
  set: Updateable<PersonTable>,
): Promise<boolean> {
  const done = await tx.db
    .updateTable('person')
    .set({ ...set, version: row.version + 1 })
    .where('district_id', '=', tx.district)
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

export interface PersonListed {
  id: string
  name: string
  sex: '0' | '1' | '2' | '9'
  born: string | null
  politics: string
  id_sealed: Buffer | null
  phone_sealed: Buffer | null
  joined: string | null
  homeId: string | null
  homeName: string | null
  homePath: string
  branch: string | null
  status: 'full' | 'probationary' | null
  registeredAt: string | null
}

const formalToday = (tx: Tx, more: RawBuilder<unknown>) => sql`
  from membership m join person g on g.district_id = m.district_id and g.id = m.person_id
  where g.district_id = p.district_id and g.key_id = p.key_id and m.kind = 'formal' and m.voided_at is null
    and m.valid_from <= ${tx.today}::date and m.valid_to > ${tx.today}::date ${more}`

export const plainly = (search: string) => search.replace(/[\\%_]/g, '\\$&').toLowerCase()

/** SQL: row `p` is called so, in Chinese, pinyin or initials. [5.9] */
export function calledSo(search: string): RawBuilder<boolean> {
  const words = plainly(search)
  if (!/^[a-z ]+$/.test(words)) return sql<boolean>`p.name like ${`%${words}%`}`
  const key = words.replaceAll(' ', '')
  return sql<boolean>`(p.pinyin like ${`${key}%`} or p.pinyin like ${`% ${key}%`} or lower(p.name) like ${`%${words}%`})`
}

/** SQL: row `p` is called so, or a number of his ends so. */
export const matchOf = (tx: Tx, search: string): RawBuilder<boolean> => {
  const words = plainly(search)
  if (/^\d{3}[\dx]$/.test(words)) {
    const tails = (purpose: string) => tx.vault.blindIndexes(purpose, words.toUpperCase())
    return sql<boolean>`(p.id_tail = any(${tails('id-tail')}::bytea[]) or p.phone_tail = any(${tails('phone-tail')}::bytea[]))`
  }
  return calledSo(search)
}

async function whereOf(tx: Tx, query: ListPersonsQuery, ranges: readonly Range[]): Promise<RawBuilder<boolean>> {
  const parts: RawBuilder<unknown>[] = [
    sql`p.district_id = ${tx.district}`,
    sql`p.merged_into is null`,
    sql`p.withdrawn_at is null`,
  ]
  if (!(await coverAll(tx, ranges))) parts.push(sql`p.id in (${keysWithin(tx, ranges)})`)
  if (query.search) parts.push(matchOf(tx, query.search))
  if (query.politics) parts.push(sql`p.politics = ${query.politics}`)
  if (query.status === 'none') parts.push(sql`not exists (select 1 ${formalToday(tx, sql``)})`)
  else if (query.status) parts.push(sql`exists (select 1 ${formalToday(tx, sql`and m.status = ${query.status}`)})`)
  return sql<boolean>`${sql.join(parts, sql` and `)}`
}

const orders = {
  strokes: sql`p.stroke_key, p.id`,
  pinyin: sql`p.pinyin collate "C", p.stroke_key, p.id`,
  joined: sql`p.joined nulls last, p.stroke_key, p.id`,
}

const columns = sql`p.id, p.name, p.sex, p.born, p.politics, p.id_sealed, p.phone_sealed, p.joined, p.home_id as "homeId", p.home_path as "homePath",
  (select u.name from unit u where u.district_id = p.district_id and u.id = p.home_id) as "homeName"`

type Bare = Omit<PersonListed, 'branch' | 'status' | 'registeredAt'>

/** Adds today's organisation and community: asked once for the whole page, so no plan can go wrong per row. */
async function withTies(tx: Tx, rows: readonly Bare[]): Promise<PersonListed[]> {
  const ids = rows.map((r) => r.id)
  const formal = await sql<{ key: string; branch: string; status: 'full' | 'probationary' }>`
    select g.key_id as key, u.name as branch, m.status from person g join membership m on m.district_id = g.district_id and m.person_id = g.id
    join unit u on u.district_id = m.district_id and u.id = m.unit_id
    where g.district_id = ${tx.district} and g.key_id = any(${ids}::uuid[]) and m.kind = 'formal' and m.voided_at is null
      and m.valid_from <= ${tx.today}::date and m.valid_to > ${tx.today}::date`.execute(tx.db)
  const active = await sql<{ key: string; place: string }>`
    select g.key_id as key, u.name as place from person g join registration r on r.district_id = g.district_id and r.person_id = g.id
    join unit u on u.district_id = r.district_id and u.id = r.place_id
    where g.district_id = ${tx.district} and g.key_id = any(${ids}::uuid[]) and r.ended_on is null`.execute(tx.db)
  const branches = new Map(formal.rows.map((r) => [r.key, r]))
  const places = new Map(active.rows.map((r) => [r.key, r.place]))
  return rows.map((r) => ({
    ...r,
    branch: branches.get(r.id)?.branch ?? null,
    status: branches.get(r.id)?.status ?? null,
    registeredAt: places.get(r.id) ?? null,
  }))
}

export async function findPersons(
  tx: Tx,
  query: ListPersonsQuery,
  ranges: readonly Range[],
): Promise<{ rows: PersonListed[]; total: number }> {
  const where = await whereOf(tx, query, ranges)
  const counted = await sql<{ n: number }>`select count(*) as n from person p where ${where}`.execute(tx.db)
  const { rows } = await sql<Bare>`select ${columns} from person p where ${where}
    order by ${orders[query.sort ?? 'strokes']} limit ${query.limit ?? 50} offset ${query.offset ?? 0}`.execute(tx.db)
  return { rows: await withTies(tx, rows), total: counted.rows[0]?.n ?? 0 }
}

/** Visible persons with this number or phone. */
export async function findByNumber(
  tx: Tx,
  wanted: { idNumber?: string | undefined; phone?: string | undefined },
): Promise<PersonListed[]> {
  const ids = wanted.idNumber ? tx.vault.blindIndexes('id-number', wanted.idNumber) : []
  const phones = wanted.phone ? tx.vault.blindIndexes('phone', wanted.phone) : []
  const { rows } = await sql<Bare>`
    select ${columns} from person p where p.district_id = ${tx.district} and p.merged_into is null and p.withdrawn_at is null
      and p.id in (select g.key_id from person g where g.district_id = ${tx.district} and (g.id_index = any(${ids}::bytea[]) or g.phone_index = any(${phones}::bytea[])))
      and ${visiblePerson(tx, 'person.read')} order by p.stroke_key, p.id limit 50`.execute(tx.db)
  return withTies(tx, rows)
}

/** SQL: what stands for one human being, for counting distinct persons over rows that carry `alias`.person's row. */
export const personKey = (alias: string): RawBuilder<string> => sql<string>`${sql.ref(`${alias}.key_id`)}`

/** Which record stands for each of these. */
export async function winnerOf(tx: Conn, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.db
    .selectFrom('person')
    .select(['id', 'key_id'])
    .where('district_id', '=', tx.district)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
  return new Map(rows.map((r) => [r.id, r.key_id]))
}
