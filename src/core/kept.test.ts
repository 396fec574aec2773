// What is kept under the edition: nothing older is ever told, and whatever is kept moves the edition when it changes. [C-2]
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Base, openBase, plantWorld, type World } from '../../test/harness.ts'
import { editionOf } from './db.ts'
import { underEdition } from './kept.ts'

let base: Base
let world: World
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
})
afterAll(() => base.close())

const edition = () =>
  base.ground.database.transact({ district: world.district, mode: 'read' }, async ({ db }) => {
    const { rows } = await sql<{ edition: number }>`select ${editionOf(world.district)} as edition`.execute(db)
    return rows[0]?.edition ?? 0
  })

const changes = {
  'a unit is called otherwise': () =>
    sql`update unit set name = '新名' where district_id = ${world.district} and id = ${world.unit['C11']}`,
  'a name is decided for a day to come': () =>
    sql`update unit_version set name = '改名' where district_id = ${world.district} and unit_id = ${world.unit['C11']}`,
  'a measure is defined': () => sql`
    insert into measure (district_id, id, version, definition, owner_id, valid_from, reason, decided_by, decided_at)
    values (${world.district}, 'own.kept', 1, '{}', ${world.unit['O']}, '2020-01-01', '试', '试', now())`,
  'a measure ends': () =>
    sql`update measure set valid_to = '2021-01-01' where district_id = ${world.district} and id = 'own.kept'`,
  'a mechanism is set otherwise': () =>
    sql`update mechanism set version = version + 1 where district_id = ${world.district} and id = '365-service'`,
}

test.each(Object.entries(changes))('the edition moves on when %s', async (_, change) => {
  const before = await edition()
  await world.write((tx) => change().execute(tx.db))
  expect(await edition()).toBeGreaterThan(before)
})

test('an older edition neither reads nor spoils what a newer one keeps, and what is not found is asked again', async () => {
  const district = 999_001
  let asked = 0
  const ask = (edition: number | null, answer: string | undefined) =>
    underEdition({ district, edition }, ['what'], async () => {
      asked++
      return answer
    })
  expect([await ask(5, undefined), await ask(5, 'five'), await ask(5, 'other'), asked]).toEqual([
    undefined,
    'five',
    'five',
    2,
  ])
  expect([await ask(4, 'four'), await ask(null, 'none'), await ask(5, 'other')]).toEqual(['four', 'none', 'five'])
  expect([await ask(6, 'six'), await ask(5, 'late'), await ask(6, 'other')]).toEqual(['six', 'late', 'six'])
})
