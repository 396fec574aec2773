import type { Insertable, Kysely, Selectable } from 'kysely'
import { newId } from '#core/ids.ts'
import type { CallbackTable, DB, DispatchTable } from '#core/schema.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }
export type DispatchRow = Selectable<DispatchTable>
export type CallbackRow = Selectable<CallbackTable>

export const insertDispatches = (tx: Conn, rows: readonly Omit<Insertable<DispatchTable>, 'district_id' | 'id'>[]) =>
  tx.db
    .insertInto('dispatch')
    .values(rows.map((r) => ({ ...r, district_id: tx.district, id: newId() })))
    .execute()

export const findDispatches = (tx: Conn, demandId: string) =>
  tx.db.selectFrom('dispatch').selectAll().where('district_id', '=', tx.district).where('demand_id', '=', demandId).orderBy('at').orderBy('role').execute()

export const markSigned = (tx: Conn, demandId: string, unitId: string, now: string) =>
  tx.db
    .updateTable('dispatch')
    .set({ signed_at: now })
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .where('unit_id', '=', unitId)
    .where('ended_at', 'is', null)
    .where('signed_at', 'is', null)
    .execute()

export const markAnswered = (tx: Conn, demandId: string, now: string) =>
  tx.db
    .updateTable('dispatch')
    .set({ answered_at: now })
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .where('role', '=', 'lead')
    .where('ended_at', 'is', null)
    .execute()

export const insertCallback = (tx: Conn, row: Omit<Insertable<CallbackTable>, 'district_id' | 'id'>) =>
  tx.db
    .insertInto('callback')
    .values({ ...row, district_id: tx.district, id: newId() })
    .execute()

export const findCallbacks = (tx: Conn, demandId: string) =>
  tx.db.selectFrom('callback').selectAll().where('district_id', '=', tx.district).where('demand_id', '=', demandId).orderBy('at').execute()
