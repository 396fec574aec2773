// Plays any valid settings of this engine through its life, by the same operations people use, and reads the numbers back.
// No brand is known here: what is played follows from the settings alone.
import { addHours } from '#core/calendar.ts'
import type { Stage } from '#modules/mechanisms/index.ts'
import type { Category, DemandSettings, DemandState } from './contract.ts'

type Answer = Record<string, any>

interface Play {
  stage: Stage
  mechanismId: string
  settings: DemandSettings
  category: Category
  /** A unit that may be made responsible for the category, and one that helps it. */
  lead: string
  help: string
  place: string
  /** The account that acts; the first where none is named. */
  as?: string
}

/** The same play by another account. */
const by = (p: Play, as: string | undefined): Play => ({ ...p, ...(as ? { as } : {}) })

function agree(what: string, got: unknown, wanted: unknown): void {
  if (JSON.stringify(got) !== JSON.stringify(wanted))
    throw new Error(`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`)
}

const unit = (stage: Stage, short: string): string => {
  const id = stage.unit[short]
  if (!id) throw new Error(`the stage has no unit ${short}`)
  return id
}

const act = (p: Play, operation: string, params: Record<string, string>, body: unknown = {}): Promise<Answer> =>
  p.stage.call(operation, { params, body }, p.as) as Promise<Answer>

const step = (p: Play, operation: string, id: string, body: unknown = {}) => act(p, operation, { id }, body)

/** The code of the refusal that must come. */
async function refused(what: string, asked: Promise<unknown>, code: string): Promise<void> {
  const answer = await asked.then(
    () => ({ code: 'accepted' }),
    (e: Answer) => ({ code: e?.['body']?.['code'] ?? e?.['code'] ?? String(e) }),
  )
  agree(what, answer.code, code)
}

/** Counts of this mechanism by state. */
async function counts(p: Play): Promise<Record<DemandState | 'total', number>> {
  const answer = (await p.stage.call('countDemandsByState', { query: { mechanism: p.mechanismId } })) as Answer
  const states = answer['states'].map((s: { state: string; count: number }) => [s.state, s.count])
  return { ...Object.fromEntries(states), total: answer['total'] } as Record<DemandState | 'total', number>
}

async function stateOf(p: Play, id: string, wanted: DemandState): Promise<Answer> {
  const page = (await p.stage.call('readDemand', { params: { id } })) as Answer
  agree(`state of a demand (${p.settings.stateWords[wanted] ?? wanted})`, page['demand'].state, wanted)
  return page
}

async function open(p: Play, occasionId?: string): Promise<{ id: string; code: string }> {
  const body = {
    mechanismId: p.mechanismId,
    placeId: p.place,
    category: p.category.id,
    words: '对照演练',
    contact: { phone: '13800000000' },
    ...(occasionId ? { occasionId } : {}),
  }
  const answer = (await p.stage.call('openDemand', { body })) as Answer
  return { id: answer['id'], code: answer['code'] }
}

const dispatch = (p: Play, id: string, more: object = {}) => step(p, 'dispatchDemand', id, { leadId: p.lead, ...more })

async function handled(p: Play): Promise<{ id: string; code: string }> {
  const made = await open(p)
  await dispatch(p, made.id)
  await step(p, 'signDemand', made.id)
  return made
}

const answer = (p: Play, id: string, more: object = {}) =>
  step(p, 'answerDemand', id, {
    answer: '已经办理。',
    ...(p.settings.means[0] ? { means: p.settings.means[0].id } : {}),
    ...more,
  })

/** Confirms the way the settings say; a person other than the one who answered. */
async function confirm(p: Play, id: string, solved = true, as = 'second'): Promise<void> {
  if (p.settings.confirmation === 'call-back')
    await step(by(p, as), 'recordCallback', id, {
      reached: true,
      outcome: solved ? 'solved' : 'unsolved',
      satisfaction: solved ? 'satisfied' : 'unsatisfied',
    })
  if (p.settings.confirmation === 'verification') await step(by(p, as), 'verifyDemand', id, { passed: solved })
}

