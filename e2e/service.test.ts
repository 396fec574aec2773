// Service from the community's side and the member's: a task published on the PC, claimed on a phone, accepted with its time.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, axe, shot, Theatre } from './stage.ts'

let theatre: Theatre
beforeAll(async () => {
  theatre = await Theatre.open()
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const title = `清扫楼道 ${Date.now() % 100_000}`

describe('a task of the community', () => {
  it('is claimed by a member on the phone in one tap, and is one more claim in the figure', async () => {
    const claims = async () =>
      (await api<{ figures: { value: number }[] }>('leader', '/figures?measures=tasks.claims')).figures[0]?.value ?? 0
    const { rows } = await api<{ rows: { id: string }[] }>('secretary', '/units?kind=community')
    const day = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString()
    const times = { startsAt: day(-1), endsAt: day(1) }
    const what = { mechanismId: '365-service', placeId: rows[0]?.id, category: 'sanitation', title, capacity: 2 }
    await api('secretary', '/tasks', { ...what, ...times })
    const before = await claims()
    const member = await theatre.mobile('member')
    await shot(member, 'member-home-390')
    await axe(member, 'the member’s home')
    await member.goto('/m/tasks')
    const row = member.getByRole('listitem').filter({ hasText: title })
    await row.waitFor()
    await shot(member, 'member-tasks-390')
    await axe(member, 'the member’s tasks')
    await row.getByRole('button', { name: '认领' }).click()
    await row.getByText('认领成功').waitFor()
    await shot(member, 'member-claimed-390')
    expect(await claims()).toBe(before + 1)
  })

  it('shows the community secretary who claimed it', async () => {
    const secretary = await theatre.console('secretary')
    await secretary.goto('/console/tasks')
    await secretary.getByRole('button', { name: title }).click()
    await secretary.getByRole('dialog').getByText('已认领').first().waitFor()
    await shot(secretary, 'secretary-task-1440')
    await axe(secretary, 'the task drawer')
  })
})
