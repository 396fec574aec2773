import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely'
import type { Tx, WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { inRanges, type Range } from '#core/permissions.ts'
import type {
  CallbackTable,
  ClockChangeTable,
  DB,
  DispatchTable,
  EscalationTable,
  ExclusionTable,
  ReworkTable,
} from '#core/schema.ts'
import { notAgainst } from './demands.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }
export type DispatchRow = Selectable<DispatchTable>
export type CallbackRow = Selectable<CallbackTable>

export const insertDispatches = (tx: WriteTx, rows: readonly Omit<Insertable<DispatchTable>, 'district_id' | 'id'>[]) =>
  tx.last(tx.db.insertInto('dispatch').values(rows.map((r) => ({ ...r, district_id: tx.district, id: newId() }))))

export const findDispatches = (tx: Conn, demandId: string) =>
  tx.db
    .selectFrom('dispatch')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .orderBy('at')
    .orderBy('role')
    .execute()

export const markSigned = (tx: Conn, demandId: string, unitId: string, now: string) =>
  tx.db
    .updateTable('dispatch')
    .set({ signed_at: now })
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .where('unit_id', '=', unitId)
    .where('role', '=', 'lead')
    .where('ended_at', 'is', null)
    .where('signed_at', 'is', null)
    .execute()

export const markAnswered = (tx: WriteTx, demandId: string, now: string) =>
  tx.last(
    tx.db
      .updateTable('dispatch')
      .set({ answered_at: now })
      .where('district_id', '=', tx.district)
      .where('demand_id', '=', demandId)
      .where('role', '=', 'lead')
      .where('ended_at', 'is', null),
  )

export const insertCallback = (tx: WriteTx, row: Omit<Insertable<CallbackTable>, 'district_id' | 'id'>) =>
  tx.last(tx.db.insertInto('callback').values({ ...row, district_id: tx.district, id: newId() }))

export const findCallbacks = (tx: Conn, demandId: string) =>
  tx.db
    .selectFrom('callback')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .orderBy('at')
    .execute()

type New<T> = Omit<Insertable<T>, 'district_id' | 'id'>

/** The lead's dispatch in force. */
export const findLead = (tx: Conn, demandId: string) =>
  tx.db
    .selectFrom('dispatch')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .where('role', '=', 'lead')
    .where('ended_at', 'is', null)
    .executeTakeFirst()

export const findDispatch = (tx: Conn, demandId: string, id: string) =>
  tx.db
    .selectFrom('dispatch')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()

export const updateDispatch = (tx: Conn, id: string, set: Updateable<DispatchTable>) =>
  tx.db.updateTable('dispatch').set(set).where('district_id', '=', tx.district).where('id', '=', id).execute()

/** Ends what is in force: all of it, or the lead alone when another unit takes over. */
export const endDispatches = (tx: Conn, demandId: string, now: string, role?: 'lead') =>
  tx.db
    .updateTable('dispatch')
    .set({ ended_at: now })
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .where('ended_at', 'is', null)
    .$if(role !== undefined, (q) => q.where('role', '=', 'lead'))
    .execute()

/** The lead handles again: what he said before no longer counts as answered. */
export const handleAgain = (tx: Conn, demandId: string, dueAt: string) =>
  tx.db
    .updateTable('dispatch')
    .set({ answered_at: null, due_at: dueAt })
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .where('role', '=', 'lead')
    .where('ended_at', 'is', null)
    .execute()

export const moveLeadDue = (tx: Conn, demandId: string, dueAt: string | null) =>
  tx.db
    .updateTable('dispatch')
    .set({ due_at: dueAt })
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .where('role', '=', 'lead')
    .where('ended_at', 'is', null)
    .execute()

const inserter =
  <T>(table: 'clock_change' | 'rework' | 'escalation' | 'exclusion') =>
  async (tx: Conn, row: New<T>): Promise<string> => {
    const id = newId()
    await tx.db
      .insertInto(table)
      .values({ ...row, district_id: tx.district, id } as never)
      .execute()
    return id
  }

export const insertClockChange = inserter<ClockChangeTable>('clock_change')
export const insertRework = inserter<ReworkTable>('rework')
export const insertExclusion = inserter<ExclusionTable>('exclusion')

/** Each step of the ladder is told once per deadline, whoever runs the job how often. False when it was told before. */
export async function insertEscalation(tx: Conn, row: New<EscalationTable>): Promise<boolean> {
  const done = await tx.db
    .insertInto('escalation')
    .values({ ...row, district_id: tx.district, id: newId() })
    .onConflict((c) => c.columns(['district_id', 'demand_id', 'due_at', 'step']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return done !== undefined
}

export const findClockChanges = (tx: Conn, demandId: string) =>
  tx.db
    .selectFrom('clock_change')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .orderBy('at')
    .execute()

export const findRework = (tx: Conn, demandId: string) =>
  tx.db
    .selectFrom('rework')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .orderBy('round')
    .execute()

export const findEscalations = (tx: Conn, demandId: string) =>
  tx.db
    .selectFrom('escalation')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .orderBy('at')
    .execute()

export const findPendingExclusion = (tx: Conn, demandId: string) =>
  tx.db
    .selectFrom('exclusion')
    .selectAll()
    .where('district_id', '=', tx.district)
    .where('demand_id', '=', demandId)
    .where('decided_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()

export const updateExclusion = (tx: Conn, id: string, set: Updateable<ExclusionTable>) =>
  tx.db.updateTable('exclusion').set(set).where('district_id', '=', tx.district).where('id', '=', id).execute()

export const exclusions = (tx: Conn) =>
  tx.db
    .selectFrom('exclusion as x')
    .innerJoin('demand as d', (j) => j.onRef('d.district_id', '=', 'x.district_id').onRef('d.id', '=', 'x.demand_id'))
    .where('x.district_id', '=', tx.district)

export const exclusionColumns = [
  'x.id',
  'x.demand_id',
  'd.no',
  'x.ground',
  'x.reason',
  'x.asked_at',
  'x.asked_by',
  'x.asked_unit_id',
  'x.decided_at',
  'x.decided_unit_id',
  'x.decision_reason',
  'x.granted',
] as const

export const findExclusionsOf = (tx: Conn, demandId: string) =>
  exclusions(tx).select(exclusionColumns).where('x.demand_id', '=', demandId).orderBy('x.asked_at').execute()
export type ExclusionRow = Awaited<ReturnType<typeof findExclusionsOf>>[number]

/** Exclusions asked for below a unit, pending first. */
export async function findExclusions(
  tx: Tx,
  ask: { ranges: readonly Range[]; pending: boolean | null; limit: number; offset: number },
) {
  const base = () => {
    const q = exclusions(tx)
      .where(inRanges(ask.ranges, 'd.place_path'))
      .where((e) => notAgainst(tx, e.ref('d.report'), e.ref('d.about_id')))
    return ask.pending === null ? q : q.where('x.decided_at', ask.pending ? 'is' : 'is not', null)
  }
  const { n } = await base()
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  const rows = await base()
    .select(exclusionColumns)
    .orderBy(sql`x.decided_at is null desc, x.asked_at desc`)
    .limit(ask.limit)
    .offset(ask.offset)
    .execute()
  return { rows, total: n }
}