/** Open, dispatch, sign, support, contact, answer, confirm, close: the trunk of the life. */
async function playTrunk(p: Play): Promise<void> {
  const { id } = await open(p)
  await stateOf(p, id, 'registered')
  await dispatch(p, id, { supports: [{ unitId: p.help }] })
  await step(p, 'signDemand', id)
  const page = await stateOf(p, id, 'signed')
  const support = page['dispatches'].find((d: Answer) => d['role'] === 'support')
  await act(p, 'signDispatch', { id, dispatchId: support.id })
  await act(p, 'reportDispatch', { id, dispatchId: support.id }, { report: '协办情况' })
  await step(p, 'contactResident', id)
  if (p.settings.means.length > 0)
    await refused(
      'an answer without its means',
      step(p, 'answerDemand', id, { answer: '已经办理。' }),
      'demand.unknown-means',
    )
  await answer(p, id)
  await stateOf(p, id, 'answered')
  if (p.settings.confirmation !== 'none') {
    await refused('closing unconfirmed', step(p, 'closeDemand', id), 'demand.no-callback')
    await confirm(p, id)
    await stateOf(p, id, 'called')
  }
  await step(p, 'closeDemand', id)
  const closed = await stateOf(p, id, 'closed')
  agree('outcome', closed['demand'].outcome, 'solved')
}

async function playDispute(p: Play): Promise<void> {
  const { id } = await open(p)
  await dispatch(p, id)
  const ground = { reason: '不属于本单位职责', basis: '职责清单' }
  if (p.settings.dispute.times === 0)
    return refused('a dispute where none is allowed', step(p, 'disputeDispatch', id, ground), 'demand.dispute-spent')
  await step(p, 'disputeDispatch', id, ground)
  await stateOf(p, id, 'disputed')
  await refused(
    'a review by the disputer',
    step(p, 'reviewDispute', id, { outcome: 'upheld', reason: '维持' }),
    'demand.own-review',
  )
  await step(by(p, 'second'), 'reviewDispute', id, { outcome: 'upheld', reason: '维持原派单' })
  await stateOf(p, id, 'dispatched')
  await refused('a second dispute', step(p, 'disputeDispatch', id, ground), 'demand.dispute-upheld')
}

async function playClocks(p: Play): Promise<void> {
  const { id } = await handled(p)
  const more = { term: { amount: 1, unit: 'hours' }, reason: '需要更多时间' }
  for (let n = 0; n < p.settings.extensions; n++) await step(p, 'extendDemand', id, more)
  await refused('one extension too many', step(p, 'extendDemand', id, more), 'demand.extended-already')
  const page = await stateOf(p, id, 'signed')
  agree('extensions', page['clockChanges'].length, p.settings.extensions)
  const reviewOn = addHours(page['demand'].openedAt, 24 * 20).slice(0, 10)
  await step(p, 'suspendDemand', id, { reason: '条件暂不具备', plan: '分步解决', leader: '分管负责人', reviewOn })
  const apart = (await p.stage.call('listDemands', {
    query: { mechanism: p.mechanismId, suspended: 'true' },
  })) as Answer
  agree(
    'listed apart while on the shelf',
    apart['rows'].map((d: Answer) => d['id']),
    [id],
  )
  await step(p, 'resumeDemand', id, { reason: '条件具备' })
}

async function playEnds(p: Play): Promise<void> {
  const declined = await open(p)
  await step(p, 'declineDemand', declined.id, { reason: '不属于受理范围', legalChannel: p.settings.legalChannels[0] })
  await stateOf(p, declined.id, 'declined')
  const [child, parent] = [await open(p), await open(p)]
  await step(p, 'mergeDemand', child.id, { intoId: parent.id, ground: 'same-matter', reason: '同一事项' })
  await stateOf(p, child.id, 'merged')
  const followed = (await p.stage.call('followDemand', { params: { code: child.code } }, 'resident')) as Answer
  agree('a merged demand as its resident sees it', followed['state'], 'registered')
}

/** Handled again while unsolved, opened again while allowed, and no more. */
async function playRounds(p: Play): Promise<number> {
  const { id } = await handled(p)
  let rounds = 0
  if (p.settings.confirmation === 'call-back') {
    for (; rounds < p.settings.redos; rounds++) {
      await answer(p, id)
      await confirm(p, id, false)
      await step(p, 'redoDemand', id, { reason: '仍未解决' })
    }
  }
  await answer(p, id)
  await confirm(p, id)
  await step(p, 'closeDemand', id)
  for (let n = 0; n < p.settings.reopen.times; n++, rounds++) {
    await step(p, 'reopenDemand', id, { reason: '又出现了' })
    await answer(p, id)
    await confirm(p, id)
    await step(p, 'closeDemand', id)
  }
  await refused('one reopening too many', step(p, 'reopenDemand', id, { reason: '再来' }), 'demand.reopened-enough')
  const page = await stateOf(p, id, 'closed')
  agree('rounds', page['demand'].round, rounds)
  return rounds
}

