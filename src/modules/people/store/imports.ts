// Rosters on their way in: judged rows wait sealed until they are committed, and what came of them can be withdrawn as one.
import { type Kysely, type Selectable, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { inRanges, type Range } from '#core/permissions.ts'
import type { DB, PeopleImportTable } from '#core/schema.ts'
import { fail, type ImportResult, type ImportState, type ListPeopleImportsQuery } from '../contract.ts'
import { visiblePerson } from './visible.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }
/** `kept`: the uploaded rows are still there. */
export type ImportRow = Selectable<PeopleImportTable> & { kept: boolean }

const SLICE = 5000

export function* slices<T>(list: readonly T[], size = SLICE): Generator<T[]> {
  for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size)
}

/** Party organisations of these kinds within the ranges that stand today: where a roster may put people. */
export const findBranches = (tx: Tx, ranges: readonly Range[], kinds: readonly string[]) =>
  tx.db
    .selectFrom('unit')
    .select(['id', 'name', 'code', 'path', 'kind'])
    .where('district_id', '=', tx.district)
    .where('tree', '=', 'org')
    .where('kind', '=', sql<string>`any(${kinds})`)
    .where((e) => e.or([e('closed_on', 'is', null), e('closed_on', '>', tx.today)]))
    .where(inRanges(ranges, 'path'))
    .orderBy('path')
    .execute()

export interface Holder {
  personId: string
  idIndex: string
  name: string
  homePath: string
  visible: boolean
  formalUnitId: string | null
  formalUnitName: string | null
}

/** Who holds these numbers already, with the formal relation of today or the next to come. */
export async function findHolders(tx: Tx, indexes: readonly Buffer[]): Promise<Holder[]> {
  const found: Holder[] = []
  for (const some of slices(indexes)) {
    const holders = await sql<Omit<Holder, 'formalUnitId' | 'formalUnitName'>>`
      select w.id as "personId", encode(p.id_index, 'hex') as "idIndex", w.name, w.home_path as "homePath", ${visiblePerson(tx, 'person.read')} as visible
      from person p join person w on w.district_id = p.district_id and w.id = p.key_id
      where p.district_id = ${tx.district} and p.id_index = any(${some}::bytea[]) and p.withdrawn_at is null and w.withdrawn_at is null`.execute(
      tx.db,
    )
    const keys = holders.rows.map((h) => h.personId)
    const formal = await sql<{ key: string; id: string; name: string }>`
      select g.key_id as key, m.unit_id as id, u.name from person g join membership m on m.district_id = g.district_id and m.person_id = g.id
      join unit u on u.district_id = m.district_id and u.id = m.unit_id
      where g.district_id = ${tx.district} and g.key_id = any(${keys}::uuid[]) and m.kind = 'formal' and m.voided_at is null and m.valid_to > ${tx.today}::date
      order by m.valid_from desc`.execute(tx.db)
    const relations = new Map(formal.rows.map((f) => [f.key, f]))
    found.push(
      ...holders.rows.map((h) => ({
        ...h,
        formalUnitId: relations.get(h.personId)?.id ?? null,
        formalUnitName: relations.get(h.personId)?.name ?? null,
      })),
    )
  }
  return found
}

export interface NewImport {
  id: string
  unitPath: string
  fileName: string
  sha256: Buffer
  memberFrom: string
  counts: unknown
}

export async function insertImport(tx: Tx, made: NewImport, parts: readonly Buffer[]): Promise<void> {
  await tx.db
    .insertInto('people_import')
    .values({
      district_id: tx.district,
      id: made.id,
      account_id: tx.actor.accountId as string,
      unit_path: made.unitPath,
      file_name: made.fileName,
      sha256: made.sha256,
      member_from: made.memberFrom,
      state: 'checked',
      counts: JSON.stringify(made.counts),
      result: '{}',
      checked_at: tx.now,
    })
    .execute()
  for (const [part, sealed] of parts.entries())
    await tx.db
      .insertInto('people_import_part')
      .values({ district_id: tx.district, import_id: made.id, part, sealed })
      .execute()
}

const ownImports = (tx: Tx) =>
  tx.db
    .selectFrom('people_import as i')
    .where('i.district_id', '=', tx.district)
    .where('i.account_id', '=', tx.actor.accountId)

const kept = sql<boolean>`exists (select from people_import_part p where p.district_id = i.district_id and p.import_id = i.id)`

/** One's own import. @throws person.import-not-found */
export async function getImport(tx: Tx, id: string, lock = false): Promise<ImportRow> {
  const q = ownImports(tx).selectAll('i').select(kept.as('kept')).where('i.id', '=', id)
  const row = await (lock ? q.forUpdate('i') : q).executeTakeFirst()
  if (!row) throw fail('import-not-found')
  return row
}

