// Talent records with their dated steps, events and targets; terms of office.
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { inRanges, visibleTo } from '#core/permissions.ts'
import {
  type ListTalentEventsQuery,
  type ListTalentsQuery,
  type ListTargetsQuery,
  type Milestone,
  type PlanTalentEvent,
  type RecordTenure,
  type SetTarget,
  type Talent,
  talentFail as fail,
} from '../contract.ts'
import { calledSo, plainly } from './persons.ts'
import { orExplain } from './ties.ts'
import { wishedRanges } from './visible.ts'

export interface TalentRow {
  id: string
  mechanismId: string
  mechanismName: string
  form: Talent['form']
  personId: string | null
  name: string
  holderId: string
  holderName: string
  path: string
  level: string
  field: string
  route: string
  channel: string
  targetYear: number
  state: string
  wishSealed: Buffer | null
  consentAt: string | null
  withdrawnAt: string | null
  version: number
}

const talents = (tx: Tx) =>
  tx.db
    .selectFrom('talent as t')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 't.district_id').onRef('u.id', '=', 't.holder_id'))
    .leftJoin('person as g', (j) => j.onRef('g.district_id', '=', 't.district_id').onRef('g.id', '=', 't.person_id'))
    .leftJoin('person as p', (j) => j.onRef('p.district_id', '=', 'g.district_id').onRef('p.id', '=', 'g.key_id'))
    .innerJoin('mechanism as m', (j) =>
      j.onRef('m.district_id', '=', 't.district_id').onRef('m.id', '=', 't.mechanism_id'),
    )
    .where('t.district_id', '=', tx.district)
    .where(visibleTo(tx.actor, 'talent.read', 'u.path'))
    .select([
      't.id',
      't.mechanism_id as mechanismId',
      'm.name as mechanismName',
      'p.id as personId',
      't.holder_id as holderId',
      'u.name as holderName',
    ])
    .select([
      'u.path',
      't.level',
      't.field',
      't.route',
      't.channel',
      't.target_year as targetYear',
      't.state',
      't.version',
    ])
    .select(['t.wish_sealed as wishSealed', 't.consent_at as consentAt', 't.withdrawn_at as withdrawnAt'])
    .select([sql<Talent['form']>`t.form`.as('form'), sql<string>`coalesce(p.name, t.title)`.as('name')])

const orders = {
  recorded: sql`t.recorded_at desc, t.id`,
  name: sql`p.pinyin collate "C" nulls last, t.title, t.id`,
  '-name': sql`p.pinyin collate "C" desc nulls last, t.title desc, t.id`,
  year: sql`t.target_year, t.recorded_at desc, t.id`,
  '-year': sql`t.target_year desc, t.recorded_at desc, t.id`,
}

/** SQL: holder `u` is the wished unit, below it, or a place it serves; true where none is wished. */
const within = async (tx: Tx, unitId: string | undefined): Promise<RawBuilder<boolean>> =>
  inRanges(await wishedRanges(tx, 'talent.read', unitId), 'u.path')

export async function findTalents(tx: Tx, query: ListTalentsQuery): Promise<{ rows: TalentRow[]; total: number }> {
  let q = talents(tx)
  if (query.mechanism) q = q.where('t.mechanism_id', '=', query.mechanism)
  if (query.year) q = q.where('t.target_year', '=', query.year)
  if (query.state) q = q.where('t.state', '=', query.state)
  if (query.form) q = q.where('t.form', '=', query.form)
  if (query.unit) q = q.where(await within(tx, query.unit))
  if (query.search)
    q = q.where(sql<boolean>`(${calledSo(query.search)} or t.title like ${`%${plainly(query.search)}%`})`)
  const { n } = await q
    .clearSelect()
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  const rows = await q
    .orderBy(orders[query.sort ?? 'recorded'])
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}

/** Loaded through what the asker may see. @throws talent.not-found */
export async function getTalent(tx: Tx, id: string, options: { lock?: boolean } = {}): Promise<TalentRow> {
  const one = talents(tx).where('t.id', '=', id)
  const row = await (options.lock ? one.forUpdate('t') : one).executeTakeFirst()
  if (!row) throw fail('not-found')
  return row
}

