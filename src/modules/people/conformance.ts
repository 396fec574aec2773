// Plays any valid settings of the talents engine through the API: recorded, step by step, kept or gone; the numbers must follow.
import { addDays, addMonths } from '#core/calendar.ts'
import { changesOf, mustBe, mustRefuse, type Stage } from '#modules/mechanisms/index.ts'
import { type Milestone, milestones, type TalentSettings } from './contract.ts'

interface Play {
  stage: Stage
  mechanismId: string
  settings: TalentSettings
  holder: string
  /** day of the nth state; arrival lies back far enough for staying to be checked */
  day(step: number): string
}

const at = (p: Play, measure: string) => `${measure}@mechanism=${p.mechanismId}`

const measureOf: Partial<Record<Milestone, string>> = {
  interest: 'talents.interested',
  applied: 'talents.applied',
  interviewed: 'talents.interviewed',
  signed: 'talents.signed',
  arrived: 'talents.introduced',
  supported: 'talents.supported',
  retained: 'talents.retained',
  completed: 'talents.completed',
}

/** What one person's step moves; a person counts once however the step is repeated. */
function movedBy(p: Play, milestone: Milestone, years: { engaged: boolean }): Record<string, number> {
  const wanted: Record<string, number> = {}
  for (const [m, measure] of Object.entries(measureOf)) wanted[at(p, measure)] = m === milestone ? 1 : 0
  const starts = milestone === 'arrived' || milestone === 'serving'
  const ends = milestone === 'completed' || milestone === 'left'
  wanted[at(p, 'talents.in-post')] = starts && !years.engaged ? 1 : ends && years.engaged ? -1 : 0
  if (starts) years.engaged = true
  if (ends) years.engaged = false
  return wanted
}

const words = (p: Play) => ({
  ...(p.settings.levels[0] ? { level: p.settings.levels[0].id } : {}),
  ...(p.settings.fields[0] ? { field: p.settings.fields[0].id } : {}),
  ...(p.settings.routes[0] && p.settings.routes[0].id !== 'flexible' ? { route: p.settings.routes[0].id } : {}),
  ...(p.settings.channels[0] ? { channel: p.settings.channels[0].id } : {}),
  ...(p.settings.consent ? { consent: true, wish: '愿回乡从事教育工作' } : {}),
})

const record = (p: Play, more: Record<string, unknown>) =>
  p.stage.call('recordTalent', {
    body: { mechanismId: p.mechanismId, holderId: p.holder, targetYear: 2025, on: p.day(0), ...words(p), ...more },
  })

const advance = (p: Play, id: string, body: Record<string, unknown>) =>
  p.stage.call('advanceTalent', { params: { id }, body })

async function playPerson(p: Play) {
  const { states } = p.settings
  const [first] = states
  if (!first || !p.settings.forms.includes('person')) return
  const years = { engaged: false }
  const talent = await changesOf(p.stage, p.holder, movedBy(p, first.milestone, years), () =>
    record(p, { person: { name: '顾南乔' } }),
  )
  await mustRefuse('talent.already-recorded', record(p, { personId: talent['personId'] }))
  if (p.settings.consent) {
    const { wish } = await p.stage.call('revealWish', { params: { id: talent['id'] }, body: { reason: '符合性试演' } })
    mustBe('the wish', wish, words(p).wish)
    await mustRefuse(
      'talent.consent-needed',
      record(p, { consent: undefined, wish: undefined, person: { name: '顾北辰' } }),
    )
  }
  for (const [i, state] of later(states)) {
    if (state.milestone === 'retained')
      await mustRefuse('talent.too-early', advance(p, talent['id'], { state: state.id, on: p.day(i) }))
    // Staying is judged today; whatever comes after it comes today too.
    const stayed = states.slice(0, i + 1).some((s) => s.milestone === 'retained')
    const on = stayed ? p.stage.today : p.day(i)
    const days = state.milestone === 'serving' ? { days: 6 } : {}
    const wanted = { ...movedBy(p, state.milestone, years), [at(p, 'talents.service-days')]: days.days ?? 0 }
    if (state.milestone === 'retained') wanted[at(p, 'talents.retention-kept')] = 1
    await changesOf(p.stage, p.holder, wanted, () => advance(p, talent['id'], { state: state.id, on, ...days }))
    await mustRefuse('talent.not-next', advance(p, talent['id'], { state: first.id, on: p.stage.today }))
  }
}

