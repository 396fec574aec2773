// What is recorded of units under a mechanism: marks that hold from a day, events, alliances.
import { addMonths } from '#core/calendar.ts'
import type { Context, Tx } from '#core/context.ts'
import { can } from '#core/permissions.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import {
  fail as unitFail,
  type JoinAlliance,
  type ListMarksQuery,
  type ListUnitEventsQuery,
  type MarkUnit,
  type RecordUnitEvent,
  registerFail as fail,
  registerVerbs,
  type UnitEvent,
  type UnitMark,
} from '../contract.ts'
import { engine } from '../engine.ts'
import { known, mustBeOf, mustFollow, mustHaveCome, type Under } from '../rules/register.ts'
import {
  closeMark,
  type EventRow,
  findAllied,
  findEvents,
  findHeld,
  findMarks,
  getEvent,
  getMark,
  insertAllied,
  insertEvent,
  insertMark,
  type MarkRow,
  settleEvent,
} from '../store/register.ts'
import { getUnitFor } from '../store/reach.ts'
import { getUnit, type UnitNow } from '../store/units.ts'

const underOf = async (tx: Tx, mechanism: string, day: string): Promise<Under> => ({
  mechanism,
  settings: await getSettings(tx, engine, mechanism, day),
})

/** The unit something is recorded of, standing on that day. */
async function unitFor(tx: Tx, unitId: string, day: string): Promise<UnitNow> {
  const unit = await getUnitFor(tx, 'unit.register', unitId)
  if (day < unit.openedOn || (unit.closedOn && day >= unit.closedOn))
    throw unitFail('outside-life', { unit: unit.name, day, opened: unit.openedOn })
  return unit
}

const presentMark = (tx: Tx, { path, ...row }: MarkRow): UnitMark => ({
  ...row,
  to: row.to === 'infinity' ? null : row.to,
  can: tx.allowed(registerVerbs, path),
})

const presentEvent = (tx: Tx, { path, ...row }: EventRow): UnitEvent => ({
  ...row,
  can: tx.allowed(registerVerbs, path),
})

export const listMarks = (ctx: Context, query: ListMarksQuery) =>
  ctx.read('unit.read', async (tx) => {
    const { rows, total } = await findMarks(tx, query)
    return { rows: rows.map((r) => presentMark(tx, r)), total }
  })

/** A value holds from its day; the one before it ends there, unless several may hold at once. */
export const markUnit = (ctx: Context, input: MarkUnit): Promise<UnitMark> =>
  ctx.write('unit.register', 'unit.mark', async (tx) => {
    const unit = await unitFor(tx, input.unitId, input.from)
    const under = await underOf(tx, input.mechanismId, input.from)
    const setting = known(under, under.settings.marks, input.mark)
    known(under, setting.values, input.value)
    mustBeOf(setting.kinds, unit, setting.name)
    mustHaveCome(input.from, unit.openedOn, tx.today)
    const held = (await findHeld(tx, input)).filter((h) => !setting.several || h.value === input.value)
    const before = held.at(-1)
    mustFollow(setting, input.value, before?.value)
    // What began on that day or later would be overwritten: it is corrected by ending it first.
    if (held.some((h) => h.from >= input.from) || (before?.value === input.value && !setting.months))
      throw fail('holds-already')
    for (const h of held) await closeMark(tx, h.id, input.from)
    const to = setting.months ? addMonths(input.from, setting.months) : 'infinity'
    const id = await insertMark(tx, { ...input, note: input.note ?? '', to })
    tx.record({
      subject: { kind: 'unit', id: unit.id },
      path: unit.path,
      change: { mechanism: input.mechanismId, [input.mark]: [before?.value ?? null, input.value], from: input.from },
    })
    return presentMark(tx, await getMark(tx, id))
  })

export const endMark = (ctx: Context, id: string, on: string): Promise<UnitMark> =>
  ctx.write('unit.register', 'unit.end-mark', async (tx) => {
    const row = await getMark(tx, id)
    tx.must('unit.register', row.path)
    if (row.to <= tx.today) throw fail('ended')
    if (on <= row.from || on > tx.today) throw fail('bad-day', { from: row.from, to: tx.today })
    await closeMark(tx, id, on)
    tx.record({
      subject: { kind: 'unit', id: row.unitId },
      path: row.path,
      change: { mechanism: row.mechanismId, [row.mark]: [row.value, null], until: on },
    })
    return presentMark(tx, { ...row, to: on })
  })

