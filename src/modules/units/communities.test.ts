import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'

let base: Base
let world: World
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
})
afterAll(() => base.close())

const names = (body: Record<string, unknown>) => (body['rows'] as { name: string }[]).map((r) => r.name)

describe('the communities one may report to', () => {
  it('are found by name from anywhere in the district, with the street and nothing else (SB-01)', async () => {
    const member = await world.someone('member', 'C21', { register: 'C21' })
    const all = await member.get('/communities')
    expect(names(all.body)).toEqual(expect.arrayContaining(['望江社区', '书院社区', '柳林村']))
    expect(all.body['total']).toBe(3)
    const found = await member.get(`/communities?search=${encodeURIComponent('望江')}`)
    expect(found.body).toEqual({ rows: [{ id: world.unit['C11'], name: '望江社区', parent: '临江街道' }], total: 1 })
    expect((await member.get('/communities?search=%25')).body['total']).toBe(0)
  })

  it('are not told to anybody who is not signed in, nor those of another district', async () => {
    expect((await world.nobody.get('/communities')).status).toBe(401)
    const other = await plantWorld(base)
    const stranger = await other.someone('member', 'C11', { register: 'C11' })
    const rows = (await stranger.get('/communities')).body['rows'] as { id: string }[]
    expect(rows.map((r) => r.id)).not.toContain(world.unit['C11'])
  })
})
