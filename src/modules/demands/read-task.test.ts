import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'

let base: Base
let world: World
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
})
afterAll(() => base.close())

describe('one task', () => {
  it('shows the places left and my own claim to whoever reported there, and is not found from elsewhere', async () => {
    const secretary = await world.someone('community-secretary', 'OC11')
    const member = await world.someone('member', 'C11', { register: 'C11' })
    const outsider = await world.someone('member', 'C12', { register: 'C12' })
    const made = await secretary.post('/tasks', {
      mechanismId: '365-service',
      placeId: world.unit['C11'],
      category: 'care',
      title: '陪同就医',
      startsAt: '2020-01-01T00:00:00Z',
      endsAt: '2090-01-01T00:00:00Z',
      capacity: 2,
    })
    const at = `/tasks/${made.body['id']}`
    expect((await member.get(at)).body).toMatchObject({ title: '陪同就医', claimed: 0, capacity: 2, mine: null })
    await member.post(`${at}/claims`)
    expect((await member.get(at)).body).toMatchObject({ claimed: 1, mine: 'claimed' })
    expect((await secretary.get(at)).body).toMatchObject({ claimed: 1, mine: null })
    expect((await outsider.get(at)).body['code']).toBe('demand.task-not-found')
  })
})
