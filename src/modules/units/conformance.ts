// Plays any valid settings of the units engine through the API: units appear, are marked, staffed, covered, allied; the numbers must follow.
import { addDays, addMonths } from '#core/calendar.ts'
import { changesOf, mustRefuse, type Stage } from '#modules/mechanisms/index.ts'
import type { EventSetting, MarkSetting, UnitsSettings } from './contract.ts'

interface Play {
  stage: Stage
  mechanismId: string
  settings: UnitsSettings
  /** day of the nth step; all of them before today */
  day(step: number): string
}

const rootOf = ({ stage }: Play, kind: string) => stage.unit[stage.kinds[kind] === 'place' ? 'D' : 'O'] as string
const at = (p: Play, measure: string) => `${measure}@mechanism=${p.mechanismId}`

/** A new unit of a kind, long enough ago for anything to have happened at it. */
async function make(p: Play, kind: string): Promise<string> {
  if (!p.stage.kinds[kind]) throw new Error(`the district has no kind ${kind}`)
  const operation = { op: 'create', parentId: rootOf(p, kind), kind, name: `试演单位${kind}` }
  const body = { effectiveOn: addDays(p.stage.today, -500), reason: '符合性试演', operations: [operation] }
  const change = await p.stage.call('reorganiseUnits', { body })
  return change['differences'].find((d: { what: string[] }) => d.what.includes('created')).unitId
}

const first = <T>(rows: readonly T[]): T => rows[0] as T
const distinctKinds = (kinds: readonly string[]) => [...new Set(kinds)]

async function playRegisters(p: Play) {
  for (const kind of distinctKinds(p.settings.registers)) {
    await changesOf(p.stage, rootOf(p, kind), { [at(p, 'units.registered')]: 1 }, () => make(p, kind))
  }
}

const markUnit = (p: Play, body: { unitId: string; mark: string; value: string; from: string }) =>
  p.stage.call('markUnit', { body: { mechanismId: p.mechanismId, ...body } })

async function playMark(p: Play, setting: MarkSetting) {
  const kind = first(setting.kinds)
  const unitId = await make(p, kind)
  const number = (value: string) => `units.marks@value=${setting.id}:${value}`
  const values = setting.values.slice(0, 3)
  const marks: { id: string; value: string }[] = []
  for (const [i, { id: value }] of values.entries()) {
    const before = setting.several ? undefined : marks.at(-1)
    const wanted = {
      [number(value)]: 1,
      ...(before ? { [number(before.value)]: -1 } : {}),
      [at(p, 'units.marked')]: i === 0 ? 1 : 0,
    }
    const made = await changesOf(p.stage, rootOf(p, kind), wanted, () =>
      markUnit(p, { unitId, mark: setting.id, value, from: p.day(i) }),
    )
    marks.push({ id: made['id'], value })
  }
  if (setting.forward && values.length > 1) {
    await mustRefuse(
      'register.backwards',
      markUnit(p, { unitId, mark: setting.id, value: first(values).id, from: p.stage.today }),
    )
  }
  const last = marks.at(-1) as { id: string; value: string }
  await changesOf(p.stage, rootOf(p, kind), { [number(last.value)]: -1 }, () =>
    p.stage.call('endMark', { params: { id: last.id }, body: { on: p.stage.today } }),
  )
  const stranger = ['D', 'O'].find((short) => !setting.kinds.includes(short === 'D' ? 'district' : 'committee'))
  if (stranger)
    await mustRefuse(
      'register.wrong-kind',
      markUnit(p, {
        unitId: p.stage.unit[stranger] as string,
        mark: setting.id,
        value: first(values).id,
        from: p.day(0),
      }),
    )
}

async function playEvent(p: Play, setting: EventSetting) {
  const kind = first(setting.kinds)
  const root = rootOf(p, kind)
  const item = (measure: string) => `${measure}@item=${setting.id}`
  const owed = setting.everyMonths ? 1 : 0
  const unitId = await changesOf(
    p.stage,
    root,
    { [item('units.cadence-due')]: owed, [item('units.cadence-kept')]: 0 },
    () => make(p, kind),
  )
  const body = {
    mechanismId: p.mechanismId,
    unitId,
    event: setting.id,
    title: '试演',
    heldOn: p.day(0),
    ...(setting.counts ? { quantity: 7 } : {}),
  }
  const wanted = {
    [at(p, 'units.events')]: 1,
    [at(p, 'units.event-results')]: setting.counts ? 7 : 0,
    [item('units.cadence-kept')]: owed,
  }
  const held = await changesOf(p.stage, root, wanted, () => p.stage.call('recordUnitEvent', { body }))
  const settle = () => p.stage.call('settleUnitEvent', { params: { id: held['id'] }, body: { on: p.day(1) } })
  if (!setting.settles) return mustRefuse('register.nothing-to-settle', settle())
  await changesOf(p.stage, root, { [at(p, 'units.events-settled')]: 1 }, settle)
  await mustRefuse('register.ended', settle())
}

