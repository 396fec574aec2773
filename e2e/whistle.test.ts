// 吹哨报到: the street blows, the department reports in and says what it did, the street rates how it turned up — or the whistle stays open.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, axe, shot, Theatre } from './stage.ts'

let theatre: Theatre
let street: Page
let department: Page
let page: string
let unit: string
beforeAll(async () => {
  theatre = await Theatre.open()
  ;[street, department] = await Promise.all([theatre.console('street'), theatre.console('department')])
  unit = (await api<{ mandates: { unitName: string }[] }>('department', '/me')).mandates[0]?.unitName ?? ''
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const pick = async (who: Page, label: string, words: string, option: string | RegExp) => {
  await who.getByRole('dialog').getByLabel(label).click()
  await who.keyboard.type(words)
  await who.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: option }).first().click()
}

describe('a whistle', () => {
  it('is blown by the street: the matter, the units needed, the limit (1.9)', async () => {
    await street.goto('/console/demands')
    await street.getByRole('button', { name: '吹哨' }).click()
    const form = street.getByRole('dialog')
    await form.getByRole('button', { name: '吹哨' }).click()
    await form.getByText('需要到场的单位：').waitFor()
    await shot(street, 'whistle-empty-1440')
    await pick(street, '吹哨地点', '临江街道', /^临江街道/)
    await pick(street, '类别', '', '占用消防通道')
    await form.getByLabel('事由').fill('夜市摊位占用消防通道，劝离无效，请到现场处置。')
    await pick(street, '需要到场的单位', unit, unit)
    await street.keyboard.press('Escape')
    await shot(street, 'whistle-form-1440')
    await axe(street, 'the form of a whistle')
    await form.getByRole('button', { name: '吹哨' }).click()
    await street.waitForURL(/\/console\/demands\/[0-9a-f-]{36}/)
    await street.getByText('未报到').waitFor()
    page = new URL(street.url()).pathname
    await shot(street, 'whistle-blown-1440')
    await axe(street, 'a whistle')
  })

  it('stands in the department’s to-do: reported in and answered for without leaving the page', async () => {
    await department.goto('/console')
    const group = department.getByRole('region', { name: '协办签收、应哨报到' })
    await group.getByRole('button', { name: '签收或报到' }).click()
    const drawer = department.getByRole('dialog')
    await drawer.getByText('夜市摊位占用消防通道').waitFor()
    await drawer.getByRole('button', { name: '报到', exact: true }).click()
    await drawer.getByRole('button', { name: '反馈处置' }).click()
    await department.getByLabel('现场处置情况').fill('已到现场，摊位全部清离，通道恢复。')
    await department.getByRole('dialog').last().getByRole('button', { name: '反馈处置' }).click()
    await drawer.getByText('反馈：已到现场').waitFor()
    await shot(department, 'whistle-department-1440')
    await axe(department, 'the department’s to-do')
  })

  it('cannot be closed before every called unit is rated; then it is answered, called back and closed', async () => {
    await street.goto('/console')
    const group = street.getByRole('region', { name: '评价到场' })
    await group.getByRole('button', { name: '评价' }).click()
    const drawer = street.getByRole('dialog')
    await drawer.getByRole('button', { name: '评价到场' }).click()
    expect(await street.getByRole('radio', { name: '未到场' }).count()).toBe(0)
    await street.getByRole('radio', { name: '按时到场' }).check()
    await shot(street, 'whistle-rating-1440')
    await street.getByRole('button', { name: '评价', exact: true }).last().click()
    await drawer.getByText('按时到场').waitFor()
    await axe(street, 'the rating')
    await street.goto(page)
    await street.getByRole('button', { name: '答复', exact: true }).click()
    await street.getByLabel('办理方式').click()
    await street.locator('.ant-select-item-option', { hasText: '依法执法' }).click()
    await street.getByLabel('答复内容').fill('联合执法后通道畅通，已安排巡查。')
    await street.getByRole('dialog').getByRole('button', { name: '答复' }).click()
    await street.getByText('待回访').first().waitFor()
    const caller = await theatre.console('caller')
    await caller.goto(page)
    await caller.getByRole('button', { name: '回访', exact: true }).click()
    await caller.getByRole('radio', { name: '已解决' }).check()
    await caller.getByRole('radio', { name: '满意', exact: true }).check()
    await caller.getByRole('button', { name: '记录回访' }).click()
    await caller.getByRole('button', { name: '办结', exact: true }).click()
    await caller.getByRole('dialog').getByRole('button', { name: '办结', exact: true }).click()
    await caller.locator('.timeline').getByText('办结', { exact: true }).waitFor()
    const told = await caller.getByRole('list').filter({ hasText: '吹哨' }).last().innerText()
    for (const word of ['吹哨', '协办签收', '协办反馈', '评价到场情况', '答复', '回访', '办结'])
      expect(told).toContain(word)
    expect(told).not.toMatch(/[a-z]{3,}/)
    await shot(caller, 'whistle-closed-1440')
  })
})
