import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays, addMonths, dayOf, periodOf } from '#core/calendar.ts'
import { clock } from '#core/clock.ts'
import { Context, system } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { askWhatIsDue } from './actions/duty.ts'
import { duesOf, openOn } from './rules.ts'
import { findInForce, openAsks } from './store.ts'

let base: Base
let world: World
let desk: Asker
let leader: Asker
let street: Asker
let secretary: Asker
const today = dayOf(clock.now())

async function stage() {
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
  leader = await world.someone('leader', 'O')
  street = await world.someone('street-organiser', 'OS1')
  secretary = await world.someone('community-secretary', 'OC11')
}
beforeAll(async () => {
  base = await openBase()
  await stage()
})
afterAll(() => base.close())

const typed = (label: string, more: Record<string, unknown> = {}) => ({
  type: 'number',
  label,
  definition: `${label}，按期末实有计`,
  required: true,
  ...more,
})
const form = (more: Record<string, unknown> = {}) => ({
  title: '小区活动阵地情况',
  ground: '青组发〔2026〕9号',
  purpose: '安排阵地维修',
  ownerId: world.unit['O'],
  kinds: ['general-branch', 'estate-branch'],
  belowId: world.unit['O'],
  frequency: 'month',
  dueMonths: 1,
  dueDay: 25,
  validFrom: today,
  endsOn: addMonths(today, 11),
  fields: [typed('活动室面积', { measured: '平方米' })],
  ...more,
})
/** Drafted, submitted and approved by another hand. */
async function register(more: Record<string, unknown> = {}, by: Asker = desk) {
  const made = await by.post('/forms', form(more))
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  const id = made.body['id'] as string
  expect((await by.post(`/forms/${id}/submission`)).status).toBe(200)
  const decided = await leader.post(`/forms/${id}/decision`, { approve: true, reason: '确有必要' })
  expect(decided.status, JSON.stringify(decided.body)).toBe(200)
  return id
}
const codeOf = async (more: Record<string, unknown>, by: Asker = desk) =>
  (await by.post('/forms', form(more))).body['code']
/** Asks a form as its month would, whatever day this test runs on: due on the last day of this month. */
const askNow = (id: string, sizes = { minutes: 7, typed: 2, confirmed: 1 }) =>
  world.write(async (tx) => {
    const row = (await findInForce(tx, today)).find((f) => f.id === id)!
    const { to, from } = periodOf(today, 'month')
    const due = { period: today.slice(0, 7), month: from, dueOn: to }
    return openAsks(tx, { formId: id, kinds: row.kinds, belowPath: row.belowPath, due, sizeAt: () => sizes })
  })
const job = () => {
  const asker = { token: null, requestId: 'job', address: '' }
  return askWhatIsDue(new Context(base.ground, asker, { district: world.district, actor: system }))
}