export const findSteps = (tx: Tx, talentIds: readonly string[]) =>
  tx.db
    .selectFrom('talent_step')
    .select([
      'talent_id as talentId',
      'state',
      sql<Milestone>`milestone`.as('milestone'),
      'happened_on as on',
      'days',
      'note',
    ])
    .where('district_id', '=', tx.district)
    .where('talent_id', '=', sql<string>`any(${[...talentIds]}::uuid[])`)
    .orderBy('happened_on')
    .orderBy('recorded_at')
    .execute()

export interface NewTalent {
  id: string
  mechanismId: string
  form: Talent['form']
  personId: string | null
  title: string
  holderId: string
  level: string
  field: string
  route: string
  channel: string
  targetYear: number
  state: string
  wishSealed: Buffer | null
  consentAt: string | null
}

/** @throws talent.already-recorded when another has just been made for the same person and year */
export async function insertTalent(tx: Tx, t: NewTalent): Promise<void> {
  try {
    await tx.db
      .insertInto('talent')
      .values({
        district_id: tx.district,
        id: t.id,
        mechanism_id: t.mechanismId,
        form: t.form,
        person_id: t.personId,
        title: t.title,
        holder_id: t.holderId,
        level: t.level,
        field: t.field,
        route: t.route,
        channel: t.channel,
        target_year: t.targetYear,
        state: t.state,
        wish_sealed: t.wishSealed,
        consent_at: t.consentAt,
        recorded_at: tx.now,
      })
      .execute()
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'talent_once') throw fail('already-recorded')
    throw error
  }
}

/** Under any row of the same person. */
export async function isRecorded(
  tx: Tx,
  mechanismId: string,
  year: number,
  personIds: readonly string[],
): Promise<boolean> {
  const row = await tx.db
    .selectFrom('talent')
    .select('id')
    .where('district_id', '=', tx.district)
    .where('mechanism_id', '=', mechanismId)
    .where('target_year', '=', year)
    .where('withdrawn_at', 'is', null)
    .where('person_id', '=', sql<string>`any(${[...personIds]}::uuid[])`)
    .executeTakeFirst()
  return row !== undefined
}

export interface NewStep {
  talentId: string
  state: string
  milestone: Milestone
  on: string
  days: number
  note: string
}

export async function insertStep(tx: Tx, s: NewStep): Promise<void> {
  await tx.db
    .insertInto('talent_step')
    .values({
      district_id: tx.district,
      id: newId(),
      talent_id: s.talentId,
      state: s.state,
      milestone: s.milestone,
      happened_on: s.on,
      days: s.days,
      note: s.note,
      recorded_at: tx.now,
      actor_id: tx.actor.accountId,
    })
    .execute()
}

export const erasable = {
  table: 'talent',
  at: 'wish_erased_at',
  clears: ['wish_sealed'],
  marks: ['withdrawn_at', 'consent_at'],
}

export const setTalent = (
  tx: Tx,
  row: TalentRow,
  set: { state?: string; wish_sealed?: null; wish_erased_at?: string; withdrawn_at?: string; consent_at?: null },
) =>
  tx.db
    .updateTable('talent')
    .set({ ...set, version: row.version + 1 })
    .where('district_id', '=', tx.district)
    .where('id', '=', row.id)
    .execute()

