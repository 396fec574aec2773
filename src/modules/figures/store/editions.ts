import { sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import type { Counted } from '#core/facts.ts'
import { visibleTo } from '#core/permissions.ts'
import type { PathColumn } from '#modules/units/index.ts'
import { namedOf, type Question } from '../compile.ts'
import { differenceOf } from '../compile/restate.ts'
import { type EditionBody, type EditionRow, fail, type ListEditions } from '../contract.ts'

type Conn = Pick<Tx, 'db' | 'district'>

export type StoredEdition = Omit<EditionRow, 'unit' | 'hash' | 'can'> & {
  unitId: string
  unitName: string
  path: string
  preparedId: string
  hash: Buffer
  signature: Buffer | null
  body: string
}

const seen = (tx: Tx) =>
  tx.db
    .selectFrom('edition as e')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'e.district_id').onRef('u.id', '=', 'e.unit_id'))
    .where('e.district_id', '=', tx.district)
    .where(visibleTo(tx.actor, 'figure.read', 'e.unit_path'))

const columns = [
  'e.id',
  'e.no',
  'e.title',
  'e.unit_id as unitId',
  'u.name as unitName',
  'e.unit_path as path',
  'e.state',
  'e.as_of as asOf',
  'e.prepared_by as preparedBy',
  'e.prepared_id as preparedId',
  'e.prepared_at as preparedAt',
  'e.signed_by as signedBy',
  'e.signed_at as signedAt',
  'e.hash',
  'e.signature',
  'e.body',
] as const

export async function findEditions(tx: Tx, query: ListEditions) {
  let q = seen(tx)
  if (query.state) q = q.where('e.state', '=', query.state)
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .select(columns)
    .orderBy('e.no', 'desc')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { total, rows: rows as StoredEdition[] }
}

/** @throws figure.edition-not-found */
export async function getEdition(tx: Tx, id: string, lock = false): Promise<StoredEdition> {
  const q = seen(tx).where('e.id', '=', id).select(columns)
  const row = await (lock ? q.forUpdate('e') : q).executeTakeFirst()
  if (!row) throw fail('edition-not-found')
  return row as StoredEdition
}

/** The next number of an edition of this district; taken under the lock of its counter, so none is lost or doubled. */
export async function nextEditionNo(tx: Tx): Promise<number> {
  const { rows } = await sql<{ value: number }>`
    insert into counter (district_id, name, value) values (${tx.district}, 'edition-no', 1)
    on conflict (district_id, name) do update set value = counter.value + 1 returning value`.execute(tx.db)
  return rows[0]?.value ?? 1
}

export const insertEdition = (tx: Tx, of: { body: EditionBody; text: string; hash: Buffer; path: string }) =>
  tx.db
    .insertInto('edition')
    .values({
      district_id: tx.district,
      id: of.body.id,
      no: of.body.no,
      title: of.body.title,
      unit_id: of.body.unit.id,
      unit_path: of.path,
      state: 'prepared',
      as_of: of.body.asOf,
      body: of.text,
      hash: of.hash,
      prepared_by: of.body.preparedBy,
      prepared_id: tx.actor.accountId as string,
      prepared_at: of.body.preparedAt,
    })
    .execute()

export const signStored = (tx: Tx, id: string, signature: Buffer) =>
  tx.db
    .updateTable('edition')
    .set({
      state: 'signed',
      signature,
      signed_by: tx.actor.name,
      signed_id: tx.actor.accountId as string,
      signed_at: tx.now,
    })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()

export const dropStored = (tx: Tx, id: string) =>
  tx.db
    .updateTable('edition')
    .set({ state: 'dropped' })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()

/** An edition's copy of its unit's path follows the unit. */
export const pathColumns: readonly PathColumn[] = [{ table: 'edition', column: 'unit_path', unitColumn: 'unit_id' }]

export interface Difference {
  record: string
  label: string
  page: string | null
  day: string | null
  unitId: string
  unitName: string
  before: number
  after: number
  body: string | null
}

/** The records that make the difference, with the newest history entry that touched them since; and the sum over all of them. */
export async function findDifference(
  tx: Conn,
  m: Counted,
  of: { signed: Question; now: Question },
  page: { limit: number; offset: number },
) {
  const all = differenceOf(m, of.signed, of.now)
  const since = of.signed.known
  const sums = await sql<{ total: number; difference: number }>`
    select count(*)::float8 as total, coalesce(sum(after - before), 0)::float8 as difference from (${all}) d`.execute(
    tx.db,
  )
  const { rows } = await sql<Difference>`
    with page as materialized (select * from (${all}) a order by day desc nulls last, record limit ${page.limit} offset ${page.offset}),
    named as materialized (${namedOf(m, tx.district)} where l.record = any((select array_agg(record) from page)::uuid[]))
    select p.record, coalesce(l.label, '') as label, l.page, p.day, u.id as "unitId", u.name as "unitName", p.before, p.after,
      (select h.body from history h where h.district_id = ${tx.district} and h.work = (
        select max(greatest(case when r.known_from > ${since}::timestamptz then r.work end, r.ended_work))
        from fact_row r where r.district_id = ${tx.district} and r.fact = ${of.now.fact} and r.record = p.record
          and (r.known_from > ${since}::timestamptz or r.known_to > ${since}::timestamptz and r.known_to < 'infinity')) limit 1) as body
    from page p join unit u on u.district_id = ${tx.district} and u.no = p.unit left join named l on l.record = p.record
    order by p.day desc nulls last, p.record`.execute(tx.db)
  const units = await sql<{ unitId: string; unitName: string; change: number }>`
    select u.id as "unitId", u.name as "unitName", d.change from (select unit, sum(after - before)::float8 as change from (${all}) a group by unit) d
      join unit u on u.district_id = ${tx.district} and u.no = d.unit where d.change <> 0 order by abs(d.change) desc, u.name limit 200`.execute(
    tx.db,
  )
  return { ...(sums.rows[0] ?? { total: 0, difference: 0 }), rows, units: units.rows }
}