describe('the registry', () => {
  it.each(['ground', 'purpose', 'frequency', 'dueDay', 'dueMonths', 'endsOn', 'fields', 'ownerId', 'kinds'])(
    'takes no form that does not state its %s (JF-09)',
    async (part) => {
      const { [part]: _, ...bare } = form() as Record<string, unknown>
      const answer = await desk.post('/forms', bare)
      expect([answer.status, answer.body['issues'][0].path]).toEqual([400, part])
    },
  )

  it('takes no field without its definition, and no form for longer than three years (JF-09)', async () => {
    expect((await desk.post('/forms', form({ fields: [typed('面积', { definition: '' })] }))).status).toBe(400)
    expect(await codeOf({ endsOn: addMonths(today, 37) })).toBe('form.bad-term')
    expect(await codeOf({ validFrom: addDays(today, -1) })).toBe('form.past-start')
  })

  it('is approved by another hand than the one that drafted it (JF-09, 等保 33)', async () => {
    const { id } = (await desk.post('/forms', form({ title: '自批' }))).body
    expect((await desk.post(`/forms/${id}/decision`, { approve: true, reason: '同意' })).body['code']).toBe(
      'form.wrong-state',
    )
    await desk.post(`/forms/${id}/submission`)
    expect((await desk.post(`/forms/${id}/decision`, { approve: true, reason: '同意' })).body['code']).toBe(
      'form.own-approval',
    )
    expect((await leader.post(`/forms/${id}/decision`, { approve: false, reason: '可由台账得出' })).body).toEqual({
      state: 'refused',
      asked: 0,
    })
    expect((await secretary.get('/form-asks')).body['total']).toBe(0)
    const page = (await desk.get(`/forms/${id}`)).body
    expect(page['form']).toMatchObject({ state: 'refused', decisionReason: '可由台账得出' })
    const edited = await desk.put(`/forms/${id}`, form({ title: '改过' }), { 'if-match': `"${page['form'].version}"` })
    expect(edited.status).toBe(200)
    expect((await desk.get(`/forms/${id}`)).body['form']).toMatchObject({ state: 'draft', decisionReason: null })
  })

  it.each([
    ['小区党支部数', 'form.held-already', 'a measure by its own name'],
    ['本社区现有小区党支部总数', 'form.held-already', 'and whatever stands around it'],
    ['党员人数', 'form.held-already', 'members'],
    ['单位名称', 'form.held-already', 'the tree'],
    ['书记姓名', 'form.personal', 'persons are in the roster'],
    ['联系人手机号码', 'form.personal', 'and their numbers'],
    ['困难党员', 'form.differs-needed', 'a like name owes its difference'],
  ])('does not ask again for %s: %s — %s (JF-09)', async (label, code) => {
    expect(await codeOf({ fields: [typed(label)] })).toBe(code)
    const checked = await desk.post('/form-label-checks', {
      label,
      ownerId: world.unit['O'],
      kinds: ['estate-branch'],
      belowId: world.unit['O'],
    })
    expect(checked.body['verdict']).toBe(
      { 'form.held-already': 'held', 'form.personal': 'personal', 'form.differs-needed': 'near' }[code],
    )
  })

  it('lets a like name pass where the difference is written, for the approver to see', async () => {
    const differs = '指列入困难台账的，不是全部党员'
    const made = await desk.post('/forms', form({ fields: [typed('困难党员', { differs })] }))
    expect(made.status).toBe(201)
    expect((await leader.get(`/forms/${made.body['id']}`)).body['fields'][0]).toMatchObject({ differs })
  })

  it('takes what is held from the measures there are: everything with a number is in the list (JF-09)', async () => {
    const measures = (await desk.get('/measures')).body['rows'] as { id: string; name: string }[]
    const { rows, total } = (await desk.get('/held-items?limit=500')).body
    const ids = new Set(rows.map((r: { id: string }) => r.id))
    expect(total).toBe(rows.length)
    expect(measures.filter((m) => !ids.has(`figures:${m.id}`))).toEqual([])
    for (const m of measures.slice(0, 25))
      expect(await codeOf({ fields: [typed(m.name.slice(0, 30))] })).not.toBe(undefined)
  })
})

describe('two forms', () => {
  beforeAll(stage)

  it('share one deadline a month where they ask the same units, and never the same thing (JF-09)', async () => {
    await register({ title: '阵地', fields: [typed('活动室面积')] })
    expect(await codeOf({ title: '阵地二', fields: [typed('活动室总面积'), typed('凳子')] })).toBe(undefined)
    expect(await codeOf({ title: '又问', fields: [typed('活动室面积数')] })).toBe('form.asked-already')
    expect(await codeOf({ title: '另一天', dueDay: 10, fields: [typed('凳子')] })).toBe('form.other-deadline')
    expect(await codeOf({ title: '别的单位', dueDay: 10, kinds: ['department'], fields: [typed('凳子')] })).toBe(
      undefined,
    )
    await register({ title: '凳子', fields: [typed('凳子')] })
    const { rows } = await base.database.transact({ district: world.district, mode: 'read' }, async ({ db }) => ({
      rows: await db.selectFrom('form_deadline').select(['unit_id', 'month']).execute(),
    }))
    expect(new Set(rows.map((r) => `${r.unit_id} ${r.month}`)).size).toBe(rows.length)
  })

  it('registered at the same moment still ask a thing once (CO-01)', async () => {
    const ids: string[] = []
    for (const title of ['甲', '乙', '丙']) {
      const { id } = (await desk.post('/forms', form({ title, fields: [typed('楼道长名额')] }))).body
      expect((await desk.post(`/forms/${id}/submission`)).status).toBe(200)
      ids.push(id)
    }
    const answers = await Promise.all(
      ids.map((id) => leader.post(`/forms/${id}/decision`, { approve: true, reason: '同意' })),
    )
    expect(answers.map((a) => a.body['code'] ?? a.status).toSorted()).toEqual([
      200,
      'form.asked-already',
      'form.asked-already',
    ])
  })
})

