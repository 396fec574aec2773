import type { Context, Tx, WriteTx } from '#core/context.ts'
import { addDays } from '#core/calendar.ts'
import {
  type AddMembership,
  type AddPost,
  type AddStanding,
  type EndMembership,
  fail,
  type ListPostsQuery,
  type PostHeld,
  type TransferMember,
} from '../contract.ts'
import {
  closeMembership,
  closePost,
  closeStanding,
  endless,
  findFormalDuring,
  findGroup,
  findMemberships,
  findPostsHeld,
  getMembership,
  getPerson,
  getPost,
  getStanding,
  insertMemberships,
  insertPost,
  insertStandings,
  type PersonRecord,
  updatePerson,
} from '../store.ts'
import { organisationFor, unitFor } from './shared.ts'

const groupOf = async (tx: Tx, row: PersonRecord) => (await findGroup(tx, row.id)).map((g) => g.id)

/** A past day is entered late and that is all right (ENG-07); a day that has not come is not a fact yet. */
function mustBePast(tx: Tx, day: string, after = '1921-07-01') {
  if (day <= after || day > tx.today) throw fail('bad-day', { from: after, to: tx.today })
}

const same = (a: { unitId: string }, unitId: string) => a.unitId === unitId

/** One formal relation at a time, also across the doubles of one person, which the constraint cannot see. [BR-06] */
async function refuseSecondFormal(tx: Tx, group: readonly string[], from: string, kind: string) {
  const other = kind === 'formal' ? await findFormalDuring(tx, group, from) : undefined
  if (other) throw fail('formal-exists', { unit: other.unitName, from: other.from })
}

const moveHome = (
  tx: WriteTx,
  row: PersonRecord,
  unit: { id: string; path: string },
  set: { politics?: string } = {},
) => updatePerson(tx, row, { home_id: unit.id, home_path: unit.path, ...set })

const politicsOf = (status: 'full' | 'probationary') => (status === 'full' ? '01' : '02')

export const addMembership = (ctx: Context, personId: string, input: AddMembership): Promise<{ id: string }> =>
  ctx.write('person.write', 'membership.begin', async (tx) => {
    const row = await getPerson(tx, personId, { lock: true })
    const unit = await organisationFor(tx, 'person.write', input.unitId)
    // Taking somebody's formal relation is for those who keep his record; a functional one is for the organisation he joins.
    if (input.kind === 'formal') tx.must('person.write', row.home_path)
    mustBePast(tx, input.from)
    await refuseSecondFormal(tx, await groupOf(tx, row), input.from, input.kind)
    const [id] = await insertMemberships(tx, [
      {
        personId: row.id,
        unitId: unit.id,
        kind: input.kind,
        status: input.status,
        from: input.from,
        beginReason: input.reason,
      },
    ])
    if (input.kind === 'formal') await moveHome(tx, row, unit, { politics: politicsOf(input.status) })
    tx.record({
      subject: { kind: 'person', id: row.id },
      path: unit.path,
      change: { [input.kind]: [null, unit.id], status: [null, input.status], from: [null, input.from] },
    })
    return { id: id as string }
  })

/** Ends a relation with its reason; nothing is removed. [STAT-03] */
export const endMembership = (ctx: Context, id: string, input: EndMembership): Promise<{ id: string }> =>
  ctx.write('person.write', 'membership.end', async (tx) => {
    const row = await getMembership(tx, id)
    const person = await getPerson(tx, row.personId, { lock: true })
    tx.must('person.write', row.unitPath)
    if (row.to !== 'infinity') throw fail('tie-ended')
    mustBePast(tx, input.on, row.from)
    await closeMembership(tx, id, input.on, input.reason)
    tx.record({
      subject: { kind: 'person', id: person.id },
      path: row.unitPath,
      change: { [row.kind]: [row.unitId, null], until: [null, input.on] },
      reason: input.reason,
    })
    return { id }
  })

async function currentFormal(tx: Tx, person: PersonRecord, on: string) {
  const found = await findFormalDuring(tx, await groupOf(tx, person), on, addDays(on, 1))
  if (!found || found.to !== 'infinity') throw fail('no-formal')
  return found
}

/** Within the district: one relation ends and the next begins on the same day, so no day is without one and none has two. [TR-03] */
export const transferMember = (ctx: Context, personId: string, input: TransferMember): Promise<{ id: string }> =>
  ctx.write('person.write', 'membership.transfer', async (tx) => {
    const person = await getPerson(tx, personId, { lock: true })
    mustBePast(tx, input.on)
    const from = await currentFormal(tx, person, input.on)
    tx.must('person.write', from.unitPath)
    const unit = await organisationFor(tx, 'person.write', input.toId)
    if (same(from, unit.id)) throw fail('same-unit')
    mustBePast(tx, input.on, from.from)
    await closeMembership(tx, from.id, input.on, '173')
    const [id] = await insertMemberships(tx, [
      {
        personId: from.personId,
        unitId: unit.id,
        kind: 'formal',
        status: from.status,
        from: input.on,
        beginReason: '173',
      },
    ])
    await moveHome(tx, person, unit)
    tx.record({
      subject: { kind: 'person', id: person.id },
      path: unit.path,
      change: { formal: [from.unitId, unit.id], on: [null, input.on] },
    })
    return { id: id as string }
  })

