// Claims for others, at the desk and on foot; the member's week with his arrival; what a list says of what is taken.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, axe, sent, shot, Theatre } from './stage.ts'

let theatre: Theatre
let member: Page
let desk: Page
let foot: Page
let place: string
let older: { id: string; name: string }
beforeAll(async () => {
  theatre = await Theatre.open()
  ;[member, desk, foot] = await Promise.all([
    theatre.mobile('member'),
    theatre.console('secretary'),
    theatre.mobile('secretary'),
  ])
  place = (await api<{ rows: { id: string }[] }>('secretary', '/units?kind=community')).rows[0]?.id as string
  older = (await api<{ rows: { id: string; name: string }[] }>('secretary', '/persons?limit=1')).rows[0] as typeof older
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const stamp = Date.now() % 100_000
const hour = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString()
const publish = (title: string, capacity: number, [from, to]: [number, number] = [1, 4]) =>
  api<{ id: string }>('secretary', '/tasks', {
    mechanismId: 'double-report',
    placeId: place,
    category: 'care',
    title,
    startsAt: hour(from),
    endsAt: hour(to),
    capacity,
  })
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)

describe('at the desk', () => {
  it('a unit claims as a whole, a member without a phone is claimed for, both hand in and step back', async () => {
    const title = `助老陪诊 ${stamp}`
    const { id } = await publish(title, 2)
    await desk.goto(`/console/tasks?task=${id}`)
    const drawer = desk.getByRole('dialog', { name: '任务' })
    await drawer.getByRole('button', { name: '单位认领' }).click()
    const unit = desk.getByRole('dialog', { name: '以单位名义认领' })
    await shot(desk, 'claim-unit-1440')
    await axe(desk, 'claiming for a unit')
    await unit.getByRole('button', { name: '认领' }).click()
    const ofUnit = drawer.getByRole('row').filter({ hasText: '单位' }).filter({ hasText: '望江社区' })
    await ofUnit.getByText('已认领').waitFor()
    await drawer.getByRole('button', { name: '代为认领' }).click()
    const person = desk.getByRole('dialog', { name: '替人认领' })
    await person.getByLabel('替谁认领').fill(older.name)
    await desk.locator('.ant-select-item-option', { hasText: older.name }).first().click()
    await axe(desk, 'claiming for a member')
    await person.getByRole('button', { name: '认领' }).click()
    const ofPerson = drawer.getByRole('row').filter({ hasText: older.name })
    await ofPerson.getByText('已认领').waitFor()
    await drawer.getByText('已满员').waitFor()
    await ofPerson.getByRole('button', { name: '到场' }).click()
    await ofPerson.getByText(/\d\d:\d\d 到场$/).waitFor()
    await shot(desk, 'claims-others-1440')
    await axe(desk, 'claims for others')
    await ofUnit.getByRole('button', { name: '提交完成' }).click()
    await desk.getByRole('dialog').last().getByRole('textbox').fill('派两名同志陪诊')
    await desk.getByRole('dialog').last().getByRole('button', { name: '提交完成' }).click()
    await ofUnit.getByText('待确认').waitFor()
    await ofPerson.getByRole('button', { name: '退出' }).click()
    await desk.getByRole('dialog').last().getByRole('button', { name: '退出' }).click()
    await ofPerson.waitFor({ state: 'detached' })
    await drawer.getByText('招募中').waitFor()
  })
})

describe('on foot', () => {
  it('the secretary claims for an older member and for the community, on the phone', async () => {
    const { id } = await publish(`楼道清扫 ${stamp}`, 2)
    await foot.goto(`/m/tasks/${id}`)
    await foot.getByText('替人认领').click()
    await foot.getByLabel('替谁认领').fill(older.name)
    await foot.getByRole('button', { name: '查找' }).click()
    await foot
      .getByRole('radio', { name: new RegExp(older.name) })
      .first()
      .check()
    await shot(foot, 'foot-claim-for-390')
    await axe(foot, 'claiming for a member on the phone')
    await foot.getByRole('button', { name: `替${older.name}认领` }).click()
    await foot.getByText(`${older.name}：认领成功`).waitFor()
    await foot.getByText('以单位名义认领').click()
    await foot.getByRole('button', { name: /^望江社区.*认领$/ }).click()
    await foot.getByText(/望江社区.*：认领成功/).waitFor()
    await foot.getByRole('listitem').filter({ hasText: older.name }).getByText('已认领').waitFor()
    expect(await fits(foot)).toBe(true)
    await shot(foot, 'foot-claimed-390')
    await axe(foot, 'a task with claims for others')
    await foot.goto('/m/claims')
    await foot
      .getByRole('listitem')
      .filter({ hasText: `楼道清扫 ${stamp}` })
      .getByText(/望江社区.*认领/)
      .waitFor()
  })
})

describe('my week', () => {
  it('tells when and where, takes my arrival without asking where I am, and the organiser finds the moment', async () => {
    const title = `送餐上门 ${stamp}`
    const { id } = await publish(title, 1)
    await publish(`下月义诊 ${stamp}`, 1, [24 * 40, 24 * 40 + 3]).then((later) =>
      sent(member, `/tasks/${later.id}/claims`, {}),
    )
    await sent(member, `/tasks/${id}/claims`, {})
    const asked: string[] = []
    await member.exposeFunction('tellAsked', (what: string) => void asked.push(what))
    await member.addInitScript(() => {
      navigator.geolocation.getCurrentPosition = () =>
        (window as unknown as { tellAsked: (what: string) => void }).tellAsked('location')
    })
    await member.goto('/m/claims')
    const today = member.getByRole('region', { name: '今天' })
    const row = today.getByRole('listitem').filter({ hasText: title })
    await row.getByText('望江社区').waitFor()
    await member.getByRole('region', { name: '以后' }).getByText(`下月义诊 ${stamp}`).waitFor()
    await member.getByText(/^本周（\d+月\d+日至\d+月\d+日）还有 \d+ 项/).waitFor()
    await shot(member, 'member-week-390')
    await axe(member, 'my week')
    expect(await fits(member)).toBe(true)
    await row.getByRole('button', { name: '到场报到' }).click()
    await member.getByText(/已记下您 \d\d:\d\d 到场，不读取位置/).waitFor()
    await row.getByText(/已到场/).waitFor()
    await shot(member, 'member-arrived-390')
    expect(asked).toEqual([])
    await desk.goto(`/console/tasks?task=${id}`)
    await desk
      .getByRole('dialog', { name: '任务' })
      .getByText(/\d\d:\d\d 到场$/)
      .waitFor()
  })
})
