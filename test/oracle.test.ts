// The authorisation oracle: a second, naive implementation over the fixture in memory, compared with the one in the product on
// random trees and mandates. List = count = sum = search = single row (A-13, A-14, C-2).
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHours, dayOf } from '#core/calendar.ts'
import { clock } from '#core/clock.ts'
import { newId } from '#core/ids.ts'
import {
  type Actor,
  allowed,
  can,
  canAnywhere,
  cut,
  inRanges,
  rangesOf,
  subtree,
  visibleTo,
} from '#core/permissions.ts'
import { access } from '#modules/access/index.ts'
import { insertAccounts, insertRoles, insertSession } from '#modules/access/store.ts'
import { insertLinks, insertUnits, type NewUnit } from '#modules/units/index.ts'
import { randomToken, tokenHash } from '#core/crypto.ts'
import { type Base, openBase, plantWorld, type World } from './harness.ts'

// --- the oracle: no paths, no ranges, no SQL -------------------------------------------------------------------------------
interface Node {
  id: string
  tree: 'place' | 'org'
  parent: string | null
}
interface Served {
  org: string
  place: string
  from: string
  to: string
}
interface Given {
  role: string
  unit: string
  from: string
  to: string
}

const isBelow = (nodes: Map<string, Node>, id: string, top: string): boolean => {
  for (let at: string | null = id; at !== null; at = nodes.get(at)?.parent ?? null) if (at === top) return true
  return false
}

/** May the holder of `given` do `verb` at `unit`, at this moment? */
function oracle(
  fixture: { nodes: Map<string, Node>; served: Served[]; verbs: Record<string, string[]> },
  given: Given[],
  at: { now: string; today: string },
) {
  return (verb: string, unit: string): boolean =>
    given.some((g) => {
      if (!(g.from <= at.now && at.now < g.to) || !fixture.verbs[g.role]?.includes(verb)) return false
      const tops = [
        g.unit,
        ...fixture.served.filter((s) => s.org === g.unit && s.from <= at.today && at.today < s.to).map((s) => s.place),
      ]
      return tops.some((top) => isBelow(fixture.nodes, unit, top))
    })
}

// --- random worlds ---------------------------------------------------------------------------------------------------------
const VERBS = ['a.read', 'a.write', 'b.read']
const roleArb = fc.subarray(VERBS, { minLength: 1 })
const treeArb = fc.array(fc.nat(), { minLength: 0, maxLength: 14 }) // entry i: parent of node i+1, modulo what exists
const termArb = fc.constantFrom<[string, string]>(
  ['2020-01-01', '2099-01-01'],
  ['2020-01-01', '2021-01-01'],
  ['2098-01-01', '2099-01-01'],
)
const worldArb = fc.record({
  places: treeArb,
  orgs: treeArb,
  serves: fc.array(fc.tuple(fc.nat(), fc.nat(), termArb), { maxLength: 4 }),
  roles: fc.tuple(roleArb, roleArb, roleArb),
  mandates: fc.array(fc.tuple(fc.nat(2), fc.nat(), termArb), { maxLength: 4 }),
})

let base: Base
let world: World
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
})
afterAll(() => base.close())

const instant = (day: string) => `${day}T00:00:00.000Z`

