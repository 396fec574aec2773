// Photographs of demands: sealed pictures, a row each.
import { type Insertable, type Kysely, sql } from 'kysely'
import type { DB, DemandPhotoTable } from '#core/schema.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

const columns = ['id', 'place', 'width', 'height', 'added_at as at', 'by_resident as byResident'] as const

/** Without the pictures. */
export const findPhotos = (tx: Conn, demandId: string) =>
  tx.db
    .selectFrom('demand_photo')
    .select(columns)
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .where('erased_at', 'is', null)
    .orderBy('place')
    .execute()

export const findPicture = (tx: Conn, demandId: string, id: string) =>
  tx.db
    .selectFrom('demand_photo')
    .select('place')
    .select((e) => e.ref('picture_sealed').$notNull().as('picture'))
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .where('id', '=', id)
    .where('picture_sealed', 'is not', null)
    .executeTakeFirst()

export const insertPhoto = (tx: Conn, row: Omit<Insertable<DemandPhotoTable>, 'district_id'>) =>
  tx.db
    .insertInto('demand_photo')
    .values({ ...row, district_id: tx.district })
    .execute()

/** What is kept of the demands of one place. */
export async function weighPhotos(tx: Conn, placeId: string): Promise<{ photos: number; bytes: number }> {
  const { rows } = await sql<{ photos: number; bytes: number }>`
    select count(*)::int as photos, coalesce(sum(p.size), 0)::float8 as bytes
    from demand_photo p join demand d on d.district_id = p.district_id and d.id = p.demand_id
    where p.district_id = ${tx.district} and p.erased_at is null and d.place_id = ${placeId}::uuid`.execute(tx.db)
  return rows[0] as { photos: number; bytes: number }
}

/** How much one place may keep; a district may set it. */
export async function findPhotoLimits(tx: Conn): Promise<{ photos?: unknown; bytes?: unknown }> {
  const { settings } = await tx.db
    .selectFrom('district')
    .select('settings')
    .where('id', '=', tx.district)
    .executeTakeFirstOrThrow()
  return (settings as { photos?: { photos?: unknown; bytes?: unknown } }).photos ?? {}
}

export const erasable = { table: 'demand_photo', at: 'erased_at', clears: ['picture_sealed'], marks: [] }

/** Those of one demand that `which` names; all of the resident's own where it does not. Tells how many went. */
export async function erasePhotos(tx: Conn, demandId: string, which: { id?: string; byResident?: true; at: string }) {
  const { numUpdatedRows } = await tx.db
    .updateTable('demand_photo')
    .set({ picture_sealed: null, erased_at: which.at, version: sql`version + 1` })
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .where('erased_at', 'is', null)
    .$if(which.id !== undefined, (q) => q.where('id', '=', which.id as string))
    .$if(which.byResident === true, (q) => q.where('by_resident', '=', true))
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

const old = (tx: Conn, mechanismId: string, before: string) => sql`
  from demand_photo p join demand d on d.district_id = p.district_id and d.id = p.demand_id
  where p.district_id = ${tx.district} and p.erased_at is null and d.mechanism_id = ${mechanismId} and d.closed_on <= ${before}::date`

/** Those of demands closed before `day`; tells of which demands. */
export async function eraseOldPhotos(
  tx: Conn,
  mechanismId: string,
  ask: { before: string; at: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ demand_id: string }>`
    update demand_photo set picture_sealed = null, erased_at = ${ask.at}, version = version + 1
    where district_id = ${tx.district} and erased_at is null and demand_id in (select distinct d.id ${old(tx, mechanismId, ask.before)} limit ${ask.limit})
    returning demand_id`.execute(tx.db)
  return [...new Set(rows.map((r) => r.demand_id))]
}

/** Photos that are kept longer than they may be. */
export async function countOldPhotos(tx: Conn, mechanismId: string, before: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n ${old(tx, mechanismId, before)}`.execute(tx.db)
  return rows[0]?.n ?? 0
}
