// 微心愿: raised on a resident's phone, handed over and looked through by the secretary, claimed by a member on the phone, accepted without times.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, axe, phone, shot, Theatre } from './stage.ts'

let theatre: Theatre
let resident: Page
let member: Page
let secretary: Page
let plate: string
beforeAll(async () => {
  theatre = await Theatre.open()
  const { rows } = await api<{ rows: { path: string }[] }>('secretary', '/units?kind=estate&limit=1')
  plate = `1-${Number.parseInt(rows[0]?.path.split('.').at(-2) as string, 36).toString(36)}`
  resident = await theatre.device(phone)
  ;[member, secretary] = await Promise.all([theatre.mobile('member'), theatre.console('secretary')])
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const title = `圆护眼台灯心愿 ${Date.now() % 100_000}`
const rowOf = (who: Page) => who.getByRole('listitem').filter({ hasText: title })

describe('a micro-wish', () => {
  it('is raised from the plate of a place beside other matters', async () => {
    await resident.goto(`/p/${plate}`)
    await resident.getByRole('radio', { name: '微心愿' }).check()
    await resident.getByLabel('您的微心愿').fill('孩子写作业光线暗，想要一盏护眼台灯')
    await resident.getByRole('radio', { name: '学习用品' }).check()
    await resident.getByRole('checkbox', { name: '我已阅读并同意' }).check()
    await shot(resident, 'wish-raise-390')
    await axe(resident, 'the form of a wish')
    await resident.getByRole('button', { name: '提交微心愿' }).click()
    await resident.waitForURL(/\/f\/1-/)
    await shot(resident, 'wish-raised-390')
  })

  it('is in nobody’s list before it was looked through, and in the members’ afterwards', async () => {
    const { rows } = await api<{ rows: { id: string }[] }>(
      'secretary',
      '/demands?mechanism=micro-wish&sort=-opened&limit=1',
    )
    const day = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString()
    const task = { title, startsAt: day(-1), endsAt: day(20), capacity: 1 }
    const { taskId } = await api<{ taskId: string }>('secretary', `/demands/${rows[0]?.id}/dispatch`, { task })
    await member.goto(`/m/tasks`)
    await member.getByRole('radio', { name: /^微心愿/ }).check()
    await member.getByText('待认领').first().waitFor()
    expect(await rowOf(member).count()).toBe(0)
    await secretary.goto(`/console/tasks?task=${taskId}`)
    await secretary.getByRole('dialog').getByRole('button', { name: '审核' }).click()
    const form = secretary.getByRole('dialog').last()
    await form.getByRole('radio', { name: '通过，发布' }).check()
    await shot(secretary, 'wish-review-1440')
    await axe(secretary, 'the review of a wish')
    await form.getByRole('button', { name: '审核' }).click()
    await secretary.getByRole('dialog').getByText('待认领').waitFor()
  })

  it('is claimed in one tap and accepted with a word, without times', async () => {
    await member.goto('/m/tasks')
    await member.getByRole('radio', { name: /^微心愿/ }).check()
    await member.getByLabel('按名称查找').fill(title)
    await rowOf(member).getByText('待认领').waitFor()
    await rowOf(member).getByRole('button', { name: '认领' }).click()
    await rowOf(member).getByText('认领成功').waitFor()
    await rowOf(member).getByText('您已认领').waitFor()
    expect(await rowOf(member).getByText('待认领').count()).toBe(0)
    await shot(member, 'wish-claimed-390')
    await axe(member, 'the list of wishes')
    await secretary.goto(`/console/tasks?search=${encodeURIComponent(title)}`)
    const listed = secretary.getByRole('row').filter({ hasText: title })
    await listed.getByText('已认领').waitFor()
    expect(await listed.getByText(/待认领|招募中/).count()).toBe(0)
    await listed.getByRole('button', { name: title }).click()
    const drawer = secretary.getByRole('dialog')
    await drawer.getByRole('button', { name: '确认办成' }).click()
    await drawer.getByText('已确认').first().waitFor()
    await shot(secretary, 'wish-accepted-1440')
  })
})
