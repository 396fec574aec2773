// Units come in from a workbook: looked at first, refused rows given back, a day to come kept as a plan, long files stored after the answer.
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays, dayOf } from '#core/calendar.ts'
import { clock } from '#core/clock.ts'
import { type OutCell, readWorkbook, writeWorkbook } from '#core/xlsx.ts'
import { asked, axe, desktop, phone, shot, Theatre } from './stage.ts'

let theatre: Theatre
let desk: Page
let under: { id: string; name: string; code: string | null }
beforeAll(async () => {
  theatre = await Theatre.open()
  desk = await theatre.console('desk')
  const found = await asked<{ rows: (typeof under)[] }>(
    desk,
    `/units?search=${encodeURIComponent('望江社区')}&tree=place`,
  )
  under = found.rows[0] as typeof under
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const today = dayOf(clock.now())
const HEAD = ['代码', '名称', '类别', '上级代码'].map((header) => ({ header }))
async function book(name: string, rows: OutCell[][]): Promise<string> {
  const file = join(tmpdir(), `${name}-${process.pid}.xlsx`)
  writeFileSync(file, await writeWorkbook([{ name: '单位', columns: HEAD, rows }]))
  return file
}

const open = async (file: string, on?: string) => {
  await desk.goto(`/console/units/imports?unit=${under.id}`)
  if (on) {
    await desk.getByLabel('自哪天起').fill(on)
    await desk.keyboard.press('Enter')
  }
  await desk.getByLabel('单位文件').setInputFiles(file)
  await desk.getByRole('button', { name: '预览' }).click()
  await desk.getByRole('heading', { name: '预览' }).waitFor()
}
const named = async (code: string, on: string) =>
  (await asked<{ total: number }>(desk, `/units?search=${code}&on=${on}`)).total
const batch = (text: string) => desk.getByRole('row').filter({ hasText: text })

async function undo(text: string) {
  await batch(text).first().getByRole('button', { name: '整批撤销' }).click()
  const asks = desk.getByRole('dialog')
  await axe(desk, 'what is taken back')
  await asks.getByRole('button', { name: '整批撤销' }).click()
  await asks.waitFor({ state: 'detached' })
}

describe('the district desk imports units', () => {
  it('gives refused rows back as a workbook, and stores none of the file (IMP-3, A-33)', async () => {
    await open(
      await book('有错', [
        ['EU-1', '好的小区', '小区', ''],
        ['EU-2', '没有这种', '飞船', ''],
      ]),
    )
    await desk.getByText('没有这种单位类别').waitFor()
    const button = desk.getByRole('button', { name: '下载错误表（1 行）' })
    const [file] = await Promise.all([desk.waitForEvent('download'), button.click()])
    const [sheet] = (await readWorkbook(readFileSync(await file.path()))).sheets
    expect(sheet?.rows.slice(1).map((r) => r[0])).toEqual(['EU-2'])
    await shot(desk, 'unit-import-errors-1440')
    await axe(desk, 'a preview with errors')
    await desk.setViewportSize(phone)
    await shot(desk, 'unit-import-errors-390')
    await desk.setViewportSize(desktop)
    expect(await named('EU-1', today)).toBe(0)
  })

  it('for a day to come is a plan until then, and gone without a trace when it is taken back (IMP-6)', async () => {
    const on = addDays(today, 40)
    await open(
      await book('来年小区', [
        ['EF-1', '来年小区', '小区', ''],
        ['EF-1-1', '一号楼', '楼栋', 'EF-1'],
      ]),
      on,
    )
    await desk.getByRole('button', { name: '导入', exact: true }).click()
    await batch('来年小区').getByText('计划中').waitFor()
    await desk.getByText(`${on} 起生效`).waitFor()
    await shot(desk, 'unit-import-planned-1440')
    await axe(desk, 'a planned import')
    expect([await named('EF-1', today), await named('EF-1', on)]).toEqual([0, 2])
    await undo('来年小区')
    await batch('来年小区').getByText('已撤销').waitFor()
    expect(await named('EF-1', on)).toBe(0)
  })

  it('of more than 5,000 rows is stored after the answer, with what is going on to be seen (IMP-10)', async () => {
    const rows = Array.from({ length: 5100 }, (_, i): OutCell[] =>
      i % 60 === 0 ? [`EL-${i}`, `第${i}小区`, '小区', ''] : [`EL-${i}`, `${i}号楼`, '楼栋', `EL-${i - (i % 60)}`],
    )
    await open(await book('全区楼栋', rows))
    await desk.getByRole('button', { name: '导入', exact: true }).click()
    await desk.getByText(/正在存入 全区楼栋.*5,100 行/).waitFor()
    await shot(desk, 'unit-import-storing-1440')
    await batch('全区楼栋').getByText('已导入').waitFor({ timeout: 60_000 })
    expect(await named('EL-5099', today)).toBe(1)
    await shot(desk, 'unit-import-stored-1440')
    await undo('全区楼栋')
    await batch('全区楼栋').getByText('已撤销').waitFor()
    expect(await named('EL-5099', today)).toBe(0)
  }, 120_000)
})
