import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '#app.ts'
import type { Stage } from '#modules/mechanisms/index.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { conformance } from './conformance.ts'
import { DemandSettings, verbs } from './contract.ts'
import { plantMechanism } from './fixtures.ts'

let base: Base
let world: World
let stage: Stage
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  await world.write((tx) =>
    tx.db
      .insertInto('role')
      .values({
        district_id: world.district,
        id: 'everything',
        name: '全部',
        verbs: [...verbs],
        officer: null,
      })
      .execute(),
  )
  stage = await stageOf(world)
})
afterAll(() => base.close())

/** Calls operations by name, as accounts that hold every verb of this module and are linked with a person each. */
async function stageOf(w: World): Promise<Stage> {
  const people = new Map<string, Asker>([['resident', w.nobody]])
  for (const name of ['first', 'second', 'third']) {
    const asker = await w.someone('member', 'D', { person: true })
    await w.write(async (tx) => {
      await tx.db
        .updateTable('mandate')
        .set({ role_id: 'everything' })
        .where('district_id', '=', w.district)
        .where('account_id', '=', asker.accountId as string)
        .execute()
      const { grant } = {
        grant: {
          district_id: w.district,
          account_id: asker.accountId as string,
          role_id: 'everything',
          officer: null,
          valid_from: tx.now,
        },
      }
      await tx.db
        .insertInto('mandate')
        .values({ ...grant, id: crypto.randomUUID(), unit_id: w.unit['O'] as string })
        .execute()
    })
    people.set(name, asker)
  }
  return {
    district: w.district,
    unit: w.unit,
    today: '2026-11-22',
    kinds: {},
    async call(operation, { params = {}, query = {}, body }, as = 'first') {
      const route = routes.find((r) => r.operationId === operation)
      if (!route) throw new Error(`no operation ${operation}`)
      const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] as string)
      const asked = new URLSearchParams(query).toString()
      const who = people.get(as) as Asker
      const answer = await who.call(
        route.method,
        asked ? `${path}?${asked}` : path,
        route.method === 'GET' || route.method === 'DELETE' ? undefined : (body ?? {}),
      )
      if (answer.status >= 300)
        throw Object.assign(new Error(`${operation}: ${JSON.stringify(answer.body)}`), {
          status: answer.status,
          body: answer.body,
        })
      return answer.body
    },
  }
}

const category = (level: string) => [{ id: 'any', name: '事项', level }]
const term = (amount: number, unit: string) => ({ amount, unit })
/** Settings wide apart, in the words of very different mechanisms. */
const shapes: Record<string, Record<string, unknown>> = {
  'as they come': { categories: category('any') },
  'issues claimed by units and verified on the spot': {
    categories: category('street'),
    confirmation: 'verification',
    words: { demand: '问题', task: '清单', claim: '认领' },
    means: [
      { id: 'mediation', name: '调解' },
      { id: 'enforcement', name: '执法' },
    ],
    tasks: { openTo: 'anyone', claimants: ['unit'], record: 'done' },
    occasions: ['inspection', 'visit'],
  },
  'items of a rectification, nobody asked, no tasks': {
    categories: category('department'),
    confirmation: 'none',
    tasks: { enabled: false },
    extensions: 0,
    dispute: { window: term(1, 'workdays'), times: 0 },
    reopen: { days: 30, times: 0 },
  },
  'whistles answered within two hours': {
    categories: category('any'),
    confirmation: 'none',
    whistle: { enabled: true, limit: term(2, 'hours') },
    occasions: ['drill'],
  },
  'wishes, looked through and fulfilled by one': {
    categories: category('community'),
    residents: { rank: 2 },
    tasks: { review: true, maxCapacity: 1, shownAt: 'community' },
    redos: 0,
  },
  'needs matched with intentions': {
    categories: category('any'),
    confirmation: 'none',
    words: { demand: '岗位需求', task: '需求清单', claim: '意向' },
    claimWords: { claimed: '意向', submitted: '对接', accepted: '签约', withdrawn: '失效' },
    tasks: { openTo: 'anyone', record: 'done', waitingList: false },
    occasions: ['meeting'],
  },
  'no waiting, one place': {
    categories: category('any'),
    tasks: { waitingList: false, maxCapacity: 1, review: true },
    redos: 1,
    extensions: 2,
  },
}

describe('any valid settings', () => {
  for (const [name, settings] of Object.entries(shapes))
    it(`play a whole life and their numbers agree: ${name}`, async () => {
      const id = `shape-${Object.keys(shapes).indexOf(name)}`
      await plantMechanism(world, id, settings)
      await conformance(stage, id, DemandSettings.parse(settings))
    })

  it('are noticed when a number disagrees', async () => {
    await plantMechanism(world, 'lying', { categories: category('any'), confirmation: 'none' })
    const lying: Stage = {
      ...stage,
      call: async (operation, ...more) => ({
        ...(await stage.call(operation, ...more)),
        ...(operation === 'countDemandsByState' ? { total: 5 } : {}),
      }),
    }
    await expect(
      conformance(lying, 'lying', DemandSettings.parse({ categories: category('any'), confirmation: 'none' })),
    ).rejects.toThrow('raised')
  })
})
