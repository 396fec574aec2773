// A community is split on a day to come: seen before beside after with what it does to counts, planned, looked at on its day, taken back.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asked, axe, shot, Theatre } from './stage.ts'

interface Units {
  rows: { id: string; name: string; kind: string; children: number }[]
  total: number
}

let theatre: Theatre
let desk: Page
let community: Units['rows'][number]
let day: string
beforeAll(async () => {
  theatre = await Theatre.open()
  desk = await theatre.console('desk')
  const found = await asked<Units>(desk, `/units?tree=place&kind=community&search=${encodeURIComponent('石桥社区')}`)
  community = found.rows[0] as Units['rows'][number]
  day = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)
}, 180_000)
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const choose = async (label: string, option: string) => {
  await desk.getByLabel(new RegExp(`^${label}`)).click()
  await desk.locator('.ant-select-dropdown:visible').getByTitle(option, { exact: true }).click()
}
const children = (query: string) => asked<Units>(desk, `/units?parent=${community.id}${query}`)

describe('the district desk plans a split', () => {
  it('says the parts, who gets which estate and who takes over the rest, and sees both sides with numbers (ORG-01, ORG-02)', async () => {
    await desk.goto(`/console/units?unit=${community.id}`)
    await desk.getByRole('button', { name: '机构调整' }).click()
    await choose('变动', '拆分')
    await desk.getByLabel('第1个单位的名称').fill('石桥东社区')
    await desk.getByLabel('第2个单位的名称').fill('石桥西社区')
    await choose('新单位的类别', '社区')
    const first = (await children('')).rows[0]?.name ?? ''
    await choose(`${first}归属`, '石桥西社区')
    await desk.getByRole('button', { name: '其余都归石桥东社区' }).click()
    await desk.getByText('还有 0 个没有定').waitFor()
    await choose('自身的人员和未办结事项由谁承接', '石桥西社区')
    await desk.getByLabel('自哪天起').fill(day)
    await desk.keyboard.press('Enter')
    await desk.getByLabel('依据（文号、会议）').fill('区委〔2026〕21号')
    await desk.getByRole('button', { name: '查看前后对照' }).click()

    const beside = desk.getByRole('table', { name: '左右对照' })
    await beside.getByText('拆分为石桥东社区、石桥西社区').waitFor()
    const effects = desk.getByRole('region', { name: '对数量的影响' })
    const line = (name: string) => effects.getByRole('row').filter({ hasText: name })
    const reported = (await asked<{ total: number }>(desk, `/registrations?unit=${community.id}`)).total
    await line('石桥西社区').getByText(`增 ${reported}`).waitFor()
    await line('石桥社区').getByText(`减 ${reported}`).waitFor()
    await axe(desk, 'before and after')
    await beside.scrollIntoViewIfNeeded()
    await shot(desk, 'split-beside-1440')
    expect((await children('')).total, 'looking changes nothing').toBe(community.children)
    await desk.getByRole('button', { name: '列入计划' }).click()
    await desk.getByRole('dialog', { name: '机构调整' }).getByText('计划中').waitFor()
    await shot(desk, 'split-planned-1440')
  })

  it('is seen in the tree of that day and not today’s, until the plan is taken back (ORG-03)', async () => {
    expect((await children(`&on=${day}`)).total).toBe(0)
    expect((await children('')).total).toBe(community.children)
    await desk.goto(`/console/units?unit=${community.id}`)
    await desk.getByText(`计划自 ${day} 起调整`).waitFor()
    await desk.getByRole('button', { name: '下一次变动' }).click()
    await desk
      .getByText(/在.*尚未设立或已经撤销/)
      .first()
      .waitFor()
    await desk.goto(`/console/units?tab=plans&unit=${community.id}`)
    await desk.getByRole('button', { name: '区委〔2026〕21号' }).click()
    const plan = desk.getByRole('dialog', { name: '机构调整' })
    await plan.getByRole('region', { name: '对数量的影响' }).waitFor()
    await axe(desk, 'the plan')
    await plan.getByRole('button', { name: '取消计划' }).click()
    const sure = desk.getByRole('dialog', { name: '取消计划' })
    await sure.getByLabel(/理由/).fill('方案另议')
    await sure.getByRole('button', { name: '取消计划' }).click()
    await plan.getByText('已取消', { exact: true }).waitFor()
    expect((await children(`&on=${day}`)).total).toBe(community.children)
  })
})
