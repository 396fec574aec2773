// Lists without a mouse: every list hears the same single keys, tells which there are, and lets them be turned off. [WCAG 2.1.1, 2.1.4]
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axe, shot, Theatre } from './stage.ts'

let theatre: Theatre
let secretary: Page
beforeAll(async () => {
  theatre = await Theatre.open()
  secretary = await theatre.console('secretary')
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const rows = (page: Page) => page.locator('main tbody .ant-table-row')
const standsOn = (page: Page, n: number) =>
  expect
    .poll(() =>
      rows(page)
        .nth(n)
        .evaluate((r) => r === document.activeElement),
    )
    .toBe(true)

describe('a list', () => {
  it('is walked with j and k, a row is selected with x and opened with Enter', async () => {
    await secretary.goto('/console/demands?sort=-opened')
    await rows(secretary).nth(3).waitFor()
    for (const key of ['j', 'j', 'j', 'k']) await secretary.keyboard.press(key)
    await standsOn(secretary, 1)
    await secretary.keyboard.press('x')
    await secretary.keyboard.press('j')
    await secretary.keyboard.press('x')
    await secretary.getByText('已选 2 条').waitFor()
    await shot(secretary, 'list-keys-1440')
    await axe(secretary, 'a list walked by keys')
    await secretary.keyboard.press('x')
    await secretary.getByText('已选 1 条').waitFor()
    const name = await rows(secretary).nth(2).locator('a').first().textContent()
    await secretary.keyboard.press('Enter')
    await secretary
      .getByRole('heading', { level: 1 })
      .filter({ hasText: name as string })
      .waitFor()
  })

  it('hears no key while somebody types, and its search field is one key away', async () => {
    await secretary.goto('/console/tasks')
    await rows(secretary).first().waitFor()
    await secretary.keyboard.press('/')
    await secretary.keyboard.type('jk')
    expect(await secretary.getByLabel('按任务名称查找').inputValue()).toBe('jk')
    expect(await secretary.locator('.ant-table-row.here').count()).toBe(0)
    await secretary.getByLabel('按任务名称查找').fill('')
    await secretary.getByLabel('按任务名称查找').blur()
    await secretary.keyboard.press('j')
    await standsOn(secretary, 0)
    await secretary.keyboard.press('Enter')
    const drawer = secretary.getByRole('dialog', { name: '任务' })
    await drawer.getByText('认领情况').waitFor()
    await secretary.keyboard.press('j')
    await secretary.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })
    await secretary.keyboard.press('j')
    await standsOn(secretary, 1)
  })

  it('works the same wherever lists stand', async () => {
    const desk = await theatre.console('desk')
    for (const path of [
      '/console/persons',
      '/console/mechanisms',
      '/console/figures/definitions',
      '/console/reports',
    ]) {
      await desk.goto(path)
      await rows(desk).first().waitFor()
      await desk.keyboard.press('j')
      await standsOn(desk, 0)
    }
  })

  it('tells its keys with ?, and lets them be turned off', async () => {
    await secretary.goto('/console/demands')
    await rows(secretary).first().waitFor()
    await secretary.keyboard.press('?')
    const help = secretary.getByRole('dialog', { name: '键盘操作' })
    await help.waitFor()
    await shot(secretary, 'keys-help-1440')
    await axe(secretary, 'the keys')
    await help.getByRole('checkbox').uncheck()
    await secretary.keyboard.press('Escape')
    await help.waitFor({ state: 'hidden' })
    await secretary.keyboard.press('j')
    expect(await secretary.locator('.ant-table-row.here').count()).toBe(0)
    await secretary.getByRole('button', { name: '社区书记' }).click()
    await secretary.getByRole('button', { name: '键盘操作' }).click()
    await help.getByRole('checkbox').check()
    await secretary.keyboard.press('Escape')
    await help.waitFor({ state: 'hidden' })
    await secretary.keyboard.press('j')
    await standsOn(secretary, 0)
  })
})