/** An import on its way into the base, whoever asked for it. */
export async function findCommitting(
  tx: Conn,
  { id, begun }: { id: string; begun: string },
  lock = false,
): Promise<{ account_id: string; unit_path: string } | undefined> {
  const q = tx.db
    .selectFrom('people_import')
    .select(['account_id', 'unit_path'])
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .where('state', '=', 'committing')
    .where(sql<boolean>`result->>'begun' = ${begun}`)
  return (lock ? q.forUpdate() : q).executeTakeFirst()
}

/** One's own imports, newest first. */
export async function findImports(
  tx: Tx,
  query: ListPeopleImportsQuery,
): Promise<{ rows: ImportRow[]; total: number }> {
  let q = ownImports(tx)
  if (query.state) q = q.where('i.state', '=', query.state)
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .selectAll('i')
    .select(kept.as('kept'))
    .orderBy('i.checked_at', 'desc')
    .orderBy('i.id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total }
}

export const findParts = (tx: Conn, importId: string) =>
  tx.db
    .selectFrom('people_import_part')
    .select(['part', 'sealed'])
    .where('district_id', '=', tx.district)
    .where('import_id', '=', importId)
    .orderBy('part')
    .execute()

export const moveImport = (
  tx: Conn,
  id: string,
  { result, ...set }: { state: ImportState; committed_at?: string; undone_at?: string; result?: ImportResult },
) =>
  tx.db
    .updateTable('people_import')
    .set({ ...set, ...(result ? { result: JSON.stringify(result) } : {}) })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()

/** The uploaded rows of one import go at once. */
export const dropParts = (tx: Conn, importId: string) =>
  tx.db
    .deleteFrom('people_import_part')
    .where('district_id', '=', tx.district)
    .where('import_id', '=', importId)
    .execute()

/** Rows of rosters older than `before` go; what was imported stays. [PRV-04] */
export const purgeParts = (tx: Conn, before: string) =>
  sql`delete from people_import_part where district_id = ${tx.district}
    and import_id in (select id from people_import where district_id = ${tx.district} and checked_at < ${before}::timestamptz)`.execute(
    tx.db,
  )

/** Persons an import put on record or gave a relation, and whether the record is its own. */
export async function findImported(
  tx: Conn,
  importId: string,
): Promise<{ id: string; name: string; own: boolean; changed: boolean }[]> {
  const { rows } = await sql<{ id: string; name: string; own: boolean; changed: boolean }>`
    select p.id, p.name, p.import_id is not distinct from ${importId}::uuid as own, p.version > 1 or p.merged_into is not null as changed
    from person p where p.district_id = ${tx.district} and p.withdrawn_at is null and p.import_id = ${importId}
    union all select p.id, p.name, false, false from membership m join person p on p.district_id = m.district_id and p.id = m.person_id
    where m.district_id = ${tx.district} and m.import_id = ${importId} and m.voided_at is null and m.valid_to = 'infinity' and p.import_id is distinct from ${importId}::uuid`.execute(
    tx.db,
  )
  return rows
}

/** Tells the planner at once what a bulk of rows did to the tables; without it lists crawl until the server notices by itself. */
export const refreshStatistics = (tx: Conn) => sql`select refresh_people_statistics()`.execute(tx.db)

/** Takes back what an import made of these persons: ties are void, records of its own are withdrawn. Nothing is deleted. [IMP-6, STAT-03] */
export async function withdraw(tx: Tx, importId: string, personIds: readonly string[]): Promise<void> {
  for (const ids of slices(personIds)) {
    const mine = sql`district_id = ${tx.district} and import_id = ${importId}`
    await sql`update membership set voided_at = ${tx.now} where ${mine} and person_id = any(${ids}::uuid[])`.execute(
      tx.db,
    )
    await sql`update standing set voided_at = ${tx.now} where ${mine} and person_id = any(${ids}::uuid[])`.execute(
      tx.db,
    )
    await sql`update person set withdrawn_at = ${tx.now}, version = version + 1 where ${mine} and id = any(${ids}::uuid[])`.execute(
      tx.db,
    )
  }
}

/** Persons whose record now hangs where the roster says. */
export async function settleHomes(
  tx: Conn,
  homes: readonly { personId: string; unitId: string; path: string; politics: string }[],
): Promise<void> {
  for (const some of slices(homes)) {
    await sql`update person p set home_id = h.unit_id, home_path = h.path, politics = h.politics, version = p.version + 1
      from jsonb_to_recordset(${JSON.stringify(some.map((h) => ({ id: h.personId, unit_id: h.unitId, path: h.path, politics: h.politics })))}::jsonb) as h (id uuid, unit_id uuid, path text, politics text)
      where p.district_id = ${tx.district} and p.id = h.id`.execute(tx.db)
  }
}
