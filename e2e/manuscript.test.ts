// A review on its way: drafted from the template with its charts, checked, reviewed and signed off by another hand, published, corrected.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { axe, phone, shot, Theatre } from './stage.ts'

let theatre: Theatre
let desk: Page
let leader: Page
let address: string
beforeAll(async () => {
  theatre = await Theatre.open()
  desk = await theatre.console('desk')
  leader = await theatre.console('leader')
  for (const page of [desk, leader]) page.setDefaultTimeout(30_000)
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const title = `把支部建到居民家门口 ${Date.now() % 10_000}`
const step = async (page: Page, verb: string, after: string, words?: string) => {
  await page.getByRole('button', { name: verb }).first().click()
  const dialog = page.getByRole('dialog')
  if (words) await dialog.getByRole('textbox').fill(words)
  await dialog.getByRole('button', { name: verb }).click()
  await page.getByRole('listitem').filter({ hasText: after }).first().waitFor()
}

describe('a review', () => {
  it('is drafted by the desk: numbers and charts stand beside the text, parts change places, a number of another page is put in', async () => {
    await desk.goto('/console/reports')
    await desk.getByRole('button', { name: '起草' }).click()
    await desk.getByLabel('模板').click()
    await desk.locator('.ant-select-item-option').first().click()
    await desk.getByLabel('机制').click()
    await desk.locator('.ant-select-item-option:visible').first().click()
    await desk.getByLabel('写哪个单位').fill('青石区委')
    await desk.locator('.ant-select-item-option', { hasText: '中共青石区委' }).first().click()
    await desk.getByRole('dialog').getByRole('button', { name: '起草' }).click()
    await desk.getByRole('img', { name: /^折线图/ }).waitFor()
    await desk.getByRole('img', { name: /^构成图/ }).waitFor()
    await desk.getByLabel('标题', { exact: true }).fill(title)
    await desk.getByRole('button', { name: '下移第1部分', exact: true }).click()
    await desk.getByRole('button', { name: '上移第2部分', exact: true }).click()
    await desk.getByRole('button', { name: '保存' }).click()
    await desk.getByRole('heading', { level: 1, name: title }).waitFor()
    await shot(desk, 'manuscript-drafted-1440')
    await axe(desk, 'a manuscript')

    address = new URL(desk.url()).pathname
    await desk.goto('/console/figures?number=tasks.services~~~')
    await desk.getByRole('button', { name: '写入稿件' }).click()
    await desk.getByRole('combobox', { name: '稿件' }).click()
    await desk.locator('.ant-select-item-option', { hasText: title }).click()
    await desk.getByRole('button', { name: '写入', exact: true }).click()
    await desk.getByText('已写入稿件最后一部分').waitFor()
    await desk.goto(address)
    await desk.getByText('全部数字与记录相符，可以付印。').waitFor()
    await leader.goto(address)
  })

  it('is checked, reviewed and signed off by another hand, sent back once, and published by the desk', async () => {
    await step(leader, '核数通过', '已核数')
    await step(leader, '退回起草', '起草中', '标题再斟酌')
    await leader.getByText('标题再斟酌').waitFor()
    await step(leader, '核数通过', '已核数')
    await step(leader, '审核通过', '已审核', '同意')
    await step(leader, '签发', '已签发')
    await shot(leader, 'manuscript-approved-1440')
    await axe(leader, 'an approved manuscript')
    await desk.reload()
    await desk.getByRole('button', { name: '登记刊发' }).click()
    const form = desk.getByRole('dialog', { name: '登记刊发' })
    await form.getByLabel('刊发媒体').fill(`青石日报${Date.now() % 1000}`)
    await form.getByLabel('级别').click()
    await desk.locator('.ant-select-item-option:visible').first().click()
    await shot(desk, 'manuscript-publish-1440')
    await form.getByRole('button', { name: '登记刊发' }).click()
    await desk.getByRole('listitem').filter({ hasText: '已刊发' }).waitFor()
    await desk.goto('/console/coverage')
    await desk.getByRole('cell', { name: title }).waitFor()
    await shot(desk, 'coverage-1440')
    await axe(desk, 'coverage')
  })

  it('is corrected after it appeared: changed, said what was changed and where, and counted once (更正不另计)', async () => {
    await desk.goto(address)
    const better = `${title}（更正）`
    await desk.getByLabel('标题', { exact: true }).fill(better)
    expect(await desk.getByRole('button', { name: '登记更正' }).isDisabled()).toBe(true)
    await desk.getByRole('button', { name: '保存' }).click()
    await desk.getByRole('heading', { level: 1, name: better }).waitFor()
    await desk.getByRole('button', { name: '登记更正' }).click()
    const form = desk.getByRole('dialog', { name: '登记更正' })
    await form.getByLabel('刊发媒体').fill('青石日报')
    await form.getByLabel('级别').click()
    await desk.locator('.ant-select-item-option:visible').first().click()
    await form.getByRole('button', { name: '登记更正' }).click()
    await form
      .getByText(/更正了什么/)
      .first()
      .waitFor()
    expect(await form.isVisible()).toBe(true)
    await form.getByLabel('更正了什么').fill('标题少写“更正”二字')
    await shot(desk, 'manuscript-correct-1440')
    await axe(desk, 'correcting what appeared')
    await form.getByRole('button', { name: '登记更正' }).click()
    await desk.getByRole('listitem').filter({ hasText: '已更正' }).getByText('标题少写“更正”二字').waitFor()
    await shot(desk, 'manuscript-corrected-1440')
    await desk.goto('/console/reports')
    const row = desk.getByRole('row').filter({ hasText: better })
    await row.getByText('已更正').waitFor()
    await desk.setViewportSize(phone)
    await desk.goto(address)
    await desk.getByRole('heading', { level: 1, name: better }).waitFor()
    await desk.getByText('全部数字与记录相符，可以付印。').waitFor()
    expect(await desk.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    await shot(desk, 'manuscript-corrected-390')
    await axe(desk, 'a corrected manuscript on a small screen')
  })
})
