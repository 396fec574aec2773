// Many rows at once, for packs and imports: same tables, same constraints, no step played one by one.
import type { Insertable, Kysely } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import type { CallbackTable, ClaimTable, DB, DemandTable, DispatchTable, TaskTable } from '#core/schema.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }
type Row<T> = Omit<Insertable<T>, 'district_id'>

const bulk =
  <T>(table: 'demand' | 'dispatch' | 'callback' | 'task' | 'claim') =>
  (tx: Conn, rows: readonly Row<T>[]) =>
    insertMany(
      tx.db,
      table,
      rows.map((r) => ({ district_id: tx.district, ...r })),
    )

export const insertDemands = bulk<DemandTable>('demand')
export const insertManyDispatches = bulk<DispatchTable>('dispatch')
export const insertCallbacks = bulk<CallbackTable>('callback')
export const insertTasks = bulk<TaskTable>('task')
export const insertClaims = bulk<ClaimTable>('claim')
