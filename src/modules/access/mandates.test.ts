import fc from 'fast-check'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clock } from '#core/clock.ts'
import { Context, system } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { retireIdleAccounts } from './actions/accounts.ts'
import {
  days,
  hours,
  later,
  minutes,
  newcomer,
  now,
  type Officers,
  officersOf,
  PASSWORD,
  withToken,
} from './fixtures.ts'

let base: Base
let world: World
let officers: Officers

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  officers = await officersOf(world)
})
afterEach(now)
afterAll(() => base.close())

const at = (ahead: number) => new Date(clock.millis() + ahead).toISOString()
const grant = (who: Asker, accountId: string | null, [role, unit]: [role: string, unit: string], more: object = {}) =>
  who.post('/mandates', { accountId, role, unitId: world.unit[unit], reason: '岗位需要', ...more })
const code = (answer: { body: Record<string, any> }) => answer.body['code'] as string

describe('an account', () => {
  it('comes with an invitation of one use and 24 hours, and no officer learns a password (A-07, AU-11)', async () => {
    const made = await officers.system.post('/accounts', { login: 'chenxing', name: '陈星', unitId: world.unit['C11'] })
    expect(made.status).toBe(201)
    const token = made.body['token'] as string
    expect(token).toMatch(/^\d+\.[\w-]{43}$/)
    const accept = (t: string) => world.nobody.post('/invitations/acceptance', { token: t, password: PASSWORD })
    const [one, two] = await Promise.all([accept(token), accept(token)])
    expect([one.status, two.status].toSorted()).toEqual([201, 404])
    expect(code(await accept(token))).toBe('access.dead-invitation')
    const stored = await world.write((tx) =>
      tx.db.selectFrom('invitation').selectAll().where('district_id', '=', world.district).execute(),
    )
    expect(JSON.stringify(stored)).not.toContain(token.split('.')[1])
  })

  it('keeps an expired invitation dead, and a newer one voids the older (AU-11)', async () => {
    const made = await officers.system.post('/accounts', { login: 'guqiu', name: '顾秋', unitId: world.unit['C11'] })
    const newer = await officers.system.post(`/accounts/${made.body['accountId']}/invitations`)
    const look = (t: string) => world.nobody.post('/invitations/opening', { token: t })
    expect((await look(made.body['token'])).status).toBe(404)
    expect((await look(newer.body['token'])).body).toMatchObject({ login: 'guqiu', secondFactor: 'none' })
    later(hours(24) + 1000)
    expect((await look(newer.body['token'])).status).toBe(404)
    expect(
      (await world.nobody.post('/invitations/acceptance', { token: newer.body['token'], password: PASSWORD })).status,
    ).toBe(404)
  })

  it('reset by an invitation still asks for its second factor (AU-07)', async () => {
    const desk = await newcomer(world, officers, [['district-desk', 'O']])
    const again = await officers.system.post(`/accounts/${desk.accountId}/invitations`)
    const token = again.body['token'] as string
    expect((await world.nobody.post('/invitations/opening', { token })).body).toMatchObject({
      secondFactor: 'enrolled',
      enrolment: null,
    })
    expect(code(await world.nobody.post('/invitations/acceptance', { token, password: 'Other-Words-17' }))).toBe(
      'access.wrong-code',
    )
    expect(
      code(await world.nobody.post('/invitations/acceptance', { token, password: 'Other-Words-17', code: '000000' })),
    ).toBe('access.wrong-code')
    const cleared = await officers.security.post(`/accounts/${desk.accountId}/second-factor/clearance`, {
      reason: '手机遗失',
    })
    expect(cleared.status).toBe(204)
    expect((await withToken(base, desk.token).get('/me')).status).toBe(401)
    expect((await world.nobody.post('/invitations/opening', { token })).status).toBe(404)
    const fresh = await officers.system.post(`/accounts/${desk.accountId}/invitations`)
    expect((await world.nobody.post('/invitations/opening', { token: fresh.body['token'] })).body['secondFactor']).toBe(
      'enrol',
    )
  })

  it('keeps its login for ever, and a person has one account in use (等保 1)', async () => {
    const login = 'tangyuan'
    const body = { login, name: '唐远', unitId: world.unit['C11'] }
    const made = await officers.system.post('/accounts', body)
    await officers.system.post(`/accounts/${made.body['accountId']}/disablement`, { reason: '离职' })
    expect(code(await officers.system.post('/accounts', body))).toBe('access.login-taken')
    const member = await world.someone('member', 'C11', { person: true })
    const second = await officers.system.post('/accounts', {
      login: 'second1',
      name: '林小满',
      unitId: world.unit['C11'],
      personId: member.personId,
    })
    expect(code(second)).toBe('access.person-has-account')
    const foreign = await officers.system.post('/accounts', {
      login: 'second2',
      name: '无此人',
      unitId: world.unit['C11'],
      personId: world.unit['C11'],
    })
    expect(foreign.status).toBe(404)
  })

  it('is put at a unit its officer knows by name only, and only in his range (等保 12, AZ-15)', async () => {
    const found = async (who: Asker, search: string) => {
      const { status, body } = await who.get(`/account-units?search=${encodeURIComponent(search)}`)
      return status === 200 ? (body['rows'] as { name: string }[]).map((u) => u.name) : status
    }
    expect(await found(officers.system, '临江')).toContain('临江街道')
    expect((await officers.system.get(`/units?search=${encodeURIComponent('临江')}`)).status).toBe(403)
    const street = await world.someone('system-officer', 'OS1')
    expect(await found(street, '花园')).not.toEqual([])
    expect(await found(street, '柳林')).toEqual([])
    expect(await found(officers.audit, '临江')).toBe(403)
  })

  it('is seen and kept only by officers of its unit; outside there is none (A-13)', async () => {
    const street = await world.someone('system-officer', 'S2')
    const { accountId } = await newcomer(world, officers)
    expect((await street.get('/accounts')).body['rows'].map((a: { id: string }) => a.id)).toEqual([street.accountId])
    expect((await street.post(`/accounts/${accountId}/disablement`, { reason: '越权' })).status).toBe(404)
    expect((await street.post('/accounts', { login: 'nosuch', name: '某某', unitId: world.unit['C11'] })).status).toBe(
      404,
    )
    const listed = await officers.system.get('/accounts?limit=500')
    expect(listed.body['rows'].find((a: { id: string }) => a.id === accountId)).toMatchObject({
      state: 'active',
      mandates: 0,
      sessions: 1,
      can: ['account.write'],
    })
  })
})

