import { type Selectable, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { visibleTo } from '#core/permissions.ts'
import type { ExportTable } from '#core/schema.ts'
import type { PathColumn } from '#modules/units/index.ts'
import type { ListExports } from './contract.ts'
import { type Limits, LIMITS } from './rules.ts'

export const pathColumns: readonly PathColumn[] = [{ table: 'export', column: 'unit_path', unitColumn: 'unit_id' }]

export type Stored = Selectable<ExportTable>

const isLimit = (n: unknown): n is number => typeof n === 'number' && Number.isInteger(n) && n >= 0

export async function limitsOf(tx: Tx): Promise<Limits> {
  const row = await tx.db
    .selectFrom('district')
    .select('settings')
    .where('id', '=', tx.district)
    .executeTakeFirstOrThrow()
  const { purpose, approval } = (row.settings as { exports?: Partial<Record<keyof Limits, unknown>> }).exports ?? {}
  return {
    purpose: isLimit(purpose) ? purpose : LIMITS.purpose,
    approval: isLimit(approval) ? approval : LIMITS.approval,
  }
}

/** Whoever asks for two files at once hears of them one after the other: the hour's sum is what it is. */
export const queueFor = (tx: Tx, accountId: string) =>
  sql`select pg_advisory_xact_lock(${tx.district}, hashtext(${`export ${accountId}`}))`.execute(tx.db)

/** Rows an account took since `since`, and those it may take any moment. */
export async function rowsSince(tx: Tx, accountId: string, since: string): Promise<number> {
  const { rows } = await tx.db
    .selectFrom('export')
    .select((e) => e.fn.coalesce(e.fn.sum<string>('rows'), sql<string>`0`).as('rows'))
    .where('district_id', '=', tx.district)
    .where('account_id', '=', accountId)
    .where((e) =>
      e.or([
        e.and([e('state', '=', 'taken'), e('taken_at', '>', since)]),
        // what another person approved stands on his word
        e.and([e('state', '=', 'granted'), e('until', '>', tx.now), e('decided_by', 'is', null)]),
      ]),
    )
    .executeTakeFirstOrThrow()
  return Number(rows)
}

export const insertExport = (tx: Tx, row: Omit<Stored, 'district_id' | 'decided_by' | 'decided_at' | 'note'>) =>
  tx.db
    .insertInto('export')
    .values({ ...row, district_id: tx.district })
    .execute()

export const changeExport = (tx: Tx, id: string, change: Partial<Omit<Stored, 'district_id' | 'id'>>) =>
  tx.db.updateTable('export').set(change).where('district_id', '=', tx.district).where('id', '=', id).execute()

const exports_ = (tx: Tx) =>
  tx.db
    .selectFrom('export as e')
    .innerJoin('account as a', (j) => j.onRef('a.district_id', '=', 'e.district_id').onRef('a.id', '=', 'e.account_id'))
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'e.district_id').onRef('u.id', '=', 'e.unit_id'))
    .leftJoin('account as b', (j) => j.onRef('b.district_id', '=', 'e.district_id').onRef('b.id', '=', 'e.decided_by'))
    .selectAll('e')
    .select(['a.name as askedBy', 'a.person_id as personId', 'u.name as unitName', 'b.name as decidedByName'])
    .where('e.district_id', '=', tx.district)

export type ExportRow = Awaited<ReturnType<ReturnType<typeof exports_>['execute']>>[number]

/** One of the asker’s own, its row held. */
export const findOwn = (tx: Tx, id: string, accountId: string): Promise<ExportRow | undefined> =>
  exports_(tx).where('e.id', '=', id).where('e.account_id', '=', accountId).forUpdate('e').executeTakeFirst()

/** One that the asker may approve, its row held. */
export const findToDecide = (tx: Tx, id: string): Promise<ExportRow | undefined> =>
  exports_(tx)
    .where('e.id', '=', id)
    .where('e.purpose', '<>', '')
    .where(visibleTo(tx.actor, 'export.approve', 'e.unit_path'))
    .forUpdate('e')
    .executeTakeFirst()

export async function findExports(tx: Tx, query: ListExports, accountId: string) {
  const inBox = exports_(tx)
    .where('e.purpose', '<>', '')
    .where((e) =>
      query.box === 'all' || query.box === 'waiting'
        ? visibleTo(tx.actor, 'export.approve', 'e.unit_path')
        : e('e.account_id', '=', accountId),
    )
  const q =
    query.box === 'waiting'
      ? inBox
          .where('e.state', '=', 'waiting')
          .where('e.until', '>', tx.now)
          .where('e.account_id', '<>', accountId)
          .where((e) => e.or([e('a.person_id', 'is', null), e('a.person_id', 'is distinct from', tx.actor.personId)]))
      : inBox
  const { total } = await q
    .clearSelect()
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await q
    .orderBy('e.asked_at', query.box === 'waiting' ? 'asc' : 'desc')
    .orderBy('e.id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { total, rows }
}
