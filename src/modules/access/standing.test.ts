// Rights are kept between requests: after whatever changes them, the very next request must see what a fresh reading sees.
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { clock } from '#core/clock.ts'
import type { WriteTx } from '#core/context.ts'
import type { Grant } from '#core/permissions.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { days, hours, later, now } from './fixtures.ts'
import { standingOf } from './store.ts'

let base: Base
let world: World
let who: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
})
afterEach(now)
afterAll(() => base.close())

const plain = (grants: readonly Grant[]) =>
  grants.map((g) => JSON.stringify([g.role, g.unitId, [...g.verbs], g.ranges])).toSorted()

/** What the next request may do, and what a reading that keeps nothing finds. */
async function rights(asker: Asker) {
  const { access, database } = base.ground
  const first = access.ask(world.district, { token: asker.token, requestId: '', address: '' })
  const scope = { district: world.district, mode: 'read', first } as const
  const kept = await database.transact(scope, (o) => access.judge({ ...o, district: world.district, asker }))
  const never = -1 - Math.floor(Math.random() * 1e9)
  const fresh = await database.transact({ district: world.district, mode: 'read' }, (o) => {
    const { accountId, personId } = kept
    const counted = { accountId: accountId as string, personId, rights: never, edition: 0 }
    return standingOf({ ...o, district: world.district }, counted, o.now)
  })
  // the fresh reading is now what is kept; once more, so that the next change meets rights kept under true counts
  await database.transact(scope, (o) => access.judge({ ...o, district: world.district, asker }))
  return { kept: plain(kept.grants), fresh: plain(fresh.grants) }
}

const run = (text: string, ...values: unknown[]) =>
  world.write((tx: WriteTx) => {
    const parts = text.split('?').map((part) => sql.raw(part))
    return sql
      .join(
        parts.flatMap((part, i) => (i < values.length ? [part, sql`${values[i]}`] : [part])),
        sql``,
      )
      .execute(tx.db)
  })

const mandate = (role: string, unit: string, [from, to]: [string, string]) =>
  run(
    `insert into mandate (district_id, id, account_id, role_id, unit_id, valid_from, valid_to) values (?, gen_random_uuid(), ?, ?, ?, ?, ?)`,
    world.district,
    who.accountId,
    role,
    world.unit[unit],
    from,
    to,
  )

/** Time goes by; the sessions are kept alive. */
async function pass(millis: number) {
  later(millis)
  await run('update session set expires_at = ?, used_at = ? where district_id = ?', at(hours(9)), at(0), here())
}

const at = (ahead: number) => new Date(clock.millis() + ahead).toISOString()
const dayAt = (ahead: number) => new Date(clock.millis() + ahead + hours(8)).toISOString().slice(0, 10)
const here = () => world.district

const changes: [what: string, make: () => unknown][] = [
  ['a mandate is given', () => mandate('community-secretary', 'OC11', [at(-hours(1)), 'infinity'])],
  [
    'a mandate begins at its moment',
    async () => {
      await mandate('street-organiser', 'OS1', [at(hours(0.5)), at(hours(1.5))])
      await rights(who)
      await pass(hours(1))
    },
  ],
  ['a mandate ends at its moment', () => pass(hours(1))],
  [
    'the verbs of a role change',
    () =>
      run(
        `update role set verbs = verbs || '{demand.import}' where district_id = ? and id = 'community-secretary'`,
        here(),
      ),
  ],
  [
    'an organisation serves another place',
    () =>
      run(
        `insert into unit_link (district_id, id, kind, from_id, to_id, valid_from) values (?, gen_random_uuid(), 'serves', ?, ?, '2020-01-01')`,
        here(),
        world.unit['OC11'],
        world.unit['E211'],
      ),
  ],
  [
    'it serves it no longer',
    () =>
      run(
        `update unit_link set valid_to = '2021-01-01' where district_id = ? and from_id = ? and to_id = ?`,
        here(),
        world.unit['OC11'],
        world.unit['E211'],
      ),
  ],
  [
    'a place moves',
    () => run(`update unit set path = path || 'zz.' where district_id = ? and id = ?`, here(), world.unit['C11']),
  ],
  [
    'the holder reports to a community',
    () =>
      run(
        `insert into registration (district_id, id, person_id, place_id, place_path, reported_on, confirmed_on) values (?, gen_random_uuid(), ?, ?, ?, '2020-01-01', '2020-01-01')`,
        here(),
        who.personId,
        world.unit['C21'],
        world.path['C21'],
      ),
  ],
  [
    'his registration passes to another place',
    () =>
      run(
        `update registration set place_id = ?, place_path = ? where district_id = ? and person_id = ?`,
        world.unit['C12'],
        world.path['C12'],
        here(),
        who.personId,
      ),
  ],
  [
    'his registration ends tomorrow, and tomorrow comes',
    async () => {
      await run(
        `update registration set ended_on = ? where district_id = ? and person_id = ?`,
        dayAt(days(1)),
        here(),
        who.personId,
      )
      await rights(who)
      await pass(days(1))
    },
  ],
  [
    'his record is merged with one that is reported',
    async () => {
      const other = await world.someone('member', 'C21', { register: 'C21' })
      await run(
        `update person set merged_into = ? where district_id = ? and id = ?`,
        who.personId,
        here(),
        other.personId,
      )
    },
  ],
  [
    'the merged record reports elsewhere',
    () =>
      run(
        `update registration set place_id = ? where district_id = ? and person_id in (select id from person where merged_into = ?)`,
        world.unit['C12'],
        here(),
        who.personId,
      ),
  ],
  [
    'the merge is undone',
    () => run(`update person set merged_into = null where district_id = ? and merged_into = ?`, here(), who.personId),
  ],
  [
    'the account passes to another person',
    async () => {
      const other = await world.someone('member', 'C12', { register: 'C12' })
      await run(`update account set person_id = null where district_id = ? and id = ?`, here(), other.accountId)
      await run(
        `update account set person_id = ? where district_id = ? and id = ?`,
        other.personId,
        here(),
        who.accountId,
      )
    },
  ],
  [
    'all mandates end now',
    () =>
      run(
        `update mandate set valid_to = greatest(valid_from, ?::timestamptz) where district_id = ? and account_id = ?`,
        at(0),
        here(),
        who.accountId,
      ),
  ],
]

test('AZ-21: after every change of what rights rest on, the next request has them as they are now', async () => {
  who = await world.someone('grid-worker', 'E111', { person: true })
  let before = await rights(who)
  expect(before.kept).toEqual(before.fresh)
  for (const [what, make] of changes) {
    await make()
    const after = await rights(who)
    expect(after.kept, what).toEqual(after.fresh)
    expect(after.kept, `${what}: a change that changes nothing proves nothing`).not.toEqual(before.kept)
    before = after
  }
})
