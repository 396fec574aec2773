import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '#core/calendar.ts'
import { insertMechanisms } from '#modules/mechanisms/index.ts'
import { openStage } from '../../../test/stage.ts'
import { type Base, openBase } from '../../../test/harness.ts'

let base: Base
beforeAll(async () => {
  base = await openBase()
})
afterAll(() => base.close())

describe('an alliance', () => {
  it('gives the only place of a role to one, however many ask at once (CO-01)', async () => {
    const stage = await openStage(base)
    await stage.world.write((tx) =>
      insertMechanisms(tx, [
        {
          id: 'pact',
          name: '联盟',
          engine: 'units',
          catalogueId: null,
          ownerId: stage.unit['O'] as string,
          validFrom: '2020-01-01',
          validTo: null,
          settings: {
            alliance: { leads: ['committee'], roles: [{ id: 'chief', name: '链主', kinds: ['branch'], most: 1 }] },
          },
        },
      ]),
    )
    const made = await stage.call('reorganiseUnits', {
      body: {
        effectiveOn: '2024-01-01',
        reason: '试验',
        operations: [1, 2, 3, 4].map((n) => ({
          op: 'create',
          parentId: stage.unit['O'],
          kind: 'branch',
          name: `企业${n}支部`,
        })),
      },
    })
    const members = made['differences'].map((d: { unitId: string }) => d.unitId) as string[]
    const join = (memberId: string) => ({
      mechanismId: 'pact',
      leadId: stage.unit['O'],
      memberId,
      role: 'chief',
      from: '2024-02-01',
    })
    const answers = await Promise.allSettled(members.map((m) => stage.call('joinAlliance', { body: join(m) })))
    expect(answers.filter((a) => a.status === 'fulfilled')).toHaveLength(1)
    expect(answers.flatMap((a) => (a.status === 'rejected' ? [a.reason.code] : []))).toEqual(
      Array(3).fill('register.role-full'),
    )
  })
})

describe('a mark', () => {
  it('holds from its day until the next, so any day in the past is told as it was; a check lapses by itself (ORG-03)', async () => {
    const stage = await openStage(base)
    const made = await stage.call('reorganiseUnits', {
      body: {
        effectiveOn: '2024-01-01',
        reason: '试验',
        operations: [{ op: 'create', parentId: stage.unit['O'], kind: 'enterprise', name: '青石精工' }],
      },
    })
    const unitId = made['differences'][0].unitId as string
    const mark = (id: string, value: string, from: string) =>
      stage.call('markUnit', { body: { mechanismId: 'two-new', unitId, mark: id, value, from } })
    await mark('presence', 'instructor', '2024-02-01')
    await mark('presence', 'own', '2025-02-01')
    await mark('effective', 'passed', addDays(stage.today, -120))
    const read = async (measures: string, day: string, by?: string) => {
      const query = { measures, unit: stage.unit['O'] as string, period: day, ...(by ? { by } : {}) }
      const [figure] = (await stage.call('readFigures', { query }))['figures']
      return by ? figure.rows.map((r: { key: string; value: number }) => [r.key, r.value]) : figure.value
    }
    expect(await read('units.marks', '2024-01-31', 'dim:value')).toEqual([])
    expect(await read('units.marks', '2025-01-31', 'dim:value')).toEqual([['presence:instructor', 1]])
    expect(await read('units.marks', '2025-02-01', 'dim:value')).toEqual([['presence:own', 1]])
    expect(await read('units.entities-effective', addDays(stage.today, -100))).toBe(1)
    expect(await read('units.entities-effective', stage.today)).toBe(0)
    expect(await read('units.tangible-coverage', stage.today)).toBe(100)
  })
})