/** Every run hangs its trees below the world's two roots, so one district holds them all; the oracle knows them by id only. */
async function plant(random: typeof worldArb extends fc.Arbitrary<infer T> ? T : never) {
  const nodes = new Map<string, Node>()
  const ofTree = (tree: 'place' | 'org', parents: number[], root: string): NewUnit[] => {
    const ids = [newId(), ...parents.map(() => newId())]
    return ids.map((id, i) => {
      const parentId = i === 0 ? root : (ids[(parents[i - 1] as number) % i] as string)
      nodes.set(id, { id, tree, parent: i === 0 ? null : parentId })
      return { id, tree, kind: tree === 'place' ? 'grid' : 'group', name: `单元${i}`, parentId, openedOn: '2020-01-01' }
    })
  }
  const places = ofTree('place', random.places, world.unit['E211'] as string)
  const orgs = ofTree('org', random.orgs, world.unit['CITY'] as string)
  const pick = (list: NewUnit[], n: number) => list[n % list.length]?.id as string
  const served = [
    ...new Map(
      random.serves.map(([o, p, [from, to]]) => [
        `${pick(orgs, o)} ${pick(places, p)}`,
        { org: pick(orgs, o), place: pick(places, p), from, to },
      ]),
    ).values(),
  ]
  const tag = newId()
    .slice(-8)
    .replace(/\d/g, (d) => 'abcdefghij'[Number(d)] as string)
  const roleIds = random.roles.map((_, i) => `r-${tag}-${'xyz'[i]}`)
  const given = [
    ...new Map(
      random.mandates.map(([r, u, [from, to]]) => {
        const g = {
          role: roleIds[r] as string,
          unit: pick([...places, ...orgs], u),
          from: instant(from),
          to: instant(to),
        }
        return [`${g.role} ${g.unit}`, g]
      }),
    ).values(),
  ]
  const token = `${world.district}.${randomToken()}`
  const rows = await world.write(async (tx) => {
    const placed = await insertUnits(tx, [...places, ...orgs])
    for (const s of served) {
      await insertLinks(tx, [{ kind: 'serves', fromId: s.org, toId: s.place, validFrom: s.from }])
      await tx.db
        .updateTable('unit_link')
        .set({ valid_to: s.to })
        .where('district_id', '=', tx.district)
        .where('from_id', '=', s.org)
        .where('to_id', '=', s.place)
        .execute()
    }
    await insertRoles(
      tx,
      random.roles.map((verbs, i) => ({
        id: roleIds[i] as string,
        name: '某角色',
        verbs,
        officer: null,
      })),
    )
    const [accountId] = await insertAccounts(tx, tx.now, [
      {
        login: `o${tag}`,
        name: '持有人',
        personId: null,
        passwordHash: 'none',
        totpSealed: null,
        mustChange: false,
        mandates: [],
      },
    ])
    for (const g of given) {
      await tx.db
        .insertInto('mandate')
        .values({
          district_id: tx.district,
          id: newId(),
          account_id: accountId as string,
          role_id: g.role,
          unit_id: g.unit,
          valid_from: g.from,
          valid_to: g.to,
        })
        .execute()
    }
    await insertSession(tx, {
      hash: tokenHash(token),
      accountId: accountId as string,
      now: tx.now,
      expiresAt: addHours(tx.now, 12),
      secondFactor: false,
      kind: 'token',
      address: '',
    })
    return placed
  })
  return {
    fixture: { nodes, served, verbs: Object.fromEntries(random.roles.map((v, i) => [roleIds[i] as string, v])) },
    given,
    token,
    paths: new Map(rows.map((r) => [r.id, r.path])),
  }
}

const actorOf = (token: string) =>
  base.database.transact(
    {
      district: world.district,
      mode: 'read',
      first: access.ask(world.district, { token, requestId: '', address: '' }),
    },
    (opened) => access.judge({ ...opened, district: world.district, asker: { token } }),
  )

/** What SQL shows: as a list, as a count, as a sum, as a search and row by row. */
async function seenInSql(actor: Actor, verb: string, ids: readonly string[]) {
  return base.database.transact({ district: world.district, mode: 'read' }, async ({ db }) => {
    const all = db
      .selectFrom('unit')
      .where('district_id', '=', world.district)
      .where('id', '=', sql<string>`any(${ids})`)
    const seen = all.where(visibleTo(actor, verb, 'path'))
    const list = (await seen.select('id').execute()).map((r) => r.id).toSorted()
    const { n, sum } = await seen
      .select((e) => [e.fn.countAll<number>().as('n'), e.fn.sum<number>('no').as('sum')])
      .executeTakeFirstOrThrow()
    const found = (await seen.where('name', 'like', '%单元%').select('id').execute()).map((r) => r.id).toSorted()
    const single: string[] = []
    for (const id of ids) if (await seen.where('id', '=', id).select('id').executeTakeFirst()) single.push(id)
    const { expected } = await all
      .where('id', '=', sql<string>`any(${list})`)
      .select((e) => e.fn.sum<number>('no').as('expected'))
      .executeTakeFirstOrThrow()
    return { list, n, sum: Number(sum ?? 0), expected: Number(expected ?? 0), found, single: single.toSorted() }
  })
}