async function playWhistle(p: Play): Promise<number> {
  const body = {
    mechanismId: p.mechanismId,
    placeId: unit(p.stage, 'S1'),
    category: p.category.id,
    words: '现场处置',
    unitIds: [p.help],
  }
  if (!p.settings.whistle.enabled) {
    await refused('a whistle where there is none', p.stage.call('whistle', { body }), 'demand.not-a-whistle')
    return 0
  }
  const { id } = (await p.stage.call('whistle', { body })) as Answer
  const page = await stateOf(p, id, 'signed')
  const called = page['dispatches'].find((d: Answer) => d['role'] === 'support')
  await act(p, 'signDispatch', { id, dispatchId: called.id })
  await answer(p, id)
  await confirm(p, id)
  await refused('closing unrated', step(p, 'closeDemand', id), 'demand.unrated')
  await act(p, 'rateDispatch', { id, dispatchId: called.id }, { rating: 'prompt' })
  await step(p, 'closeDemand', id)
  return 1
}

async function playOccasions(p: Play): Promise<number> {
  for (const kind of p.settings.occasions) {
    const heldOn = '2024-06-03'
    const { id } = (await p.stage.call('recordOccasion', {
      body: { mechanismId: p.mechanismId, placeId: p.place, kind, heldOn, met: 7 },
    })) as Answer
    await open(p, id)
    const { rows } = (await p.stage.call('listOccasions', { query: { mechanism: p.mechanismId } })) as Answer
    const held = rows.find((o: Answer) => o['id'] === id)
    agree(`${kind}: met and found`, [held?.met, held?.found], [7, 1])
  }
  return p.settings.occasions.length
}

/** Who claims: accounts with a person each, or units. */
const claimants = (p: Play): { as: string; body: Record<string, string> }[] =>
  p.settings.tasks.claimants.includes('person')
    ? ['first', 'second', 'third'].map((as) => ({ as, body: {} }))
    : ['C11', 'S1', 'CITY'].map((short) => ({ as: 'first', body: { unitId: unit(p.stage, short) } }))

/** An interval that no record of this person holds yet. [VOL-03] */
async function interval(p: Play, as: string): Promise<{ servedFrom: string; servedTo: string }> {
  const { accepted } = (await p.stage.call('readServiceRecord', {}, as)) as Answer
  const servedFrom = addHours('2021-01-01T00:00:00Z', accepted)
  return { servedFrom, servedTo: addHours(servedFrom, 0.75) }
}

async function publish(p: Play): Promise<{ id: string; capacity: number }> {
  const rules = p.settings.tasks
  const capacity = Math.min(2, rules.maxCapacity)
  const body = {
    mechanismId: p.mechanismId,
    placeId: p.place,
    category: p.category.id,
    title: '对照任务',
    startsAt: '2021-01-01T00:00:00Z',
    endsAt: '2199-01-01T00:00:00Z',
    capacity,
  }
  if (!rules.enabled) {
    await refused('a task where there are none', p.stage.call('publishTask', { body }), 'demand.no-tasks')
    return { id: '', capacity: 0 }
  }
  if (rules.maxCapacity < 10_000)
    await refused(
      'too many places',
      p.stage.call('publishTask', { body: { ...body, capacity: rules.maxCapacity + 1 } }),
      'demand.over-capacity',
    )
  const { id } = (await p.stage.call('publishTask', { body })) as Answer
  if (rules.review) {
    await refused(
      'claiming before the review',
      act(by(p, claimants(p)[0]?.as), 'claimTask', { id }, claimants(p)[0]?.body),
      'demand.task-closed',
    )
    await act(p, 'reviewTask', { id }, { approved: true })
  }
  return { id, capacity }
}

/** Claim until full, wait, withdraw, serve, accept: places, waiting list and record agree. */
async function playTask(p: Play): Promise<void> {
  const { id, capacity } = await publish(p)
  if (!id) return
  const [one, two, three] = claimants(p) as [
    ReturnType<typeof claimants>[number],
    ReturnType<typeof claimants>[number],
    ReturnType<typeof claimants>[number],
  ]
  const claim = (who: typeof one, wait = false) => act(by(p, who.as), 'claimTask', { id }, { ...who.body, wait })
  const first = await claim(one)
  await refused(
    'the same twice',
    claim(one, true),
    p.settings.tasks.waitingList || capacity > 1 ? 'demand.already-claimed' : 'demand.no-waiting',
  )
  if (capacity === 2) await claim(two)
  await refused('one too many', claim(three), 'demand.task-full')
  if (p.settings.tasks.waitingList) {
    const waiting = await claim(three, true)
    agree('a place on the waiting list', waiting['state'], 'waiting')
    agree('moved up', (await act(by(p, one.as), 'withdrawClaim', { id: first['id'] }))['movedUp'], waiting['id'])
    await act(by(p, three.as), 'withdrawClaim', { id: waiting['id'] })
  } else await act(by(p, one.as), 'withdrawClaim', { id: first['id'] })
  const again = await claim(one)
  await act(by(p, one.as), 'submitWork', { id: again['id'] }, { report: '已完成' })
  await accept(p, again['id'], one)
  const { rows } = (await p.stage.call('listTasks', { query: { search: '对照任务', limit: '500' } })) as Answer
  agree('places held', rows.find((t: Answer) => t['id'] === id)?.claimed, capacity)
}

