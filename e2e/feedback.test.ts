// What somebody says of the system itself: from a resident's phone to the desk and back, rated; and the About pages of both faces.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { axe, phone, shot, Theatre } from './stage.ts'

let theatre: Theatre
beforeAll(async () => {
  theatre = await Theatre.open()
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const words = `扫码后类别点不动 ${Date.now()}`

describe('feedback', () => {
  let resident: Page
  let desk: Page
  let no: string

  it('is sent by a resident from the page he is on, without an account (JF-12)', async () => {
    resident = await theatre.device(phone)
    await resident.goto('/m')
    await resident.getByRole('link', { name: '投诉建议' }).click()
    await resident.getByRole('button', { name: '提交' }).click()
    await resident.getByText('请选择是投诉、建议还是故障。').waitFor()
    await resident.getByRole('radio', { name: '故障' }).check()
    await resident.getByLabel('内容').fill(words)
    await shot(resident, 'feedback-form-390')
    await axe(resident, 'the feedback form')
    await resident.getByRole('button', { name: '提交' }).click()
    await resident.waitForURL(/\/m\/feedback\/1-/)
    await resident.getByText('已收到您的意见').waitFor()
    await shot(resident, 'feedback-sent-390')
    await axe(resident, 'the feedback slip')
  })

  it('stands at the desk with its clock, is answered, and the list says so', async () => {
    desk = await theatre.console('desk')
    await desk.getByRole('link', { name: '为民办事' }).click()
    await desk.getByRole('link', { name: '意见办理' }).click()
    await desk.getByRole('heading', { level: 1, name: '意见办理' }).waitFor()
    await shot(desk, 'feedback-list-1440')
    await axe(desk, 'the feedback list')
    await desk.goto('/console/feedback?sort=-received')
    await desk.getByRole('row', { name: /故障/ }).first().getByRole('link').first().click()
    await desk.getByText(words).waitFor()
    no = (await desk.getByRole('heading', { level: 1 }).textContent()) ?? ''
    await desk.getByLabel('回复内容').fill('已修复，请刷新页面再试。')
    await shot(desk, 'feedback-reply-1440')
    await axe(desk, 'the reply')
    await desk.getByRole('button', { name: '回复' }).click()
    await desk.getByText('等待提出人评价').waitFor()
    expect(no).toContain('故障')
  })

  it('comes back to the resident, who rates it; the desk sees the rating', async () => {
    await resident.reload()
    await resident.getByText('已修复，请刷新页面再试。').waitFor()
    await resident.getByRole('radio', { name: '满意', exact: true }).check()
    await resident.getByText('您已评价。').waitFor()
    await shot(resident, 'feedback-rated-390')
    await desk.reload()
    await desk.getByText('已评价').first().waitFor()
    await desk.getByText('满意', { exact: true }).waitFor()
  })

  it('has its entry on every page of the console, and at the door (JF-12)', async () => {
    const leader = await theatre.console('leader')
    for (const path of ['/console/demands', '/console/figures', '/console/units', '/console/me']) {
      await leader.goto(path)
      await leader.getByRole('heading', { level: 1 }).first().waitFor()
      await leader.getByRole('button', { name: '投诉建议' }).waitFor()
    }
    await leader.getByRole('button', { name: '投诉建议' }).click()
    await leader.getByLabel('内容').fill('记录可以按月合并显示')
    await leader.getByRole('button', { name: '提交' }).click()
    await leader.getByText('查询码', { exact: false }).first().waitFor()
    await shot(leader, 'feedback-receipt-1440')
    await axe(leader, 'the receipt')
    const stranger = await theatre.device({ width: 1440, height: 900 })
    await stranger.goto('/console')
    await stranger.getByRole('link', { name: '投诉建议' }).waitFor()
  })
})

describe('the About page', () => {
  it('says on both faces who runs the system, under which filing, and exports its functions (JF-13)', async () => {
    const resident = await theatre.device(phone)
    await resident.goto('/m/about')
    await resident.getByText('主办单位', { exact: true }).waitFor()
    await resident.getByText('备案编号', { exact: true }).waitFor()
    await shot(resident, 'about-390')
    await axe(resident, 'the phone’s About')
    const leader = await theatre.console('leader')
    await leader.goto('/console/about')
    await leader.getByText('备案编号').first().waitFor()
    await leader.getByRole('cell', { name: '双报到', exact: true }).waitFor()
    await shot(leader, 'about-1440')
    await axe(leader, 'the console’s About')
    const download = leader.waitForEvent('download')
    await leader.getByRole('button', { name: '导出' }).click()
    await leader.getByRole('menuitem', { name: /\.xlsx/ }).click()
    expect((await download).suggestedFilename()).toMatch(/^功能清单.*\.xlsx$/)
  })
})
