// 人才: who was brought in under which mechanism, step by dated step; targets, trips and posts offered.
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import {
  type AdvanceTalent,
  type HoldTalentEvent,
  type ListTalentEventsQuery,
  type ListTalentsQuery,
  type ListTargetsQuery,
  type PlanTalentEvent,
  type RecordTalent,
  type SetTarget,
  type Talent,
  type TalentEvent,
  type TalentPage,
  talentFail as fail,
  type TalentSettings,
  talentVerbs,
} from '../contract.ts'
import { engine } from '../engine.ts'
import { mayBeRetained, mustFollow, restsOnConsent, type State, stateOf } from '../rules/talents.ts'
import {
  findDeeds,
  findGroup,
  findSteps,
  findTalentEvents,
  findTalents,
  findTargets,
  getPerson,
  getTalent,
  getTalentEvent,
  holdTalentEvent,
  insertStep,
  insertTalent,
  insertTalentEvent,
  isRecorded,
  putTarget,
  setTalent,
  type TalentRow,
} from '../store.ts'
import { plantPerson } from './persons.ts'
import { onceMore, unitFor } from './shared.ts'

const settingsOf = (tx: Tx, mechanismId: string, day: string): Promise<TalentSettings> =>
  getSettings(tx, engine, mechanismId, day)
const wishContext = (id: string) => `talent.wish:${id}`

/** What a record says, in the words its mechanism has today. */
async function namesIn(tx: Tx, rows: readonly TalentRow[]) {
  const known = new Map<string, TalentSettings | null>()
  for (const id of new Set(rows.map((r) => r.mechanismId)))
    known.set(id, await settingsOf(tx, id, tx.today).catch(() => null))
  return (t: TalentRow): Talent['names'] => {
    const settings = known.get(t.mechanismId)
    const word = (part: 'states' | 'levels' | 'fields' | 'routes' | 'channels', id: string) =>
      settings?.[part].find((c) => c.id === id)?.name ?? id
    return {
      mechanism: t.mechanismName,
      state: word('states', t.state),
      level: word('levels', t.level),
      field: word('fields', t.field),
      route: word('routes', t.route),
      channel: word('channels', t.channel),
    }
  }
}

async function present(tx: Tx, rows: readonly TalentRow[]): Promise<Talent[]> {
  const steps = await findSteps(
    tx,
    rows.map((r) => r.id),
  )
  const names = await namesIn(tx, rows)
  return rows.map(({ path, wishSealed, withdrawnAt, mechanismName, ...row }) => ({
    ...row,
    names: names({ path, wishSealed, withdrawnAt, mechanismName, ...row }),
    wish: wishSealed !== null,
    withdrawn: withdrawnAt !== null,
    steps: steps.filter((s) => s.talentId === row.id).map(({ talentId: _, ...s }) => s),
    can: withdrawnAt ? [] : tx.allowed(talentVerbs, path),
  }))
}

export const listTalents = (ctx: Context, query: ListTalentsQuery) =>
  ctx.read('talent.read', async (tx) => {
    const { rows, total } = await findTalents(tx, query)
    return { rows: await present(tx, rows), total }
  })

/** One record with its steps and all that was done to it. */
export const readTalent = (ctx: Context, id: string): Promise<TalentPage> =>
  ctx.read('talent.read', async (tx) => {
    const [talent] = await present(tx, [await getTalent(tx, id)])
    return { talent: talent as Talent, timeline: await findDeeds(tx, [id]) }
  })

function checkWords(settings: TalentSettings, input: RecordTalent) {
  const parts = { level: settings.levels, field: settings.fields, route: settings.routes, channel: settings.channels }
  for (const [part, choices] of Object.entries(parts)) {
    const value = input[part as keyof typeof parts]
    if (value !== undefined && !choices.some((c) => c.id === value))
      throw fail('unknown', { mechanism: input.mechanismId, what: value })
  }
  if (!settings.forms.includes(input.form)) throw fail('unknown', { mechanism: input.mechanismId, what: input.form })
  const given = [input.personId, input.person].filter((p) => p !== undefined).length
  if (input.form === 'person' ? given !== 1 || input.title !== undefined : given !== 0 || input.title === undefined)
    throw fail('who-is-it')
  if ((settings.consent || input.wish !== undefined) && !input.consent) throw fail('consent-needed')
}

