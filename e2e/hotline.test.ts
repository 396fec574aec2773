// The hotline's file is taken in by the district's desk, row by row; the three rates are read in bands, never in an order of results.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { api, axe, shot, Theatre } from './stage.ts'

let theatre: Theatre
let desk: Page
beforeAll(async () => {
  theatre = await Theatre.open()
  desk = await theatre.console('desk')
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const mark = Date.now() % 1_000_000

describe('a file of the 12345 hotline', () => {
  it('is looked through row by row, taken in once, and known when it comes again', async () => {
    const { rows } = await api<{ rows: { name: string }[] }>('desk', '/units?kind=street&limit=1')
    const street = rows[0]?.name ?? ''
    const csv = [
      '工单编号,所属区域,诉求分类,诉求内容,联系电话,受理时间',
      `RX${mark}01,${street},设施维修,路口井盖松动,13800005678,2026-11-20 09:30`,
      `RX${mark}02,${street},环境卫生,"垃圾桶满了，没人清",,2026/11/20 10:00`,
      `RX${mark}03,没有这个地方,设施维修,路灯不亮,,`,
      `RX${mark}04,${street},没有这一类,别的事,,`,
    ].join('\r\n')
    const upload = () =>
      desk.getByLabel('工单文件').setInputFiles({
        name: '工单.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(csv, 'utf8'),
      })
    await desk.goto('/console/demands')
    await desk.getByRole('link', { name: '12345 导入' }).click()
    await desk.getByLabel('机制').click()
    await desk.locator('.ant-select-item-option', { hasText: '365·有服务' }).click()
    await desk.getByLabel('地点范围').click()
    await desk.keyboard.type('青石区')
    await desk
      .locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: /^青石区/ })
      .first()
      .click()
    await upload()
    await desk.getByRole('button', { name: '预检' }).click()
    await desk.getByText('预检结果：可以导入 2 件，已有 0 件，有误 2 件').waitFor()
    await desk.getByText('没有找到地点“没有这个地方”').waitFor()
    await shot(desk, 'hotline-dry-1440')
    await axe(desk, 'the dry run of a hotline file')
    const [errors] = await Promise.all([
      desk.waitForEvent('download'),
      desk.getByRole('button', { name: '下载有误的 2 行' }).click(),
    ])
    expect(errors.suggestedFilename()).toBe('12345有误的行.csv')
    await desk.getByRole('button', { name: '导入 2 件' }).click()
    await desk.getByText('导入结果：已导入 2 件，已有 0 件，有误 2 件').waitFor()
    await shot(desk, 'hotline-taken-1440')
    const taken = await api<{ total: number; rows: { channel: string; title: string }[] }>(
      'desk',
      '/demands?channel=hotline&state=registered&sort=-opened&limit=5',
    )
    expect(taken.rows.every((r) => r.channel === 'hotline')).toBe(true)
    await upload()
    await desk.getByRole('button', { name: '预检' }).click()
    await desk.getByText('预检结果：可以导入 0 件，已有 2 件，有误 2 件').waitFor()
    expect(await desk.getByRole('button', { name: '导入 0 件' }).isDisabled()).toBe(true)
  })
})

describe('the three rates', () => {
  it('stand in bands with their method, by street and by category, in the order of the tree (REQ-R, REQ-11)', async () => {
    await desk.goto('/console/rates')
    await desk.getByText('（合计）').waitFor()
    const names = async () => (await desk.locator('table.lined tbody th').allInnerTexts()).slice(1)
    const streets = (await api<{ rows: { name: string }[] }>('desk', '/units?kind=street')).rows.map((r) => r.name)
    expect((await names()).filter((n) => streets.includes(n))).toEqual(streets.filter((s) => s))
    await desk.getByText('A 档').or(desk.getByText('B 档')).or(desk.getByText('C 档')).first().waitFor()
    await desk.getByText(/不排名次/).waitFor()
    expect(await desk.locator('table.lined .ant-table-column-sorter').count()).toBe(0)
    await shot(desk, 'rates-units-1440')
    await axe(desk, 'the three rates')
    await desk.getByText('按类别', { exact: true }).click()
    await desk.locator('table.lined tbody th', { hasText: '设施维修' }).waitFor()
    await shot(desk, 'rates-categories-1440')
    await desk.getByRole('button', { name: '导出' }).click()
    const [file] = await Promise.all([
      desk.waitForEvent('download'),
      desk.getByRole('menuitem', { name: /\.csv/ }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(/^三率-.+\.csv$/)
  })

  it('of a small community say that the sample is too small', async () => {
    const secretary = await theatre.console('secretary')
    await secretary.goto('/console/rates?period=2026-11')
    await secretary.getByText('样本不足').first().waitFor()
    await shot(secretary, 'rates-small-1440')
    await axe(secretary, 'rates of a community')
  })
})