async function accept(p: Play, claimId: string, who: { as: string; body: Record<string, string> }): Promise<void> {
  const other = by(p, who.as === 'second' ? 'third' : 'second')
  if (!who.body['unitId'] && who.as !== 'member')
    await refused('one’s own service', act(by(p, who.as), 'acceptWork', { id: claimId }), 'demand.own-service')
  if (p.settings.tasks.record === 'done') {
    await act(other, 'acceptWork', { id: claimId })
    return
  }
  await refused('acceptance without an interval', act(other, 'acceptWork', { id: claimId }), 'demand.interval-needed')
  const done = await act(other, 'acceptWork', { id: claimId }, await interval(p, who.as))
  agree('minutes of service', done['minutes'], 45)
  if (who.body['unitId']) return
  const checked = (await p.stage.call(
    'checkCertificate',
    { params: { code: done['certificate'] } },
    'resident',
  )) as Answer
  agree('hours on the certificate, never rounded up', checked['hours'], '0.5')
}

/** Handed to members or units as a task: looked through, claimed, served, accepted, and thereby answered. */
async function playHandedOver(p: Play): Promise<number> {
  const rules = p.settings.tasks
  if (!rules.enabled) return 0
  const { id } = await open(p)
  const window = { startsAt: '2021-01-01T00:00:00Z', endsAt: '2199-01-01T00:00:00Z', capacity: 1 }
  const task = { title: '对照任务', ...window }
  const hand = (more: object) => step(p, 'dispatchDemand', id, { task: { ...task, ...more } })
  await refused('a number that leads to a person', hand({ detail: '电话13800000000' }), 'demand.private-content')
  await refused('a task that is over', hand({ endsAt: '2021-01-02T00:00:00Z' }), 'demand.bad-window')
  if (rules.shownAt !== 'place')
    await refused('a door on the open card', hand({ detail: '3单元502室' }), 'demand.private-content')
  const { taskId } = await hand({})
  if (rules.review) await act(p, 'reviewTask', { id: taskId }, { approved: true })
  const [who] = claimants(p) as [ReturnType<typeof claimants>[number]]
  const claim = await act(by(p, who.as), 'claimTask', { id: taskId }, who.body)
  await act(by(p, who.as), 'submitWork', { id: claim['id'] }, { report: '已完成' })
  await accept(p, claim['id'], who)
  const page = await stateOf(p, id, 'answered')
  agree('the answer told by the demand itself', page['timeline'].at(-1).action, 'demand.answer')
  await confirm(p, id, true, 'third')
  await step(p, 'closeDemand', id)
  return 1
}

/** Every account of the stage is linked with a person of its own; `second` and `third` are other people than the first. */
export async function conformance(stage: Stage, mechanismId: string, settings: DemandSettings): Promise<void> {
  const category = settings.categories[0] as Category
  const lead = { community: 'C11', street: 'S1', department: 'CITY', any: 'C11' }[category.level]
  const p: Play = {
    stage,
    mechanismId,
    settings,
    category,
    lead: unit(stage, lead),
    help: unit(stage, lead === 'CITY' ? 'S1' : 'CITY'),
    place: unit(stage, 'C11'),
  }
  const before = await counts(p)
  await playTrunk(p)
  await playDispute(p)
  await playClocks(p)
  await playEnds(p)
  await playRounds(p)
  const whistled = await playWhistle(p)
  const found = await playOccasions(p)
  await playTask(p)
  const handed = await playHandedOver(p)
  const after = await counts(p)
  // trunk, dispute, clocks, three ends, rounds; a whistle and what was found where the settings have them
  agree('raised', after.total - before.total, 7 + whistled + found + handed)
  agree('closed', after.closed - before.closed, 2 + whistled + handed)
  agree('declined and merged', [after.declined - before.declined, after.merged - before.merged], [1, 1])
  agree(
    'counts by state add up',
    Object.entries(after).reduce((n, [state, count]) => (state === 'total' ? n : n + count), 0),
    after.total,
  )
  const rates = (await stage.call('readRates', {
    query: { unit: unit(stage, 'D'), from: '2020-01-01', to: '2199-01-01', mechanism: mechanismId },
  })) as Answer
  const base = rates['whole']
  agree('dispatched', base.dispatched, after.total - after.registered - after.declined - after.merged)
  agree('solved at the last confirmation', base.solved.numerator, settings.confirmation === 'none' ? 0 : after.closed)
}
