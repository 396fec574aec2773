import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import type { Balance } from './contract.ts'
import { plantMembers } from './fixtures.ts'

let base: Base
beforeAll(async () => {
  base = await openBase()
})
afterAll(() => base.close())

interface Row {
  person: string
  org: string
  from: string
  to?: string
  begin: string
  end?: string
}

/** Relations as they stand in the table, without the rules that the product's own door would hold. */
const plantRows = (w: World, rows: readonly Row[]) =>
  w.write(async (tx) => {
    for (const r of rows)
      await tx.db
        .insertInto('membership')
        .values({
          district_id: tx.district,
          id: crypto.randomUUID(),
          person_id: r.person,
          unit_id: w.unit[r.org] as string,
          kind: 'formal',
          status: 'full',
          valid_from: r.from,
          valid_to: r.to ?? 'infinity',
          begin_reason: r.begin,
          end_reason: r.to ? (r.end ?? '173') : null,
        })
        .execute()
  })

const readBalance = async (asker: Asker, period: string, unit?: string): Promise<Balance> => {
  const { status, body } = await asker.get(
    `/figures/balance?measure=people.member-balance&period=${period}${unit ? `&unit=${unit}` : ''}`,
  )
  expect(status, JSON.stringify(body)).toBe(200)
  return body as Balance
}
const causes = (list: Balance['increases']) => Object.fromEntries(list.map((c) => [c.name, c.value]))

