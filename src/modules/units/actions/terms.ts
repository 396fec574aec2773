// 届次: an election is recorded, its day is moved with the superior's word, lights tell what is due. [BR-11, BR-12]
import { daysBetween } from '#core/calendar.ts'
import type { Context, Tx } from '#core/context.ts'
import { can } from '#core/permissions.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import {
  type AskShift,
  type DecideShift,
  fail as unitFail,
  Light,
  type ListShiftsQuery,
  type ListTermsQuery,
  type RecordElection,
  registerVerbs,
  termFail as fail,
  type TermRow,
  type TermShift,
  type UnitTerm,
  type UnitTerms,
} from '../contract.ts'
import { engine } from '../engine.ts'
import { mustHaveCome } from '../rules/register.ts'
import { dueAfter, lightOf, mustBeWithinYear, mustFit, yearsOf } from '../rules/terms.ts'
import { getUnitFor } from '../store/reach.ts'
import {
  closeShift,
  countDue,
  type ElectingRow,
  endTermOn,
  findElecting,
  findElections,
  findShifts,
  findShiftsOf,
  findTermsOf,
  getShift,
  getTerm,
  insertShift,
  insertTerm,
  lockTerms,
  type ShiftRow,
  shiftTermTo,
  type TermOf,
  voidTermAt,
} from '../store/terms.ts'
import { findKinds } from '../store/units.ts'

function presentRow(tx: Tx, row: ElectingRow, kindName: string): TermRow {
  const { path, termId, no, electedOn, dueOn, regularDueOn, basis, ...unit } = row
  const term = termId && dueOn ? { id: termId, no, electedOn, dueOn, regularDueOn, basis } : null
  return {
    ...unit,
    kindName,
    term: term as TermRow['term'],
    left: dueOn ? daysBetween(tx.today, dueOn) : null,
    light: dueOn ? lightOf(dueOn, tx.today) : 'none',
    can: tx.allowed(registerVerbs, path),
  }
}

/** The superior decides: who holds the verb at the organisation above, and did not ask himself. */
const mayDecide = (tx: Tx, s: ShiftRow) =>
  s.state === 'asked' && s.askedById !== tx.actor.accountId && can(tx.actor, 'term.approve', s.parentPath ?? s.path)

/** The organisation asks, not a person: who keeps its register takes the wish back, unless it is for him to decide. */
const mayWithdraw = (tx: Tx, s: ShiftRow) =>
  s.state === 'asked' && can(tx.actor, 'unit.register', s.path) && !mayDecide(tx, s)

function presentShift(tx: Tx, s: ShiftRow): TermShift {
  const { path: _, parentPath: __, askedById: ___, ...row } = s
  return {
    ...row,
    can: [...(mayDecide(tx, s) ? ['term.approve'] : []), ...(mayWithdraw(tx, s) ? ['withdraw'] : [])],
  }
}

function presentTerm(tx: Tx, { path, unitId: _, unitName: __, parentId: ___, ...t }: TermOf): UnitTerm {
  const current = t.endedOn === 'infinity'
  return {
    ...t,
    endedOn: current ? null : t.endedOn,
    current,
    left: current ? daysBetween(tx.today, t.dueOn) : null,
    light: current ? lightOf(t.dueOn, tx.today) : null,
    can: tx.allowed(registerVerbs, path),
  }
}

export const listTerms = (ctx: Context, query: ListTermsQuery) =>
  ctx.read('unit.read', async (tx) => {
    const { rows, total } = await findElecting(tx, query)
    const kinds = await findKinds(tx)
    return { rows: rows.map((r) => presentRow(tx, r, kinds.get(r.kind)?.name ?? r.kind)), total }
  })

export const countTermLights = (ctx: Context, query: Pick<ListTermsQuery, 'unit' | 'kind'>) =>
  ctx.read('unit.read', async (tx) => {
    const found = await countDue(tx, query)
    const units = (light: Light) =>
      found.reduce((n, d) => n + ((d.dueOn ? lightOf(d.dueOn, tx.today) : 'none') === light ? d.units : 0), 0)
    return { lights: Light.options.map((light) => ({ light, units: units(light) })) }
  })

export const readUnitTerms = (ctx: Context, unitId: string): Promise<UnitTerms> =>
  ctx.read('unit.read', async (tx) => {
    const unit = await getUnitFor(tx, 'unit.read', unitId)
    const found = await findTermsOf(tx, unit.id)
    return {
      elections: await findElections(tx, unit.kind),
      terms: found.toReversed().map((t) => presentTerm(tx, t)),
      shifts: (await findShiftsOf(tx, unit.id)).map((s) => presentShift(tx, s)),
    }
  })