describe('a mandate', () => {
  it('works on the next request and is gone on the next request (AZ-21, A-22)', async () => {
    const { accountId, token } = await newcomer(world, officers)
    const own = withToken(base, token)
    expect((await own.get('/units')).status).toBe(403)
    const given = await grant(officers.security, accountId, ['grid-worker', 'C11'])
    expect(given.body).toMatchObject({ requestId: null })
    expect((await own.get('/units')).status).toBe(200)
    let refusedBefore = 0
    const burst = Promise.all(
      Array.from({ length: 40 }, async () => ((await own.get('/units')).status === 200 ? 0 : refusedBefore++)),
    )
    expect((await officers.security.post(`/mandates/${given.body['mandateId']}/end`, { reason: '调离' })).body).toEqual(
      { ended: 1 },
    )
    expect((await own.get('/units')).status).toBe(403)
    await burst
    expect(code(await officers.security.post(`/mandates/${given.body['mandateId']}/end`, { reason: '调离' }))).toBe(
      'access.already-ended',
    )
  })

  it('begins and ends to the second (AZ-37)', async () => {
    const { accountId, token } = await newcomer(world, officers)
    expect(
      code(await grant(officers.security, accountId, ['grid-worker', 'C12'], { from: at(hours(2)), to: at(hours(1)) })),
    ).toBe('access.wrong-term')
    expect(
      (await grant(officers.security, accountId, ['grid-worker', 'C11'], { from: at(minutes(5)), to: at(minutes(10)) }))
        .status,
    ).toBe(201)
    const status = async () => (await withToken(base, token).get('/units')).status
    expect(await status()).toBe(403)
    later(minutes(5) + 500)
    expect(await status()).toBe(200)
    later(minutes(5))
    expect(await status()).toBe(403)
  })

  it('of whoever approves, signs, exports or grants wants a second factor, because of his verbs and not of his name (A-04)', async () => {
    const { rows } = (await officers.system.get('/roles')).body as { rows: { id: string; secondFactor: boolean }[] }
    const wanted = rows.filter((r) => r.secondFactor).map((r) => r.id)
    expect(wanted.toSorted()).toEqual(
      ['audit-officer', 'district-desk', 'leader', 'security-officer', 'street-organiser', 'system-officer'].toSorted(),
    )
    const plain = await newcomer(world, officers, [['community-secretary', 'OC11']])
    expect(code(await grant(officers.security, plain.accountId, ['leader', 'O']))).toBe('access.second-factor-missing')
  })

  it('isn’t given to oneself, beyond one’s range, twice, or to a shut account (A-17, AZ-22)', async () => {
    const { accountId } = await newcomer(world, officers)
    const street = await world.someone('security-officer', 'S1')
    expect(code(await grant(officers.security, officers.security.accountId, ['leader', 'D']))).toBe('access.self-grant')
    expect((await grant(street, accountId, ['leader', 'S2'])).status).toBe(404)
    expect((await grant(street, accountId, ['leader', 'D'])).status).toBe(404)
    expect((await grant(officers.system, accountId, ['leader', 'D'])).status).toBe(403)
    expect((await grant(officers.security, accountId, ['no-such-role', 'D'])).status).toBe(404)
    expect((await grant(street, accountId, ['grid-worker', 'C11'])).status).toBe(201)
    expect(code(await grant(street, accountId, ['grid-worker', 'C11']))).toBe('access.already-granted')
    expect(code(await grant(officers.security, accountId, ['district-desk', 'O']))).toBe('access.second-factor-missing')
    await officers.system.post(`/accounts/${accountId}/disablement`, { reason: '离职' })
    expect(code(await grant(officers.security, accountId, ['leader', 'D']))).toBe('access.account-state')
  })

  it('at an organisation doesn’t carry the places it serves past the grantor’s range (A-17)', async () => {
    const inner = await world.someone('security-officer', 'OC21')
    const { accountId } = await newcomer(world, officers)
    await world.write((tx) =>
      tx.db
        .updateTable('account')
        .set({ unit_id: world.unit['OC21'] as string })
        .where('district_id', '=', world.district)
        .where('id', '=', accountId)
        .execute(),
    )
    const child = (await world.write(async (tx) => {
      const { insertLinks, insertUnits } = await import('#modules/units/index.ts')
      const [made] = await insertUnits(tx, [
        {
          tree: 'org',
          kind: 'group',
          name: '柳林村一组',
          parentId: world.unit['OC21'] as string,
          openedOn: '2020-01-01',
        },
      ])
      await insertLinks(tx, [
        { kind: 'serves', fromId: made?.id as string, toId: world.unit['S1'] as string, validFrom: '2020-01-01' },
      ])
      return made?.id
    })) as string
    const asked = await inner.post('/mandates', {
      accountId,
      role: 'community-secretary',
      unitId: child,
      reason: '越界试探',
    })
    expect(code(asked)).toBe('access.beyond-own')
  })

  it('of an officer waits for a second officer, who confirms exactly what he saw (AZ-30, AZ-31, 等保 12, 33)', async () => {
    const second = await world.someone('security-officer', 'O')
    const { accountId, token } = await newcomer(world, officers)
    const asked = await grant(officers.security, accountId, ['leader', 'D'])
    await officers.security.post(`/mandates/${asked.body['mandateId']}/end`, { reason: '改任' })
    await withToken(base, token).post('/me/second-factor')
    await world.write((tx) =>
      tx.db
        .updateTable('account')
        .set((e) => ({ totp_sealed: e.ref('totp_pending') }))
        .where('district_id', '=', world.district)
        .where('id', '=', accountId)
        .execute(),
    )
    const waiting = await grant(officers.security, accountId, ['audit-officer', 'O'])
    expect(waiting.body).toMatchObject({ mandateId: null })
    const id = waiting.body['requestId'] as string
    const seen = (await second.get('/mandate-requests')).body['rows'].find((r: { id: string }) => r.id === id)
    expect(seen).toMatchObject({ role: 'audit-officer', accountId, can: ['mandate.confirm'] })
    const decide = (who: Asker, hash = seen.hash as string, granted = true) =>
      who.post(`/mandate-requests/${id}/decision`, { hash, granted })
    expect(code(await decide(officers.security))).toBe('access.same-officer')
    expect(code(await decide(second, 'a'.repeat(64)))).toBe('access.content-changed')
    await world.write((tx) =>
      tx.db
        .updateTable('mandate_request')
        .set({ reason: '换了内容' })
        .where('district_id', '=', world.district)
        .where('id', '=', id)
        .execute(),
    )
    expect(code(await decide(second))).toBe('access.content-changed')
    await world.write((tx) =>
      tx.db
        .updateTable('mandate_request')
        .set({ reason: '岗位需要' })
        .where('district_id', '=', world.district)
        .where('id', '=', id)
        .execute(),
    )
    const both = await Promise.all([decide(second), decide(officers.system)])
    expect(both.map((a) => a.status).toSorted()).toEqual([200, 409])
    expect(code(await decide(second))).toBe('access.already-decided')
    expect(code(await grant(officers.security, accountId, ['leader', 'D']))).toBe('access.officers-apart')
  })

  it('keeps system, security and audit officers apart, even in a race (等保 12, A-21)', async () => {
    const { accountId } = await newcomer(world, officers)
    const insert = (role: string, officer: string) =>
      world.write(async (tx) => {
        const { insertMandate } = await import('./store.ts')
        const found = { id: role, name: role, verbs: [], officer: officer as 'system' }
        return insertMandate(tx, {
          accountId,
          role: found,
          unitId: world.unit['O'] as string,
          from: tx.now,
          to: null,
          grantedBy: null,
        })
      })
    const done = await Promise.allSettled([
      insert('system-officer', 'system'),
      insert('security-officer', 'security'),
      insert('audit-officer', 'audit'),
    ])
    expect(done.filter((d) => d.status === 'fulfilled')).toHaveLength(1)
    for (const d of done) if (d.status === 'rejected') expect(d.reason.constraint).toBe('mandate_officers_apart')
  })
})