describe('authorisation', () => {
  it('agrees with a naive oracle on random trees, serving links and mandates: list = count = sum = search = single row (A-13, A-14)', async () => {
    let allowedOnce = 0
    await fc.assert(
      fc.asyncProperty(worldArb, async (random) => {
        const { fixture, given, token, paths } = await plant(random)
        const now = clock.now()
        const may = oracle(fixture, given, { now, today: dayOf(now) })
        const actor = await actorOf(token)
        const ids = [...fixture.nodes.keys()]
        for (const verb of VERBS) {
          const truth = ids.filter((id) => may(verb, id)).toSorted()
          allowedOnce += truth.length
          expect(ids.filter((id) => can(actor, verb, paths.get(id) as string)).toSorted()).toEqual(truth)
          const seen = await seenInSql(actor, verb, ids)
          expect(seen.list).toEqual(truth)
          expect(seen.found).toEqual(truth)
          expect(seen.single).toEqual(truth)
          expect(seen.n).toBe(truth.length)
          expect(seen.sum).toBe(seen.expected)
          if (truth.length > 0) expect(canAnywhere(actor, verb)).toBe(true)
        }
        for (const id of ids)
          expect(allowed(actor, VERBS, paths.get(id) as string)).toEqual(VERBS.filter((v) => may(v, id)))
      }),
      { numRuns: 120 },
    )
    // random worlds in which nobody may do anything would prove nothing
    expect(allowedOnce).toBeGreaterThan(200)
  }, 120_000)

  it('cuts a wished-for subtree to what the oracle allows in it', async () => {
    await fc.assert(
      fc.asyncProperty(worldArb, fc.nat(), async (random, n) => {
        const { fixture, given, token, paths } = await plant(random)
        const now = clock.now()
        const may = oracle(fixture, given, { now, today: dayOf(now) })
        const actor = await actorOf(token)
        const ids = [...fixture.nodes.keys()]
        const wish = ids[n % ids.length] as string
        const ranges = cut(actor, 'a.read', subtree(paths.get(wish) as string))
        const inside = (id: string) =>
          ranges.some((r) => (paths.get(id) as string) >= r.from && (paths.get(id) as string) < r.to)
        expect(ids.filter(inside).toSorted()).toEqual(
          ids.filter((id) => may('a.read', id) && isBelow(fixture.nodes, id, wish)).toSorted(),
        )
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  it('shows nothing for no range, and rangesOf never overlaps or grows', async () => {
    const rows = await base.database.transact({ district: world.district, mode: 'read' }, ({ db }) =>
      db
        .selectFrom('unit')
        .where('district_id', '=', world.district)
        .where(inRanges([], 'path'))
        .select('id')
        .execute(),
    )
    expect(rows).toEqual([])
    const actor = await actorOf(
      (
        await plant({
          places: [0, 1, 0],
          orgs: [0],
          serves: [[0, 0, ['2020-01-01', '2099-01-01']]],
          roles: [VERBS, VERBS, VERBS],
          mandates: [
            [0, 0, ['2020-01-01', '2099-01-01']],
            [1, 1, ['2020-01-01', '2099-01-01']],
            [2, 5, ['2020-01-01', '2099-01-01']],
          ],
        })
      ).token,
    )
    const ranges = rangesOf(actor, 'a.read')
    expect(ranges.length).toBeGreaterThan(0)
    for (const [i, r] of ranges.entries()) if (i > 0) expect(r.from >= (ranges[i - 1]?.to as string)).toBe(true)
  })
})