export async function putTarget(tx: Tx, t: SetTarget): Promise<string> {
  const row = await tx.db
    .insertInto('talent_target')
    .values({
      district_id: tx.district,
      id: newId(),
      mechanism_id: t.mechanismId,
      holder_id: t.holderId,
      year: t.year,
      amount: t.amount,
    })
    .onConflict((c) =>
      c.columns(['district_id', 'mechanism_id', 'holder_id', 'year']).doUpdateSet({ amount: t.amount }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

/** Who arrived under the target's mechanism in its year, at its holder and below; each person once. */
const reached = sql<number>`(select count(distinct coalesce(g.key_id, a.id)) from talent a
  join unit h on h.district_id = a.district_id and h.id = a.holder_id
  left join person g on g.district_id = a.district_id and g.id = a.person_id
  where a.district_id = t.district_id and a.mechanism_id = t.mechanism_id and a.withdrawn_at is null and a.form = 'person'
    and h.path >= u.path and h.path < left(u.path, -1) || '/'
    and exists (select from talent_step s where s.district_id = a.district_id and s.talent_id = a.id and s.milestone = 'arrived'
      and s.happened_on >= make_date(t.year, 1, 1) and s.happened_on < make_date(t.year + 1, 1, 1)))`

export async function findTargets(tx: Tx, query: ListTargetsQuery) {
  let q = tx.db
    .selectFrom('talent_target as t')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 't.district_id').onRef('u.id', '=', 't.holder_id'))
    .where('t.district_id', '=', tx.district)
    .where(await within(tx, query.unit))
  if (query.mechanism) q = q.where('t.mechanism_id', '=', query.mechanism)
  if (query.year) q = q.where('t.year', '=', query.year)
  const { n } = await q.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  const rows = await q
    .select(['t.id', 't.mechanism_id as mechanismId', 't.holder_id as holderId', 'u.name as holderName', 'u.path'])
    .select(['t.year', 't.amount', reached.as('reached')])
    .orderBy('t.year', 'desc')
    .orderBy('u.path')
    .orderBy('t.mechanism_id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}

const events = (tx: Tx) =>
  tx.db
    .selectFrom('talent_event as e')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'e.district_id').onRef('u.id', '=', 'e.holder_id'))
    .where('e.district_id', '=', tx.district)
    .where(visibleTo(tx.actor, 'talent.read', 'u.path'))
    .select(['e.id', 'e.mechanism_id as mechanismId', 'e.holder_id as holderId', 'u.name as holderName', 'u.path'])
    .select(['e.kind', 'e.title', 'e.place', 'e.planned_on as plannedOn', 'e.held_on as heldOn', 'e.posts'])

export async function findTalentEvents(tx: Tx, query: ListTalentEventsQuery) {
  let q = events(tx)
  if (query.mechanism) q = q.where('e.mechanism_id', '=', query.mechanism)
  if (query.unit) q = q.where(await within(tx, query.unit))
  if (query.held !== undefined) q = q.where('e.held_on', query.held ? 'is not' : 'is', null)
  const { n } = await q
    .clearSelect()
    .select((e) => e.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  const rows = await q
    .orderBy('e.planned_on', 'desc')
    .orderBy('e.id')
    .limit(query.limit ?? 50)
    .offset(query.offset ?? 0)
    .execute()
  return { rows, total: n }
}

/** @throws talent.not-found */
export async function getTalentEvent(tx: Tx, id: string) {
  const row = await events(tx).where('e.id', '=', id).forUpdate('e').executeTakeFirst()
  if (!row) throw fail('not-found')
  return row
}

export async function insertTalentEvent(tx: Tx, e: PlanTalentEvent): Promise<string> {
  const id = newId()
  await tx.db
    .insertInto('talent_event')
    .values({
      district_id: tx.district,
      id,
      mechanism_id: e.mechanismId,
      holder_id: e.holderId,
      kind: e.kind,
      title: e.title,
      place: e.place ?? '',
      planned_on: e.plannedOn,
    })
    .execute()
  return id
}

export const holdTalentEvent = (tx: Tx, id: string, on: string, posts: number) =>
  tx.db
    .updateTable('talent_event')
    .set({ held_on: on, posts })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()

export async function insertTenure(tx: Tx, personId: string, t: RecordTenure): Promise<string> {
  const id = newId()
  await orExplain(
    tx.db
      .insertInto('tenure')
      .values({
        district_id: tx.district,
        id,
        mechanism_id: t.mechanismId,
        person_id: personId,
        unit_id: t.unitId,
        role: t.role,
        term: t.term,
        basis: t.basis,
        valid_from: t.from,
      })
      .execute(),
  )
  return id
}

export const findTenure = (tx: Tx, id: string) =>
  tx.db
    .selectFrom('tenure as t')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 't.district_id').onRef('u.id', '=', 't.unit_id'))
    .where('t.district_id', '=', tx.district)
    .where('t.id', '=', id)
    .select([
      't.id',
      't.person_id as personId',
      't.mechanism_id as mechanismId',
      't.role',
      'u.path',
      't.valid_from as from',
      't.valid_to as to',
    ])
    .forUpdate('t')
    .executeTakeFirst()

export const closeTenure = (tx: Tx, id: string, on: string) =>
  tx.db
    .updateTable('tenure')
    .set({ valid_to: on })
    .where('district_id', '=', tx.district)
    .where('id', '=', id)
    .execute()