describe('the last of the three officers', () => {
  // districts of their own: whoever is taken away here is missed by nobody else
  const alone = async () => {
    const w = await plantWorld(base)
    const own = await officersOf(w)
    const mandates = async () => {
      const rows = await w.write((tx) =>
        tx.db
          .selectFrom('mandate')
          .select(['id', 'account_id', 'officer', 'valid_to'])
          .where('district_id', '=', w.district)
          .execute(),
      )
      return rows
    }
    const end = async (who: Asker, whose: Asker) => {
      const found = (await mandates()).find((r) => r.account_id === whose.accountId)
      return who.post(`/mandates/${found?.id}/end`, { reason: '轮岗' })
    }
    return { w, own, mandates, end }
  }

  it('stays: of two security officers who end each other at once one is left (CO-06)', async () => {
    const { w, own, mandates, end } = await alone()
    const second = await w.someone('security-officer', 'O')
    const both = await Promise.all([end(own.security, second), end(second, own.security)])
    // whoever came second is told that he is the last, or has no mandate any more to end anything with
    expect(both.filter((a) => a.status === 200)).toHaveLength(1)
    expect(both.find((a) => a.status !== 200)?.status).toSatisfy((s: number) => [403, 404, 409].includes(s))
    const now = new Date().toISOString()
    expect((await mandates()).filter((m) => m.officer === 'security' && m.valid_to > now)).toHaveLength(1)
  })

  it('stays also where who waited had begun before him he waited for (CO-06)', async () => {
    const { w, own, mandates, end } = await alone()
    const second = await w.someone('security-officer', 'O')
    const other = new pg.Client({ connectionString: base.ownerUrl })
    await other.connect()
    await other.query(`begin; set local app.district = ${w.district}; set local app.recorded = 1`)
    await other.query('select 1 from mandate where officer is not null order by id for update')
    const waiting = end(own.security, second)
    const waits = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    await expect.poll(async () => (await other.query(waits)).rowCount).toBe(1)
    await other.query('update mandate set valid_to = clock_timestamp() where account_id = $1', [own.security.accountId])
    await other.query('commit')
    await other.end()
    expect(code(await waiting)).toBe('access.last-officer')
    const now = new Date().toISOString()
    expect((await mandates()).filter((m) => m.officer === 'security' && m.valid_to > now)).toHaveLength(1)
  })

  it('is neither ended nor shut, nor retired for idleness; with a second one he may go (CO-06)', async () => {
    const { w, own, end } = await alone()
    const idle = await w.someone('leader', 'D')
    const shut = (id: string | null) => own.system.post(`/accounts/${id}/disablement`, { reason: '离任' })
    expect(code(await end(own.security, own.audit))).toBe('access.last-officer')
    expect(code(await shut(own.audit.accountId))).toBe('access.last-officer')
    later(days(120))
    const asker = { token: null, requestId: newId(), address: '' }
    const retired = await retireIdleAccounts(new Context(base.ground, asker, { district: w.district, actor: system }))
    now()
    expect(retired).toBe(1)
    expect((await idle.get('/me')).status).toBe(401)
    expect((await own.audit.get('/me')).status).toBe(200)
    await w.someone('audit-officer', 'O')
    expect((await shut(own.audit.accountId)).status).toBe(204)
  })
})