async function somebody(p: Play, name: string): Promise<string> {
  return (await p.stage.call('createPerson', { body: { name, homeId: p.stage.unit['O'] } }))['id'] as string
}

async function playPost(p: Play, { title, kinds }: { title: string; kinds: readonly string[] }) {
  const kind = first(kinds)
  const due = p.settings.posts.filter((s) => s.kinds.includes(kind))
  const filled = due.filter((s) => title.endsWith(s.title) && !title.endsWith(`副${s.title}`)).length
  const wanted = { [at(p, 'people.posts-expected')]: due.length, [at(p, 'people.posts-vacant')]: due.length }
  const unitId = await changesOf(p.stage, rootOf(p, kind), wanted, () => make(p, kind))
  const id = await somebody(p, '林知行')
  const appoint = () => p.stage.call('addPost', { params: { id }, body: { unitId, title, from: p.day(0) } })
  const moved = {
    [at(p, 'people.posts-expected')]: 0,
    [at(p, 'people.posts-filled')]: filled,
    [at(p, 'people.posts-vacant')]: -filled,
  }
  await changesOf(p.stage, rootOf(p, kind), moved, appoint)
}

async function playBinding(p: Play, binding: NonNullable<UnitsSettings['binding']>) {
  for (const kind of distinctKinds(binding.places)) {
    const root = rootOf(p, kind)
    const created = {
      [at(p, 'units.places-due')]: 1,
      [at(p, 'units.places-uncovered')]: 1,
      [at(p, 'units.places-covered')]: 0,
    }
    const toId = await changesOf(p.stage, root, created, () => make(p, kind))
    const fromId = await make(p, first(binding.organisations))
    const body = { kind: 'serves', fromId, toId, validFrom: p.day(0) }
    const covered = {
      [at(p, 'units.places-due')]: 0,
      [at(p, 'units.places-uncovered')]: -1,
      [at(p, 'units.places-covered')]: 1,
    }
    const link = await changesOf(p.stage, root, covered, () => p.stage.call('linkUnits', { body }))
    const ended = { [at(p, 'units.places-uncovered')]: 1, [at(p, 'units.places-covered')]: -1 }
    await changesOf(p.stage, root, ended, () =>
      p.stage.call('endLink', { params: { id: link['id'] }, body: { endsOn: p.stage.today } }),
    )
  }
}

async function playCoverage(p: Play, coverage: NonNullable<UnitsSettings['coverage']>) {
  const kind = first(coverage.entities)
  const root = rootOf(p, kind)
  const value = (mark: string | undefined) => first(p.settings.marks.find((m) => m.id === mark)?.values ?? []).id
  const unitId = await changesOf(
    p.stage,
    root,
    { [at(p, 'units.entities')]: 1, [at(p, 'units.entities-present')]: 0 },
    () => make(p, kind),
  )
  const present = {
    [at(p, 'units.entities')]: 0,
    [at(p, 'units.entities-present')]: 1,
    [at(p, 'units.entities-effective')]: 0,
  }
  await changesOf(p.stage, root, present, () =>
    markUnit(p, { unitId, mark: coverage.presence, value: value(coverage.presence), from: p.day(0) }),
  )
  const { check } = coverage
  if (!check) return
  await changesOf(p.stage, root, { [at(p, 'units.entities-effective')]: 1 }, () =>
    markUnit(p, { unitId, mark: check, value: value(check), from: p.day(1) }),
  )
}