describe('a lower level', () => {
  let upper: string
  beforeAll(async () => {
    await stage()
    upper = await register({
      title: '上级报表',
      frequency: 'month',
      dueMonths: 0,
      dueDay: 28,
      fields: [typed('宣传栏')],
    })
    await askNow(upper, { minutes: 5, typed: 1, confirmed: 0 })
  })
  const more = (changed: Record<string, unknown> = {}) =>
    form({
      title: '街道补充',
      baseId: upper,
      ownerId: world.unit['OS1'],
      belowId: world.unit['OS1'],
      frequency: 'month',
      dueMonths: 0,
      dueDay: 28,
      fields: [typed('长椅', { required: false })],
      ...changed,
    })

  it.each([
    ['shorten the deadline', { dueDay: 20 }, 'form.base-deadline'],
    ['add what is required', { fields: [typed('长椅')] }, 'form.base-required'],
    ['ask more often', { frequency: 'quarter' }, 'form.base-frequency'],
    ['ask other units', { kinds: ['department'] }, 'form.base-targets'],
    ['go on after the form has ended', { endsOn: addMonths(today, 12) }, 'form.base-end'],
  ])('cannot %s (JF-10)', async (_, changed, code) => {
    expect((await street.post('/forms', more(changed))).body['code']).toBe(code)
  })

  it('cannot ask outside its own subtree, and not in another’s name', async () => {
    expect((await street.post('/forms', form({ ownerId: world.unit['OS1'] }))).body['code']).toBe(
      'form.outside-targets',
    )
    expect((await street.post('/forms', form())).body['code']).toBe('unit.not-found')
  })

  it('adds optional fields, shown as its own, to the same sheet with the same deadline (JF-10)', async () => {
    const made = await street.post('/forms', more())
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    await street.post(`/forms/${made.body['id']}/submission`)
    const decided = await leader.post(`/forms/${made.body['id']}/decision`, { approve: true, reason: '同意' })
    expect(decided.body).toMatchObject({ state: 'approved', asked: 0 })
    const { rows } = (await secretary.get(`/form-asks?form=${upper}`)).body as {
      rows: { id: string; minutes: number }[]
    }
    expect(rows.length).toBeGreaterThan(1)
    for (const row of rows) {
      const { fields } = (await secretary.get(`/form-asks/${row.id}`)).body as {
        fields: { label: string; from: string | null; required: boolean }[]
      }
      expect(fields.map((f) => [f.label, f.from, f.required])).toEqual([
        ['宣传栏', null, true],
        ['长椅', '临江街道党工委', false],
      ])
      expect(row.minutes).toBe(7)
    }
  })
})