describe('a delegation', () => {
  const delegate = (who: Asker, mandateId: string, body: object) =>
    who.post(`/mandates/${mandateId}/delegations`, {
      unitId: world.unit['C11'],
      to: at(days(10)),
      reason: '休假',
      ...body,
    })

  it('lends one’s own role at one’s unit or below for at most 90 days, and ends with it', async () => {
    const holder = await newcomer(world, officers)
    const deputy = await newcomer(world, officers)
    const given = await grant(officers.security, holder.accountId, ['department-handler', 'OS1'])
    const own = withToken(base, holder.token)
    const id = given.body['mandateId'] as string
    const login = { login: deputy.login }
    const mine = async (who: Asker) => (await who.get('/me/record')).body['mandates'] as Record<string, unknown>[]
    expect(await mine(own)).toMatchObject([{ id, unitName: '临江街道党工委', delegated: false, can: ['delegate'] }])
    expect((await mine(officers.security)).every((m) => (m['can'] as string[]).length === 0)).toBe(true)
    expect(code(await delegate(own, id, { ...login, to: at(days(91)) }))).toBe('access.beyond-own')
    expect((await delegate(own, id, { ...login, unitId: world.unit['C21'] })).status).toBe(404)
    expect((await delegate(own, id, { login: 'nobody-here' })).status).toBe(404)
    expect(code(await delegate(own, id, { login: holder.login }))).toBe('access.self-grant')
    const lent = await delegate(own, id, login)
    expect(lent.status).toBe(201)
    const acting = withToken(base, deputy.token)
    expect((await acting.get('/units')).status).toBe(200)
    expect(code(await delegate(acting, lent.body['mandateId'], { login: holder.login }))).toBe('access.beyond-own')
    expect((await delegate(acting, id, login)).status).toBe(404)
    expect((await officers.security.post(`/mandates/${id}/end`, { reason: '调离' })).body).toEqual({ ended: 2 })
    expect((await acting.get('/units')).status).toBe(403)
  })

  it('is ended by its giver and given back by its taker, and by no other holder', async () => {
    const holder = await newcomer(world, officers)
    const [one, two] = [await newcomer(world, officers), await newcomer(world, officers)]
    const given = await grant(officers.security, holder.accountId, ['community-secretary', 'OC11'])
    const own = withToken(base, holder.token)
    const lend = async (login: string) =>
      (await delegate(own, given.body['mandateId'], { login })).body['mandateId'] as string
    const [first, second] = [await lend(one.login), await lend(two.login)]
    const lent = async () => (await own.get('/me/record')).body['lent'] as Record<string, unknown>[]
    expect(new Set((await lent()).map((l) => l['id']))).toEqual(new Set([first, second]))
    const end = (token: string, id: string) => withToken(base, token).post(`/mandates/${id}/end`, { reason: '结束' })
    expect((await end(one.token, second)).status).toBe(404)
    expect((await end(two.token, second)).body).toEqual({ ended: 1 })
    expect((await end(holder.token, first)).body).toEqual({ ended: 1 })
    expect(await lent()).toEqual([])
    expect((await end(holder.token, given.body['mandateId'])).status).toBe(403)
  })

  it('and a grant never reach beyond the giver, for random givers, units and roles (A-17)', async () => {
    const units = Object.keys(world.unit)
    const { can } = await import('#core/permissions.ts')
    const givers = new Map<string, Asker>()
    const taker = await newcomer(world, officers)
    await world.write((tx) =>
      tx.db
        .updateTable('account')
        .set({ unit_id: world.unit['E111'] as string })
        .where('district_id', '=', world.district)
        .where('id', '=', taker.accountId)
        .execute(),
    )
    const grantsOf = async (who: Asker) => {
      const { access, database } = base.ground
      const first = access.ask(world.district, { token: who.token, requestId: '', address: '' })
      return database.transact({ district: world.district, mode: 'read', first }, (opened) =>
        access.judge({ ...opened, district: world.district, asker: who }),
      )
    }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...units), fc.constantFrom(...units), async (giverAt, target) => {
        const giver = givers.get(giverAt) ?? (await world.someone('security-officer', giverAt))
        givers.set(giverAt, giver)
        const answer = await grant(giver, taker.accountId, ['grid-worker', target])
        const actor = await grantsOf(giver)
        if (answer.status === 201) {
          const got = await grantsOf(withToken(base, taker.token))
          for (const grantNow of got.grants)
            for (const r of grantNow.ranges) expect(can(actor, 'mandate.grant', `${r.from}`)).toBe(true)
          await officers.security.post(`/mandates/${answer.body['mandateId']}/end`, { reason: '清理' })
        } else expect([403, 404]).toContain(answer.status)
        expect(answer.status === 201).toBe(
          can(actor, 'account.read', world.path['E111'] as string) &&
            can(actor, 'mandate.grant', world.path[target] as string),
        )
      }),
      { numRuns: 60 },
    )
  })
})