export const listUnitEvents = (ctx: Context, query: ListUnitEventsQuery) =>
  ctx.read('unit.read', async (tx) => {
    const { rows, total } = await findEvents(tx, query)
    return { rows: rows.map((r) => presentEvent(tx, r)), total }
  })

export const recordUnitEvent = (ctx: Context, input: RecordUnitEvent): Promise<UnitEvent> =>
  ctx.write('unit.register', 'unit.event', async (tx) => {
    const unit = await unitFor(tx, input.unitId, input.heldOn)
    const under = await underOf(tx, input.mechanismId, input.heldOn)
    const setting = known(under, under.settings.events, input.event)
    mustBeOf(setting.kinds, unit, setting.name)
    mustHaveCome(input.heldOn, unit.openedOn, tx.today)
    if (input.quantity !== undefined && !setting.counts)
      throw fail('unknown', { mechanism: input.mechanismId, what: 'quantity' })
    const id = await insertEvent(tx, input)
    tx.record({
      subject: { kind: 'unit', id: unit.id },
      path: unit.path,
      change: { mechanism: input.mechanismId, event: input.event, on: input.heldOn, title: input.title },
    })
    return presentEvent(tx, await getEvent(tx, id))
  })

export const settleUnitEvent = (ctx: Context, id: string, on: string): Promise<UnitEvent> =>
  ctx.write('unit.register', 'unit.settle-event', async (tx) => {
    const row = await getEvent(tx, id)
    tx.must('unit.register', row.path)
    const under = await underOf(tx, row.mechanismId, row.heldOn)
    const setting = known(under, under.settings.events, row.event)
    if (!setting.settles) throw fail('nothing-to-settle', { event: setting.name })
    if (row.settledOn) throw fail('ended')
    mustHaveCome(on, row.heldOn, tx.today)
    await settleEvent(tx, id, on)
    tx.record({
      subject: { kind: 'unit', id: row.unitId },
      path: row.path,
      change: { mechanism: row.mechanismId, event: row.event, settledOn: [null, on] },
    })
    return presentEvent(tx, { ...row, settledOn: on })
  })

/** A member enters an alliance (1+X+N) in a role that its kind may hold; it leaves by the end of the link. */
export const joinAlliance = (ctx: Context, input: JoinAlliance): Promise<{ id: string }> =>
  ctx.write('unit.register', 'unit.ally', async (tx) => {
    const lead = await unitFor(tx, input.leadId, input.from)
    const under = await underOf(tx, input.mechanismId, input.from)
    const role = known(under, under.settings.alliance?.roles, input.role)
    mustBeOf(under.settings.alliance?.leads ?? [], lead, '牵头单位')
    const member = await getUnit(tx, input.memberId)
    if (!can(tx.actor, 'unit.read', member.path)) throw unitFail('not-found')
    if (member.id === lead.id) throw fail('same-unit')
    mustBeOf(role.kinds, member, role.name)
    mustHaveCome(input.from, lead.openedOn > member.openedOn ? lead.openedOn : member.openedOn, tx.today)
    if (member.closedOn) throw unitFail('outside-life', { unit: member.name, day: input.from, opened: member.openedOn })
    const allied = await findAllied(tx, lead.id, input.from)
    if (allied.some((a) => a.memberId === member.id && a.role === role.id)) throw fail('holds-already')
    const same = allied.filter((a) => a.role === role.id && a.mechanismId === input.mechanismId)
    if (role.most && same.length >= role.most) throw fail('role-full', { role: role.name, most: role.most })
    const id = await insertAllied(tx, input)
    tx.record({
      subject: { kind: 'unit-link', id },
      path: lead.path,
      change: { mechanism: input.mechanismId, member: member.id, role: role.id, from: input.from },
      also: [member.path],
    })
    return { id }
  })