/** The states after the first, up to the first end: completed and left are two ways to end, not one after the other. */
function later(states: TalentSettings['states']) {
  const end = states.findIndex((s) => s.milestone === 'completed' || s.milestone === 'left')
  return [...states.entries()].slice(1, end === -1 ? undefined : end + 1)
}

/** Taken back before anything was signed, a record is no longer counted and what was wished is gone. */
async function playWithdrawal(p: Play) {
  const [first] = p.settings.states
  if (!first || !p.settings.consent || !p.settings.forms.includes('person')) return
  const talent = await record(p, { person: { name: '沈听雨' } })
  const resting = milestones.indexOf(first.milestone) < milestones.indexOf('signed')
  const measure = measureOf[first.milestone]
  const wanted: Record<string, number> = measure ? { [at(p, measure)]: resting ? -1 : 0 } : {}
  await changesOf(p.stage, p.holder, wanted, () => p.stage.call('withdrawTalent', { params: { id: talent['id'] } }))
  await mustRefuse(
    'talent.nothing-to-reveal',
    p.stage.call('revealWish', { params: { id: talent['id'] }, body: { reason: '符合性试演' } }),
  )
}

async function playGroups(p: Play) {
  const { states } = p.settings
  for (const form of p.settings.forms.filter((f) => f !== 'person')) {
    if (!states[0]) return
    const signed = (milestone: Milestone) => ({
      [at(p, 'talents.groups')]: milestone === 'signed' ? 1 : 0,
      [at(p, 'talents.introduced')]: 0,
    })
    const talent = await changesOf(p.stage, p.holder, signed(states[0].milestone), () =>
      record(p, { form, title: '青石新材料团队' }),
    )
    for (const [i, state] of later(states)) {
      if (state.milestone === 'retained') continue
      await changesOf(p.stage, p.holder, signed(state.milestone), () =>
        advance(p, talent['id'], { state: state.id, on: p.day(i) }),
      )
    }
  }
}

async function playTarget(p: Play) {
  const year = Number(p.stage.today.slice(0, 4))
  const set = (amount: number) =>
    p.stage.call('setTalentTarget', { body: { mechanismId: p.mechanismId, holderId: p.holder, year, amount } })
  if (!p.settings.targets) return mustRefuse('talent.no-targets', set(10))
  await changesOf(p.stage, p.holder, { [at(p, 'talents.target')]: 10 }, () => set(10))
  await changesOf(p.stage, p.holder, { [at(p, 'talents.target')]: 5 }, () => set(15))
}

async function playEvents(p: Play) {
  for (const event of p.settings.events) {
    const body = {
      mechanismId: p.mechanismId,
      holderId: p.holder,
      kind: event.id,
      title: '高校专场',
      place: '省城',
      plannedOn: p.stage.today,
    }
    const planned = await changesOf(p.stage, p.holder, { [at(p, 'talents.events')]: 0 }, () =>
      p.stage.call('planTalentEvent', { body }),
    )
    const hold = () =>
      p.stage.call('holdTalentEvent', {
        params: { id: planned['id'] },
        body: { on: p.stage.today, ...(event.posts ? { posts: 38 } : {}) },
      })
    await changesOf(
      p.stage,
      p.holder,
      { [at(p, 'talents.events')]: 1, [at(p, 'talents.posts-offered')]: event.posts ? 38 : 0 },
      hold,
    )
    await mustRefuse('talent.event-held', hold())
  }
}

export async function conformance(stage: Stage, mechanismId: string, settings: TalentSettings): Promise<void> {
  const back = addDays(addMonths(stage.today, -(settings.retentionMonths ?? 0)), -30)
  const p: Play = {
    stage,
    mechanismId,
    settings,
    holder: stage.unit['CITY'] as string,
    day: (step) => addDays(back, step),
  }
  await playPerson(p)
  await playWithdrawal(p)
  await playGroups(p)
  await playTarget(p)
  await playEvents(p)
}