describe('filling in', () => {
  let id: string
  let ask: { id: string; unitName: string }
  beforeAll(async () => {
    await stage()
    id = await register({
      title: '阵地台账',
      frequency: 'once',
      dueMonths: 1,
      dueDay: 25,
      fields: [
        { type: 'held', held: 'figures:units.building-groups' },
        typed('活动室面积'),
        typed('朝向', { type: 'choice', choices: ['南', '北'], required: false }),
      ],
    })
  })

  it('is asked of every unit of its kinds once its month has come, and only once', async () => {
    expect(await askNow(id)).toBe(2)
    expect(await askNow(id)).toBe(0)
    const { rows, total } = (await secretary.get('/form-asks?fillable=true')).body
    expect(total).toBe(2)
    ask = rows.find((r: { unitName: string }) => r.unitName.includes('小区'))
    expect(ask).toMatchObject({ title: '阵地台账', typed: 2, confirmed: 1, minutes: 7, state: 'open' })
  })

  it('shows what the system holds instead of asking, and where it comes from (JF-09)', async () => {
    const { fields } = (await secretary.get(`/form-asks/${ask.id}`)).body
    expect(fields[0]).toMatchObject({ type: 'held', label: '楼栋党小组', known: '0' })
    expect(fields[0].knownLink).toContain('units.building-groups')
  })

  it('says all faults at once, refuses private numbers, and takes what is right (PRV-01)', async () => {
    const { fields } = (await secretary.get(`/form-asks/${ask.id}`)).body as { fields: { id: string }[] }
    const [held, area, facing] = fields.map((f) => f.id) as [string, string, string]
    const send = (answers: unknown[]) => secretary.post(`/form-asks/${ask.id}/answers`, { answers })
    const wrong = await send([
      { fieldId: area, value: '很大' },
      { fieldId: facing, value: '东' },
    ])
    expect(wrong.body['code']).toBe('form.incomplete')
    expect(wrong.body['issues'].map((i: { path: string }) => i.path)).toEqual([
      `answers.${held}`,
      `answers.${area}`,
      `answers.${facing}`,
    ])
    const claim = { fieldId: held, agreed: false, claimed: '3', reason: '找林小满 13812345678' }
    expect((await send([claim, { fieldId: area, value: '80' }])).body['code']).toBe('form.private-content')
    const sent = await send([
      { ...claim, reason: '上月新建三个' },
      { fieldId: area, value: '80' },
    ])
    expect(sent.status).toBe(200)
    expect((await send([claim])).body['code']).toBe('form.wrong-state')
  })

  it('goes back with a reason, comes again, and a dispute is settled by whoever asked', async () => {
    expect((await secretary.post(`/form-asks/${ask.id}/return`, { reason: '退回' })).status).toBe(403)
    expect((await desk.post(`/form-asks/${ask.id}/return`, { reason: '面积单位是平方米' })).status).toBe(200)
    const page = (await secretary.get(`/form-asks/${ask.id}`)).body
    expect(page['ask']).toMatchObject({ state: 'returned', returnReason: '面积单位是平方米' })
    const [held, area] = page['fields'].map((f: { id: string }) => f.id)
    await secretary.post(`/form-asks/${ask.id}/answers`, {
      answers: [
        { fieldId: held, agreed: false, claimed: '3', reason: '上月新建三个' },
        { fieldId: area, value: '80.5' },
      ],
    })
    const disputed = (await desk.get(`/forms/${id}/answers?claims=true`)).body
    expect(disputed['total']).toBe(1)
    const answer = disputed['rows'][0].answers.find((a: { agreed: boolean | null }) => a.agreed === false)
    expect(answer).toMatchObject({ shown: '0', claimed: '3' })
    const words = '已补登记三个楼栋党小组'
    expect((await secretary.post(`/form-claims/${answer.id}/resolution`, { resolution: 'kept', words })).status).toBe(
      403,
    )
    expect((await desk.post(`/form-claims/${answer.id}/resolution`, { resolution: 'corrected', words })).status).toBe(
      200,
    )
    expect((await desk.post(`/form-claims/${answer.id}/resolution`, { resolution: 'kept', words })).body['code']).toBe(
      'form.no-claim',
    )
    expect((await desk.get(`/forms/${id}/answers?claims=true`)).body['total']).toBe(0)
  })

  it('is seen by the unit asked and by who asks, not by another street', async () => {
    const other = await world.someone('community-secretary', 'OC21')
    expect((await other.get(`/form-asks/${ask.id}`)).body['code']).toBe('form.ask-not-found')
    expect((await other.get('/form-asks')).body['total']).toBe(0)
  })

  it('stops being asked where the form is stopped; what was answered stays', async () => {
    expect((await desk.post(`/forms/${id}/stop`, { reason: '改由台账得出' })).body).toEqual({
      state: 'stopped',
      freed: 1,
    })
    const { rows } = (await secretary.get('/form-asks')).body as { rows: { state: string }[] }
    expect(rows.map((r) => r.state).toSorted()).toEqual(['filled', 'void'])
  })
})

describe('the burden', () => {
  it('is what was asked, by whom, in minutes of one formula; repeats are counted and are none (JF-09)', async () => {
    await stage()
    const month = today.slice(0, 7)
    const hall = await register({
      title: '阵地',
      fields: [typed('活动室面积'), { type: 'held', held: 'figures:units.branches' }],
    })
    const own = await register(
      { title: '街道活动', ownerId: world.unit['OS1'], belowId: world.unit['OS1'], fields: [typed('凳子')] },
      street,
    )
    await askNow(hall, { minutes: 6, typed: 1, confirmed: 1 })
    await askNow(own, { minutes: 5, typed: 1, confirmed: 0 })
    const all = (await desk.get(`/burden?month=${month}`)).body
    // general branch and estate branch: 3 + 2 + 1 minutes and 3 + 2 minutes each
    expect(all).toMatchObject({ units: 2, asks: 4, minutes: 22, typed: 4, confirmed: 2, repeats: 0, open: 4 })
    expect(all['owners'].map((o: { ownerName: string; minutes: number }) => [o.ownerName, o.minutes])).toEqual([
      ['中共青石区委', 12],
      ['临江街道党工委', 10],
    ])
    const { rows, total } = (await desk.get(`/burden/units?month=${month}`)).body
    expect([total, rows[0].minutes, rows[0].forms.length]).toEqual([2, 11, 2])
    const seen = (await secretary.get(`/burden?month=${month}&unit=${world.unit['E111']}`)).body
    expect(seen).toMatchObject({ units: 1, asks: 2 })
    const ids = 'forms.asked,forms.minutes,forms.units-asked,forms.minutes-each,forms.repeats,forms.in-force'
    const { figures } = (await desk.get(`/figures?measures=${ids}&period=${month}`)).body
    expect(figures.map((f: { value: number }) => f.value)).toEqual([4, 22, 2, 11, 0, 2])
    // the guard is tested too: the same thing asked twice behind the registry's back is found
    await world.write(async (tx) => {
      const row = {
        district_id: tx.district,
        id: newId(),
        form_id: own,
        seq: 2,
        label: '活动室面积',
        term: '活动室面积',
      }
      await tx.db
        .insertInto('form_field')
        .values({ ...row, definition: '又一次', type: 'number', required: true })
        .execute()
    })
    expect((await desk.get(`/burden?month=${month}`)).body['repeats']).toBe(2)
    const [repeats] = (await desk.get(`/figures?measures=forms.repeats&period=${month}`)).body['figures']
    expect(repeats.value).toBe(2)
  })
})