function mustHaveCome(day: string, after: string, today: string) {
  if (day < after || day > today) throw fail('bad-day', { from: after, to: today })
}

/** The person meant, refused when already recorded for that year under any of his rows. */
async function personFor(
  tx: WriteTx,
  input: RecordTalent,
  holder: { id: string; path: string },
): Promise<string | null> {
  if (input.form !== 'person') return null
  if (input.person) return plantPerson(tx, input.person, holder)
  const person = await getPerson(tx, input.personId as string, { lock: true })
  const group = (await findGroup(tx, person.id)).map((g) => g.id)
  if (await isRecorded(tx, input.mechanismId, input.targetYear, group)) throw fail('already-recorded')
  return person.id
}

/** Puts a person, team or project on the list of a mechanism, in its first state. */
export const recordTalent = (ctx: Context, input: RecordTalent): Promise<Talent> =>
  onceMore(() =>
    ctx.write('talent.write', 'talent.record', async (tx) => {
      const holder = await unitFor(tx, 'talent.write', input.holderId)
      const settings = await settingsOf(tx, input.mechanismId, input.on)
      checkWords(settings, input)
      mustHaveCome(input.on, holder.openedOn, tx.today)
      const [first] = settings.states
      if (!first) throw fail('unknown', { mechanism: input.mechanismId, what: 'states' })
      const id = newId()
      await insertTalent(tx, {
        id,
        mechanismId: input.mechanismId,
        form: input.form,
        personId: await personFor(tx, input, holder),
        title: input.title ?? '',
        holderId: holder.id,
        level: input.level ?? '',
        field: input.field ?? '',
        route: input.route ?? '',
        channel: input.channel ?? '',
        targetYear: input.targetYear,
        state: first.id,
        wishSealed: input.wish ? tx.vault.seal(wishContext(id), input.wish) : null,
        consentAt: input.consent ? tx.now : null,
      })
      await insertStep(tx, {
        talentId: id,
        state: first.id,
        milestone: first.milestone,
        on: input.on,
        days: 0,
        note: '',
      })
      tx.record({
        subject: { kind: 'talent', id },
        path: holder.path,
        change: {
          mechanism: input.mechanismId,
          kind: input.form,
          state: [null, first.id],
          consent: input.consent ?? false,
        },
      })
      return (await present(tx, [await getTalent(tx, id)]))[0] as Talent
    }),
  )

async function checkStep(tx: Tx, row: TalentRow, settings: TalentSettings, input: AdvanceTalent): Promise<State> {
  const next = stateOf(settings, input.state, row.mechanismId)
  mustFollow(stateOf(settings, row.state, row.mechanismId), next)
  const steps = await findSteps(tx, [row.id])
  mustHaveCome(input.on, steps.at(-1)?.on ?? input.on, tx.today)
  if (input.days !== undefined && next.milestone !== 'serving') throw fail('days-only-serving')
  if (next.milestone === 'retained')
    mayBeRetained(settings, steps.find((s) => s.milestone === 'arrived')?.on ?? null, input.on)
  return next
}

export const advanceTalent = (ctx: Context, id: string, input: AdvanceTalent): Promise<Talent> =>
  ctx.write('talent.write', 'talent.advance', async (tx) => {
    const row = await getTalent(tx, id, { lock: true })
    tx.must('talent.write', row.path)
    if (row.withdrawnAt) throw fail('withdrawn')
    const next = await checkStep(tx, row, await settingsOf(tx, row.mechanismId, input.on), input)
    await insertStep(tx, {
      talentId: id,
      state: next.id,
      milestone: next.milestone,
      on: input.on,
      days: input.days ?? 0,
      note: input.note ?? '',
    })
    await setTalent(tx, row, { state: next.id })
    tx.record({
      subject: { kind: 'talent', id },
      path: row.path,
      change: { mechanism: row.mechanismId, state: [row.state, next.id], on: input.on },
    })
    return (await present(tx, [await getTalent(tx, id)]))[0] as Talent
  })

/** Shows what somebody looks for; who asked and why is kept. */
export const revealWish = (ctx: Context, id: string, reason: string): Promise<{ wish: string }> =>
  ctx.write('talent.reveal', 'talent.reveal', async (tx) => {
    const row = await getTalent(tx, id, { lock: true })
    tx.must('talent.reveal', row.path)
    if (!row.wishSealed) throw fail('nothing-to-reveal')
    tx.record({ subject: { kind: 'talent', id }, path: row.path, reason })
    return { wish: tx.vault.open(wishContext(id), row.wishSealed) }
  })