describe('the balance of members (STAT-01)', () => {
  it('holds for lawful lives, cause by cause, at the whole and at a unit; 转正 is neither in nor out', async () => {
    const w = await plantWorld(base, { smallGroup: 0 })
    const desk = await w.someone('district-desk', 'O')
    const persons = await plantMembers(w, [
      { org: 'OC11', from: '2020-01-01' },
      { org: 'OC11', from: '2020-01-01' },
      { org: 'OC21', from: '2020-01-01' },
      { org: 'OC21', from: '2025-03-01', reason: '001', status: 'probationary' },
      { org: 'OC21', from: '2025-04-01', reason: '161' },
    ])
    const [a, b, c, d] = persons as [string, string, string, string]
    const api = async (path: string, body: object) => {
      const answer = await desk.post(path, body)
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
    }
    await api(`/persons/${a}/transfer`, { toId: w.unit['OC21'], on: '2025-06-01' })
    await api(`/persons/${d}/confirmation`, { on: '2026-03-01' })
    const end = async (person: string, reason: string) => {
      const held = await w.write((tx) =>
        tx.db
          .selectFrom('membership')
          .select('id')
          .where('district_id', '=', tx.district)
          .where('person_id', '=', person)
          .executeTakeFirstOrThrow(),
      )
      await api(`/memberships/${held.id}/ending`, { on: '2025-09-01', reason })
    }
    await end(b, '005')
    await end(c, '261')
    const whole = await readBalance(desk, '2025')
    expect(whole).toMatchObject({ opening: 3, in: 3, out: 3, closing: 3, holds: true, difference: 0, broken: [] })
    expect(causes(whole.increases)).toMatchObject({ 新入党: 1, 自本市其他县区转入: 1 })
    expect(causes(whole.decreases)).toMatchObject({ 死亡: 1, 转往本市其他县区: 1 })
    const unit = await readBalance(desk, '2025', w.unit['OC21'])
    expect(unit).toMatchObject({ opening: 1, in: 3, out: 1, closing: 3, holds: true })
    const confirmed = await readBalance(desk, '2026')
    expect(confirmed).toMatchObject({ opening: 3, in: 0, out: 0, closing: 3, holds: true })
    const part = `measure=people.member-balance&period=2025&part=`
    for (const [side, n] of [
      ['opening', 3],
      ['in', 3],
      ['out', 3],
      ['closing', 3],
    ] as const)
      expect((await desk.get(`/figures/evidence?${part}${side}`)).body['total']).toBe(n)
    expect((await desk.get(`/figures/evidence?${part}out&where=ended:005`)).body['total']).toBe(1)
    expect((await desk.get('/figures/balance?measure=people.members')).body['code']).toBe('figure.not-balanced')
  })

  it('names who came, stayed away or doubled without a cause', async () => {
    const w = await plantWorld(base, { smallGroup: 0 })
    const desk = await w.someone('district-desk', 'O')
    const [lost, doubled, sound] = (await plantMembers(w, [
      { org: 'OC11', from: '2020-01-01' },
      { org: 'OC11', from: '2020-01-01' },
      { org: 'OC11', from: '2020-01-01' },
    ])) as [string, string, string]
    // a 转正 that ended the old relation and began none
    await w.write((tx) =>
      tx.db
        .updateTable('membership')
        .set({ valid_to: '2025-05-01', end_reason: 'status' })
        .where('district_id', '=', tx.district)
        .where('person_id', '=', lost)
        .execute(),
    )
    // a second identity of the same human being came in beside the first, and both were merged later
    const [other] = (await plantMembers(w, [{ org: 'OC21', from: '2025-05-01', reason: '161' }])) as [string]
    await w.write((tx) =>
      tx.db
        .updateTable('person')
        .set({ merged_into: doubled })
        .where('district_id', '=', tx.district)
        .where('id', '=', other)
        .execute(),
    )
    const balance = await readBalance(desk, '2025')
    expect(balance).toMatchObject({
      opening: 3,
      in: 1,
      out: 0,
      closing: 2,
      holds: false,
      difference: 2,
      brokenTotal: 2,
    })
    const why = Object.fromEntries(balance.broken.map((p) => [p.personId, p.why]))
    expect(why).toEqual({
      [lost]: '期初在册，期末不在，没有减少原因',
      [doubled]: '期初已经在册，又增加一次',
    })
    expect(Object.keys(why)).not.toContain(sound)
    const leader = await w.someone('leader', 'O')
    const seen = await readBalance(leader, '2025')
    expect([seen.brokenTotal, seen.broken]).toEqual([2, []])
    const edition = { title: '党员收支', measures: ['people.member-balance'], period: '2025' }
    const { id } = (await desk.post('/editions', edition)).body
    const refused = await leader.post(`/editions/${id}/signature`)
    expect(refused.body).toMatchObject({ code: 'figure.edition-unbalanced', ground: 'STAT-01' })
    expect(refused.body['title']).toContain('涉及2人')
  })

  it('agrees with a recount of random lives, person by person', async () => {
    const causeOf = { in: ['001', '161', '173', 'roster'], out: ['005', '261', '173', 'mistaken'] } as const
    const life = fc.array(
      fc.record({
        org: fc.constantFrom('OC11', 'OC21', 'OE111'),
        stay: fc.integer({ min: 1, max: 500 }),
        gap: fc.integer({ min: 0, max: 200 }),
        begin: fc.constantFrom(...causeOf.in),
        end: fc.constantFrom(...causeOf.out),
      }),
      { minLength: 1, maxLength: 3 },
    )
    const day = (n: number) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10)
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 6 }), async (lives) => {
        const w = await plantWorld(base, { smallGroup: 0 })
        const desk = await w.someone('district-desk', 'O')
        const ids = await plantMembers(
          w,
          lives.map(() => ({ org: 'O', from: '2000-01-01' })),
        )
        // the planted relations only made the persons: they are taken back
        await w.write((tx) =>
          tx.db.updateTable('membership').set({ voided_at: tx.now }).where('district_id', '=', tx.district).execute(),
        )
        const rows = lives.flatMap((stays, i) => {
          let at = 0
          return stays.map((s, n): Row => {
            const from = at + s.gap
            at = from + s.stay
            const last = n === stays.length - 1 && s.stay % 2 === 0
            return {
              person: ids[i] as string,
              org: s.org,
              from: day(from),
              begin: s.begin,
              ...(last ? {} : { to: day(at), end: s.end }),
            }
          })
        })
        await plantRows(w, rows)
        const [first, before, last] = ['2025-01-01', '2024-12-31', '2025-12-31']
        const on = (d: string) =>
          new Set(rows.filter((r) => r.from <= d && (!r.to || r.to > d)).map((r) => r.person)).size
        const came = rows.filter((r) => r.from >= first && r.from <= last)
        const went = rows.filter((r) => r.to && r.to >= first && r.to <= last)
        expect(await readBalance(desk, '2025')).toMatchObject({
          opening: on(before),
          in: came.length,
          out: went.length,
          closing: on(last),
          holds: true,
          difference: 0,
        })
      }),
      { numRuns: 12 },
    )
  }, 120_000)

  it('hides small causes, and what would tell them', async () => {
    const w = await plantWorld(base)
    const desk = await w.someone('district-desk', 'O')
    const ids = await plantMembers(
      w,
      Array.from({ length: 20 }, () => ({ org: 'OC11', from: '2020-01-01' })),
    )
    await w.write(async (tx) => {
      for (const [at, id] of ids.slice(0, 8).entries())
        await tx.db
          .updateTable('membership')
          .set({ valid_to: '2025-05-01', end_reason: at < 2 ? '003' : '261' })
          .where('district_id', '=', tx.district)
          .where('person_id', '=', id)
          .execute()
    })
    const balance = await readBalance(desk, '2025')
    expect(balance).toMatchObject({ opening: 20, in: 0, out: 8, closing: 12, holds: true })
    expect(causes(balance.decreases)).toEqual({ 出党: null, 转往本市其他县区: null })
    expect(balance.suppression).toContain('不足5人')
    const refused = await desk.get(
      '/figures/evidence?measure=people.member-balance&period=2025&part=out&where=ended:003',
    )
    expect(refused.body['code']).toBe('figure.suppressed')
  })
})