describe('deadlines', () => {
  const terms = {
    frequency: 'quarter',
    dueMonths: 1,
    dueDay: 10,
    validFrom: '2026-02-01',
    endsOn: '2026-12-01',
  } as const

  it('follow the period, on a working day of the month named', () => {
    expect(duesOf(terms).map((d) => [d.period, d.dueOn])).toEqual([
      ['2026-Q1', '2026-04-10'],
      ['2026-Q2', '2026-07-10'],
      ['2026-Q3', '2026-10-10'],
      ['2026-Q4', '2027-01-11'],
    ])
    // 1 to 7 October is a holiday; 28 February 2026 is a Saturday on which work is done
    const once = { ...terms, frequency: 'once', dueMonths: 0, endsOn: '2027-01-01' } as const
    expect(duesOf({ ...once, dueDay: 1, validFrom: '2026-10-01' })[0]).toMatchObject({ dueOn: '2026-10-08' })
    expect(duesOf({ ...once, dueDay: 28, validFrom: '2026-02-01' })[0]).toMatchObject({ dueOn: '2026-02-28' })
    expect(duesOf({ ...terms })[3]).toMatchObject({ provisional: true })
  })

  it('open with their month, never after their day, and not within five days of the decision', () => {
    const open = (decidedOn: string, on: string) => openOn(terms, decidedOn, on).map((d) => d.period)
    expect(open('2026-02-01', '2026-03-31')).toEqual([])
    expect(open('2026-02-01', '2026-04-01')).toEqual(['2026-Q1'])
    expect(open('2026-02-01', '2026-04-10')).toEqual(['2026-Q1'])
    expect(open('2026-02-01', '2026-04-11')).toEqual([])
    expect(open('2026-04-06', '2026-04-06')).toEqual([])
  })

  it('of one unit and month move together to the latest, never apart (JF-09)', async () => {
    await stage()
    const a = await register({ title: '甲', fields: [typed('活动室面积')] })
    const b = await register({ title: '乙', fields: [typed('凳子')] })
    await askNow(a)
    const { to, from } = periodOf(today, 'month')
    const later = addDays(to, 3)
    await world.write(async (tx) => {
      const row = (await findInForce(tx, today)).find((f) => f.id === b)!
      const due = { period: 'x', month: from, dueOn: later }
      const sizeAt = () => ({ minutes: 1, typed: 1, confirmed: 0 })
      await openAsks(tx, { formId: b, kinds: row.kinds, belowPath: row.belowPath, due, sizeAt })
    })
    const { rows } = (await desk.get('/form-asks?limit=100')).body as { rows: { dueOn: string }[] }
    expect(rows.length).toBe(4)
    expect(new Set(rows.map((r) => r.dueOn))).toEqual(new Set([later]))
  })

  it('are found by the daily job by state: what the day says is due, once', async () => {
    await stage()
    const id = await register({ title: '甲', frequency: 'month', dueMonths: 0, dueDay: 28, fields: [typed('凳子')] })
    await world.write(async (tx) => {
      await tx.db
        .updateTable('form')
        .set({ decided_on: addDays(today, -40) })
        .where('id', '=', id)
        .execute()
    })
    const row = {
      frequency: 'month',
      dueMonths: 0,
      dueDay: 28,
      validFrom: today,
      endsOn: addMonths(today, 11),
    } as const
    const due = openOn(row, addDays(today, -40), today).length
    const asked = (await desk.get('/form-asks')).body['total'] as number
    expect(await job()).toEqual(asked === 0 && due > 0 ? { forms: 1, asks: 2 } : { forms: 0, asks: 0 })
    expect(await job()).toEqual({ forms: 0, asks: 0 })
    expect((await desk.get('/form-asks')).body['total']).toBe(due > 0 ? 2 : 0)
  })
})