/** Consent is taken back: the wish is erased; a record that rested on consent alone is no longer counted. */
export const withdrawTalent = (ctx: Context, id: string): Promise<Talent> =>
  ctx.write('talent.write', 'talent.withdraw', async (tx) => {
    const row = await getTalent(tx, id, { lock: true })
    tx.must('talent.write', row.path)
    if (row.withdrawnAt || !row.consentAt) throw fail('withdrawn')
    const { milestone } = stateOf(await settingsOf(tx, row.mechanismId, tx.today), row.state, row.mechanismId)
    const whole = restsOnConsent(milestone)
    await setTalent(tx, row, {
      wish_sealed: null,
      wish_erased_at: tx.now,
      ...(whole ? { withdrawn_at: tx.now } : { consent_at: null }),
    })
    tx.record({ subject: { kind: 'talent', id }, path: row.path, change: { consent: [true, false], withdrawn: whole } })
    return (await present(tx, [await getTalent(tx, id)]))[0] as Talent
  })

export const setTarget = (ctx: Context, input: SetTarget): Promise<{ id: string }> =>
  ctx.write('talent.write', 'talent.target', async (tx) => {
    const holder = await unitFor(tx, 'talent.write', input.holderId)
    if (!(await settingsOf(tx, input.mechanismId, tx.today)).targets) throw fail('no-targets')
    const id = await putTarget(tx, input)
    tx.record({ subject: { kind: 'unit', id: holder.id }, path: holder.path, change: { ...input } })
    return { id }
  })

export const listTargets = (ctx: Context, query: ListTargetsQuery) =>
  ctx.read('talent.read', async (tx) => {
    const { rows, total } = await findTargets(tx, query)
    return { rows: rows.map(({ path, ...r }) => ({ ...r, can: tx.allowed(talentVerbs, path) })), total }
  })

type EventRow = Awaited<ReturnType<typeof getTalentEvent>>
const presentEvent = (tx: Tx, { path, ...row }: EventRow): TalentEvent => ({
  ...row,
  can: tx.allowed(talentVerbs, path),
})

export const listTalentEvents = (ctx: Context, query: ListTalentEventsQuery) =>
  ctx.read('talent.read', async (tx) => {
    const { rows, total } = await findTalentEvents(tx, query)
    return { rows: rows.map((r) => presentEvent(tx, r)), total }
  })

const eventKind = (settings: TalentSettings, kind: string, mechanism: string) => {
  const found = settings.events.find((e) => e.id === kind)
  if (!found) throw fail('unknown', { mechanism, what: kind })
  return found
}

export const planTalentEvent = (ctx: Context, input: PlanTalentEvent): Promise<TalentEvent> =>
  ctx.write('talent.write', 'talent.plan-event', async (tx) => {
    const holder = await unitFor(tx, 'talent.write', input.holderId)
    eventKind(await settingsOf(tx, input.mechanismId, tx.today), input.kind, input.mechanismId)
    const id = await insertTalentEvent(tx, input)
    tx.record({ subject: { kind: 'talent-event', id }, path: holder.path, change: { ...input } })
    return presentEvent(tx, await getTalentEvent(tx, id))
  })

export const holdEvent = (ctx: Context, id: string, input: HoldTalentEvent): Promise<TalentEvent> =>
  ctx.write('talent.write', 'talent.hold-event', async (tx) => {
    const row = await getTalentEvent(tx, id)
    tx.must('talent.write', row.path)
    if (row.heldOn) throw fail('event-held')
    const kind = eventKind(await settingsOf(tx, row.mechanismId, tx.today), row.kind, row.mechanismId)
    if (input.posts !== undefined && !kind.posts) throw fail('unknown', { mechanism: row.mechanismId, what: 'posts' })
    mustHaveCome(input.on, '2000-01-01', tx.today)
    await holdTalentEvent(tx, id, input.on, input.posts ?? 0)
    tx.record({
      subject: { kind: 'talent-event', id },
      path: row.path,
      change: { heldOn: [null, input.on], posts: input.posts ?? 0 },
    })
    return presentEvent(tx, await getTalentEvent(tx, id))
  })