/** An election was held; the committee before it ends there. Earlier ones may be told later. [ENG-07] */
export const recordElection = (ctx: Context, unitId: string, input: RecordElection): Promise<{ id: string }> =>
  ctx.write('unit.register', 'term.elect', async (tx) => {
    const unit = await getUnitFor(tx, 'unit.register', unitId)
    if (unit.closedOn) throw unitFail('outside-life', { unit: unit.name, day: unit.closedOn, opened: unit.openedOn })
    const years = yearsOf(await getSettings(tx, engine, input.mechanismId, input.electedOn), unit.kind)
    if (!years) throw fail('no-elections', { unit: unit.name })
    mustHaveCome(input.electedOn, unit.openedOn, tx.today)
    await lockTerms(tx, unit.id)
    const known = (await findTermsOf(tx, unit.id)).filter((t) => t.mechanismId === input.mechanismId)
    const before = known.findLast((t) => t.electedOn <= input.electedOn)
    const after = known.find((t) => t.electedOn > input.electedOn)
    mustFit(input, before, after)
    if (before) {
      await endTermOn(tx, before.id, input.electedOn)
      // what was asked about the day is answered by the election itself
      for (const s of await findShiftsOf(tx, unit.id))
        if (s.termId === before.id && s.state === 'asked')
          await closeShift(tx, s.id, 'withdrawn', `第${input.no}届已选举`)
    }
    const dueOn = dueAfter(input.electedOn, years)
    const id = await insertTerm(tx, { ...input, unitId: unit.id, dueOn, endedOn: after?.electedOn ?? 'infinity' })
    tx.record({
      subject: { kind: 'unit', id: unit.id },
      path: unit.path,
      change: { term: [before?.no ?? null, input.no], electedOn: input.electedOn, dueOn },
      reason: input.basis,
    })
    return { id }
  })

/** Entered in error: it stays on record as such, and the one before holds again. [STAT-03] */
export const voidTerm = (ctx: Context, id: string, reason: string): Promise<{ id: string }> =>
  ctx.write('unit.register', 'term.void', async (tx) => {
    const term = await getTerm(tx, id)
    tx.must('unit.register', term.path)
    await lockTerms(tx, term.unitId)
    const known = await findTermsOf(tx, term.unitId)
    const before = known.find((t) => t.mechanismId === term.mechanismId && t.endedOn === term.electedOn)
    await voidTermAt(tx, term.id, tx.now)
    if (before) await endTermOn(tx, before.id, term.endedOn)
    tx.record({
      subject: { kind: 'unit', id: term.unitId },
      path: term.path,
      change: { term: [term.no, before?.no ?? null], electedOn: term.electedOn },
      reason,
    })
    return { id }
  })

export const askShift = (ctx: Context, termId: string, input: AskShift): Promise<{ id: string }> =>
  ctx.write('unit.register', 'term.ask-shift', async (tx) => {
    const term = await getTerm(tx, termId)
    tx.must('unit.register', term.path)
    if (term.endedOn !== 'infinity') throw fail('not-current')
    mustBeWithinYear(input.toDay, term.regularDueOn, term.dueOn)
    const open = (await findShiftsOf(tx, term.unitId)).some((s) => s.termId === term.id && s.state === 'asked')
    if (open) throw fail('asked-already')
    const id = await insertShift(tx, { termId: term.id, fromDay: term.dueOn, ...input })
    tx.record({
      subject: { kind: 'unit', id: term.unitId },
      path: term.path,
      change: { term: term.no, wishedDueOn: [term.dueOn, input.toDay] },
      reason: input.reason,
    })
    return { id }
  })

export const listShifts = (ctx: Context, query: ListShiftsQuery) =>
  ctx.read('unit.read', async (tx) => {
    const { rows, total } = await findShifts(tx, query)
    return { rows: rows.map((s) => presentShift(tx, s)), total }
  })

export const decideShift = (ctx: Context, id: string, input: DecideShift): Promise<{ id: string }> =>
  ctx.write('term.approve', 'term.decide-shift', async (tx) => {
    const shift = await getShift(tx, id)
    tx.must('term.approve', shift.parentPath ?? shift.path)
    if (shift.state !== 'asked') throw fail('decided')
    if (shift.askedById === tx.actor.accountId) throw fail('same-hand')
    const term = await getTerm(tx, shift.termId)
    if (term.endedOn !== 'infinity') throw fail('not-current')
    await closeShift(tx, shift.id, input.granted ? 'granted' : 'declined', input.basis)
    if (input.granted) await shiftTermTo(tx, term.id, shift.toDay)
    tx.record({
      subject: { kind: 'unit', id: shift.unitId },
      path: shift.path,
      change: {
        term: shift.no,
        granted: input.granted,
        dueOn: [shift.fromDay, input.granted ? shift.toDay : shift.fromDay],
      },
      reason: input.basis,
    })
    return { id }
  })

export const withdrawShift = (ctx: Context, id: string): Promise<{ id: string }> =>
  ctx.write('unit.register', 'term.withdraw-shift', async (tx) => {
    const shift = await getShift(tx, id)
    tx.must('unit.register', shift.path)
    if (shift.state !== 'asked') throw fail('decided')
    if (!mayWithdraw(tx, shift)) throw fail('yours-to-decide')
    await closeShift(tx, shift.id, 'withdrawn', '')
    tx.record({
      subject: { kind: 'unit', id: shift.unitId },
      path: shift.path,
      change: { term: shift.no, wishedDueOn: [shift.toDay, shift.fromDay] },
    })
    return { id }
  })
