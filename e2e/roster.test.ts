// The roster of a branch comes in from a workbook: looked at before it is stored, and taken back as a whole.
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OutCell, readWorkbook, writeWorkbook } from '#core/xlsx.ts'
import { idNumber } from '#modules/people/fixtures.ts'
import { asked, axe, shot, Theatre } from './stage.ts'

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

const HEAD = ['姓名', '身份证号', '人员类别', '所在支部', '入党时间', '备注']
const FIRST = 710_000
const good = (n: number): OutCell[] => [
  '丁试用',
  idNumber(FIRST + n),
  n % 5 === 0 ? '预备' : '正式',
  '望江社区党总支',
  '2015.06',
  null,
]
const lines: OutCell[][] = [
  ...Array.from({ length: 12 }, (_, n) => good(n)),
  ['丁数字', 110105194912310021, '正式', '望江社区党总支', '2015.06', null],
  ['丁无支', idNumber(FIRST + 20), '正式', '没有这个支部', '2015.06', null],
]

async function roster(rows = lines): Promise<string> {
  const file = join(tmpdir(), `花名册-${process.pid}.xlsx`)
  const sheet = { name: '党员花名册', columns: HEAD.map((header) => ({ header })), rows }
  writeFileSync(file, await writeWorkbook([sheet]))
  return file
}

const known = async (page: Page) =>
  (await asked<{ total: number }>(page, `/persons?search=${encodeURIComponent('丁试用')}`)).total

async function download(page: Page, button: RegExp | string) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()])
  return { name: file.suggestedFilename(), sheets: (await readWorkbook(readFileSync(await file.path()))).sheets }
}

describe('the district desk imports a roster', () => {
  it('checks it first, imports only the correct rows, and takes the batch back within the day (IMP-1 … IMP-6)', async () => {
    await desk.goto('/console/persons')
    await desk.getByRole('link', { name: '导入花名册' }).click()
    const template = await download(desk, '下载模板')
    expect(template.sheets.map((s) => s.name).slice(0, 2)).toEqual(['党员花名册', '填表说明'])

    await desk.getByLabel('花名册文件').setInputFiles(await roster())
    await desk.getByRole('button', { name: '预检' }).click()
    await desk.getByRole('button', { name: '仅导入正确行（12 行）' }).waitFor()
    await desk.getByText('身份证号被存为数字，请设为文本格式后重新填写').waitFor()
    expect(await known(desk), 'a dry run stores nobody').toBe(0)
    await shot(desk, 'roster-checked-1440')
    await axe(desk, 'the dry run')

    const errors = await download(desk, '下载错误表（2 行）')
    const [head, ...rows] = errors.sheets[0]?.rows ?? []
    expect(head?.slice(-2)).toEqual(['错误列', '错误原因'])
    expect(rows.map((r) => r[0])).toEqual(['丁数字', '丁无支'])

    await desk.getByRole('button', { name: '仅导入正确行（12 行）' }).click()
    await desk.getByRole('button', { name: '整批撤销' }).waitFor()
    expect(await known(desk)).toBe(12)
    await shot(desk, 'roster-imported-1440')

    await desk.getByRole('button', { name: '整批撤销' }).click()
    const sure = desk.getByRole('dialog', { name: '整批撤销' })
    await sure.getByText('收回这批登记的 12 人').waitFor()
    await sure.getByRole('button', { name: '整批撤销' }).click()
    await desk.getByText('已撤销', { exact: true }).first().waitFor()
    await expect.poll(() => known(desk)).toBe(0)
    await shot(desk, 'roster-undone-1440')
  })

  it('or cancels it all, and nothing was ever stored (IMP-4)', async () => {
    await desk.goto('/console/persons/imports')
    await desk.getByLabel('花名册文件').setInputFiles(await roster())
    await desk.getByRole('button', { name: '预检' }).click()
    await desk.getByRole('button', { name: '全部取消' }).click()
    await desk.getByRole('dialog').getByRole('button', { name: '全部取消' }).click()
    await desk.getByText('已取消', { exact: true }).first().waitFor()
    expect(await known(desk)).toBe(0)
  })

  it('leaves a long one to be stored, comes back to it, and is told why where it could not be (IMP-10)', async () => {
    await desk.goto('/console/persons/imports')
    const file = await roster(Array.from({ length: 5001 }, (_, n) => good(1000 + n)))
    const batch = (n: number) => desk.getByRole('button', { name: /花名册-.*xlsx/ }).nth(n)
    const check = async () => {
      await desk.getByLabel('花名册文件').setInputFiles(file)
      await desk.getByRole('button', { name: '预检' }).click()
      await desk.getByRole('button', { name: '导入 5001 行' }).waitFor()
    }
    await check()
    await desk.getByRole('button', { name: '以后再定' }).click()
    await check()
    await desk.getByRole('button', { name: '导入 5001 行' }).click()
    await desk.getByText('可以离开本页').waitFor()
    await shot(desk, 'roster-storing-1440')
    await axe(desk, 'a roster being stored')
    await desk.getByRole('button', { name: '以后再看' }).click()
    await desk.getByText('已导入', { exact: true }).waitFor()
    await batch(0).click()
    await desk.getByRole('button', { name: '整批撤销' }).waitFor()
    expect(await known(desk)).toBe(5001)

    await batch(1).click()
    await desk.getByRole('button', { name: '导入 5001 行' }).click()
    await desk.getByText('上次确认后没有导入任何一行').waitFor()
    await shot(desk, 'roster-refused-1440')
    await desk.getByRole('button', { name: '全部取消' }).click()
    await desk.getByRole('dialog').getByRole('button', { name: '全部取消' }).click()
    await desk.getByText('新的导入').waitFor()
    expect(await known(desk)).toBe(5001)

    await batch(0).click()
    await desk.getByRole('button', { name: '整批撤销' }).click()
    await desk.getByRole('dialog', { name: '整批撤销' }).getByRole('button', { name: '整批撤销' }).click()
    await expect.poll(() => known(desk), { timeout: 30_000 }).toBe(0)
  })
})