/** 转正: the same relation continues under another status. */
export const confirmMember = (ctx: Context, personId: string, on: string): Promise<{ id: string }> =>
  ctx.write('person.write', 'membership.confirm', async (tx) => {
    const person = await getPerson(tx, personId, { lock: true })
    mustBePast(tx, on)
    const row = await currentFormal(tx, person, on)
    tx.must('person.write', row.unitPath)
    if (row.status !== 'probationary') throw fail('not-probationary')
    mustBePast(tx, on, row.from)
    await closeMembership(tx, row.id, on, 'status')
    const [id] = await insertMemberships(tx, [
      { personId: row.personId, unitId: row.unitId, kind: 'formal', status: 'full', from: on, beginReason: 'status' },
    ])
    await updatePerson(tx, person, { politics: '01', full_since: on })
    tx.record({
      subject: { kind: 'person', id: person.id },
      path: row.unitPath,
      change: { status: ['probationary', 'full'], on: [null, on] },
    })
    return { id: id as string }
  })

/** Who holds which post in the scope; a post ends with its day and is never removed. */
export const listPosts = (ctx: Context, query: ListPostsQuery): Promise<{ rows: PostHeld[]; total: number }> =>
  ctx.read('person.read', async (tx) => {
    const { rows, total } = await findPostsHeld(tx, query)
    return {
      total,
      rows: rows.map(({ unitPath: _, personId: __, holderId, to, ...row }) => ({
        ...row,
        personId: holderId,
        to: endless(to),
      })),
    }
  })

export const addPost = (ctx: Context, personId: string, input: AddPost): Promise<{ id: string }> =>
  ctx.write('person.write', 'post.begin', async (tx) => {
    const person = await getPerson(tx, personId)
    const unit = await unitFor(tx, 'person.write', input.unitId)
    mustBePast(tx, input.from)
    const id = await insertPost(tx, { personId: person.id, unitId: unit.id, title: input.title, from: input.from })
    tx.record({
      subject: { kind: 'person', id: person.id },
      path: unit.path,
      change: { post: [null, input.title], from: [null, input.from] },
    })
    return { id }
  })

export const endPost = (ctx: Context, id: string, on: string): Promise<{ id: string }> =>
  ctx.write('person.write', 'post.end', async (tx) => {
    const row = await getPost(tx, id)
    const person = await getPerson(tx, row.personId)
    tx.must('person.write', row.unitPath)
    if (row.to !== 'infinity') throw fail('tie-ended')
    mustBePast(tx, on, row.from)
    await closePost(tx, id, on)
    tx.record({
      subject: { kind: 'person', id: person.id },
      path: row.unitPath,
      change: { post: [row.title, null], until: [null, on] },
    })
    return { id }
  })

/** Suspends or changes a member's rights for a time: the kind and the days, never the case. [MEM-RIGHTS] */
export const addStanding = (ctx: Context, personId: string, input: AddStanding): Promise<{ id: string }> =>
  ctx.write('person.write', 'standing.begin', async (tx) => {
    const person = await getPerson(tx, personId, { lock: true })
    tx.must('person.write', person.home_path)
    mustBePast(tx, input.from)
    if (input.until && input.until <= input.from) throw fail('bad-day', { from: input.from, to: '' })
    const members = await findMemberships(tx, await groupOf(tx, person))
    if (!members.some((m) => m.kind === 'formal' && m.from <= input.from && m.to > input.from)) throw fail('no-formal')
    const [id] = await insertStandings(tx, [{ personId: person.id, ...input }])
    tx.record({
      subject: { kind: 'person', id: person.id },
      path: person.home_path,
      change: { standing: [null, input.kind], from: [null, input.from] },
    })
    return { id: id as string }
  })

export const endStanding = (ctx: Context, id: string, on: string): Promise<{ id: string }> =>
  ctx.write('person.write', 'standing.end', async (tx) => {
    const row = await getStanding(tx, id)
    const person = await getPerson(tx, row.personId, { lock: true })
    tx.must('person.write', person.home_path)
    if (row.to !== 'infinity' && row.to <= tx.today) throw fail('tie-ended')
    mustBePast(tx, on, row.from)
    await closeStanding(tx, id, on)
    tx.record({
      subject: { kind: 'person', id: person.id },
      path: person.home_path,
      change: { standing: [row.kind, null], until: [null, on] },
    })
    return { id }
  })