async function playAlliance(p: Play, alliance: NonNullable<UnitsSettings['alliance']>) {
  const leadKind = first(alliance.leads)
  const leadId = await make(p, leadKind)
  const join = (memberId: string, role: string) =>
    p.stage.call('joinAlliance', { body: { mechanismId: p.mechanismId, leadId, memberId, role, from: p.day(0) } })
  for (const [i, role] of alliance.roles.entries()) {
    const kind = first(role.kinds)
    const memberId = await make(p, kind)
    const again = alliance.roles.find((r) => r.id !== role.id && r.kinds.includes(kind) && !r.most)
    await changesOf(p.stage, rootOf(p, kind), { [at(p, 'units.alliance-members')]: 1 }, () => join(memberId, role.id))
    if (i === 0)
      await changesOf(p.stage, rootOf(p, leadKind), { [at(p, 'units.alliances')]: 0 }, async () =>
        mustRefuse('register.holds-already', join(memberId, role.id)),
      )
    // One enterprise in two roles is one enterprise.
    if (again)
      await changesOf(p.stage, rootOf(p, kind), { [at(p, 'units.alliance-members')]: 0 }, () =>
        join(memberId, again.id),
      )
    if (role.most === 1) await mustRefuse('register.role-full', join(await make(p, kind), role.id))
  }
}

async function playTerms(p: Play, terms: NonNullable<UnitsSettings['terms']>) {
  const unitId = p.stage.unit['O'] as string
  const id = await somebody(p, '周听澜')
  const begin = (role: string) =>
    p.stage.call('recordTenure', {
      params: { id },
      body: { mechanismId: p.mechanismId, unitId, role, term: '第九届', basis: first(terms.bases).id, from: p.day(0) },
    })
  for (const [i, role] of terms.roles.slice(0, 2).entries()) {
    const wanted = { [at(p, 'people.term-holders')]: i === 0 ? 1 : 0, [at(p, 'people.terms')]: 1 }
    const made = await changesOf(p.stage, unitId, wanted, () => begin(role.id))
    if (i === 1)
      await changesOf(p.stage, unitId, { [at(p, 'people.term-holders')]: 0, [at(p, 'people.terms')]: -1 }, () =>
        p.stage.call('endTenure', { params: { id: made['id'] }, body: { on: p.stage.today } }),
      )
  }
  await mustRefuse('talent.unknown', begin('nobody-knows-this'))
}

/** BR-12: it is due so many years later; nobody moves the day alone, and nobody by more than a year. */
async function playElections(p: Play, { kinds, years }: UnitsSettings['elections'][number]) {
  const kind = first(kinds)
  const root = rootOf(p, kind)
  const created = { [at(p, 'units.terms-due')]: 1, [at(p, 'units.terms-unknown')]: 1 }
  const unitId = await changesOf(p.stage, root, created, () => make(p, kind))
  const elect = (no: number, electedOn: string) =>
    p.stage.call('recordElection', {
      params: { id: unitId },
      body: { mechanismId: p.mechanismId, no, electedOn, basis: '试演批复1号' },
    })
  const elected = {
    [at(p, 'units.terms-due')]: 0,
    [at(p, 'units.terms-unknown')]: -1,
    [at(p, 'units.terms-in-order')]: 1,
    [at(p, 'units.elections')]: 1,
  }
  const made = await changesOf(p.stage, root, elected, () => elect(3, p.day(0)))
  await mustRefuse('term.early', elect(4, p.stage.today))
  const ask = (toDay: string) =>
    p.stage.call('askShift', { params: { id: made['id'] }, body: { toDay, reason: '试演' } })
  const due = addMonths(p.day(0), years * 12)
  await mustRefuse('term.beyond-year', ask(addDays(addMonths(due, 12), 1)))
  const asked = await ask(addMonths(due, 12))
  const decide = { params: { id: asked['id'] }, body: { granted: true, basis: '试演批复2号' } }
  await mustRefuse('term.same-hand', p.stage.call('decideShift', decide))
  await changesOf(p.stage, root, { [at(p, 'units.elections')]: -1, [at(p, 'units.terms-unknown')]: 1 }, () =>
    p.stage.call('voidTerm', { params: { id: made['id'] }, body: { reason: '试演登记有误' } }),
  )
}

export async function conformance(stage: Stage, mechanismId: string, settings: UnitsSettings): Promise<void> {
  const p: Play = { stage, mechanismId, settings, day: (step) => addDays(stage.today, step - 5) }
  await playRegisters(p)
  for (const mark of settings.marks) await playMark(p, mark)
  for (const event of settings.events) await playEvent(p, event)
  for (const post of settings.posts) await playPost(p, post)
  if (settings.binding) await playBinding(p, settings.binding)
  if (settings.coverage) await playCoverage(p, settings.coverage)
  if (settings.alliance) await playAlliance(p, settings.alliance)
  if (settings.terms) await playTerms(p, settings.terms)
  for (const election of settings.elections) await playElections(p, election)
}
