import type { Tx } from '#core/context.ts'
import { fail as coreFail } from '#core/errors.ts'
import { newId } from '#core/ids.ts'
import { visibleTo } from '#core/permissions.ts'
import type { UnitNow } from '#modules/units/index.ts'
import { fail, type ListManuscripts, type ManuscriptState, Template } from '../contract.ts'

export interface ManuscriptRow {
  id: string
  mechanismId: string
  unitId: string
  unitName: string
  path: string
  period: string
  tree: 'day' | 'today'
  title: string
  content: Template
  state: ManuscriptState
  authorId: string
  author: string
  createdAt: string
  changedAt: string
  publishedOn: string | null
  documentId: string | null
  version: number
}

const seen = (tx: Tx) =>
  tx.db
    .selectFrom('manuscript as m')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'm.district_id').onRef('u.id', '=', 'm.unit_id'))
    .where('m.district_id', '=', tx.district)
    .where(visibleTo(tx.actor, 'report.read', 'm.unit_path'))

const columns = [
  'm.id',
  'm.mechanism_id as mechanismId',
  'm.unit_id as unitId',
  'u.name as unitName',
  'm.unit_path as path',
  'm.period',
  'm.tree',
  'm.title',
  'm.content',
  'm.state',
  'm.author_id as authorId',
  'm.author',
  'm.created_at as createdAt',
  'm.changed_at as changedAt',
  'm.published_on as publishedOn',
  'm.document_id as documentId',
  'm.version',
] as const

const rowOf = (row: unknown) => {
  const found = row as ManuscriptRow
  return { ...found, content: Template.parse(found.content) }
}

export async function findManuscripts(tx: Tx, query: ListManuscripts) {
  let q = seen(tx)
  if (query.state) q = q.where('m.state', '=', query.state)
  if (query.mechanism) q = q.where('m.mechanism_id', '=', query.mechanism)
  if (query.search) q = q.where('m.title', 'like', `%${query.search.replace(/[\\%_]/g, '\\$&')}%`)
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await q
    .select(columns)
    .orderBy('m.changed_at', 'desc')
    .orderBy('m.id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { total, rows: rows.map(rowOf) }
}

/** @throws report.not-found */
export async function getManuscript(tx: Tx, id: string, lock = false): Promise<ManuscriptRow> {
  const q = seen(tx).where('m.id', '=', id).select(columns)
  const row = await (lock ? q.forUpdate('m') : q).executeTakeFirst()
  if (!row) throw fail('not-found')
  return rowOf(row)
}

export const insertManuscript = (
  tx: Tx,
  row: Pick<ManuscriptRow, 'id' | 'mechanismId' | 'period' | 'tree' | 'content'>,
  unit: Pick<UnitNow, 'id' | 'path'>,
) =>
  tx.db
    .insertInto('manuscript')
    .values({
      district_id: tx.district,
      id: row.id,
      mechanism_id: row.mechanismId,
      unit_id: unit.id,
      unit_path: unit.path,
      period: row.period,
      tree: row.tree,
      title: row.content.title,
      content: JSON.stringify(row.content),
      state: 'drafted',
      author_id: tx.actor.accountId as string,
      author: tx.actor.name,
      created_at: tx.now,
      changed_at: tx.now,
    })
    .execute()

interface Sets {
  state?: ManuscriptState
  content?: Template
  period?: string
  tree?: 'day' | 'today'
  unit?: Pick<UnitNow, 'id' | 'path'>
  publishedOn?: string
  documentId?: string
  figures?: number
}

/** @throws core.stale when somebody else was quicker */
export async function updateManuscript(tx: Tx, { id, version }: { id: string; version: number }, sets: Sets) {
  const { content, unit, ...more } = sets
  const done = await tx.db
    .updateTable('manuscript')
    .set({
      changed_at: tx.now,
      version: version + 1,
      ...(more.state ? { state: more.state } : {}),
      ...(content ? { content: JSON.stringify(content), title: content.title } : {}),
      ...(more.period ? { period: more.period } : {}),
      ...(more.tree ? { tree: more.tree } : {}),
      ...(unit ? { unit_id: unit.id, unit_path: unit.path } : {}),
      ...(more.publishedOn ? { published_on: more.publishedOn } : {}),
      ...(more.documentId ? { document_id: more.documentId, figures: more.figures ?? 0 } : {}),
    })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  if (Number(done.numUpdatedRows) === 0) throw coreFail('stale')
}

export const insertStep = (tx: Tx, manuscriptId: string, state: ManuscriptState, note: string) =>
  tx.db
    .insertInto('manuscript_step')
    .values({
      district_id: tx.district,
      id: newId(),
      manuscript_id: manuscriptId,
      state,
      account_id: tx.actor.accountId as string,
      actor: tx.actor.name,
      at: tx.now,
      note,
    })
    .execute()

export async function findSteps(tx: Tx, manuscriptId: string) {
  const rows = await tx.db
    .selectFrom('manuscript_step')
    .select(['state', 'actor as by', 'at', 'note'])
    .where('district_id', '=', tx.district)
    .where('manuscript_id', '=', manuscriptId)
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows as { state: ManuscriptState; by: string; at: string; note: string }[]
}
