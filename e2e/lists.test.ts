// Lists without a mouse: every list hears the same single keys, tells which there are, and lets them be turned off. [WCAG 2.1.1, 2.1.4]
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axe, phone, shot, Theatre } from './stage.ts'

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
      '/console/registrations',
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
    // the choice lasts; and a dialog that closes gives the focus back a moment later
    await secretary.reload()
    await rows(secretary).first().waitFor()
    await secretary.keyboard.press('j')
    await standsOn(secretary, 0)
  })
})

describe('a view', () => {
  it('keeps the filters of a list under a name, opens from anywhere, is saved anew and forgotten', async () => {
    const name = `逾期未办 ${Date.now() % 10_000}`
    await secretary.goto('/console/demands?late=true&sort=due&cols=no.title.due&page=2')
    await secretary.getByRole('button', { name: '视图' }).click()
    await secretary.getByLabel('视图名称').fill(name)
    await secretary.getByRole('button', { name: '保存' }).click()
    await secretary.getByText(`已保存视图“${name}”`).waitFor()
    await secretary.goto('/console/tasks')
    await secretary.getByRole('button', { name: '视图' }).click()
    const elsewhere = secretary.getByRole('region', { name: '其他页的视图' })
    await elsewhere.getByText(name).waitFor()
    await shot(secretary, 'views-1440')
    await axe(secretary, 'saved views')
    await elsewhere.getByRole('link', { name }).click()
    await secretary.getByRole('heading', { level: 1, name: '诉求' }).waitFor()
    expect(new URL(secretary.url()).search).toBe('?late=true&sort=due&cols=no.title.due')
    expect(await secretary.getByRole('checkbox', { name: '逾期' }).isChecked()).toBe(true)
    await secretary.getByRole('checkbox', { name: '挂账' }).check()
    await secretary.getByRole('button', { name: '视图' }).click()
    await secretary.getByLabel('视图名称').fill(name)
    await secretary.getByRole('button', { name: '更新' }).click()
    await secretary.getByText(`已更新视图“${name}”`).waitFor()
    await secretary.getByRole('button', { name: '视图' }).click()
    const own = secretary.getByRole('region', { name: '本页的视图' }).getByRole('listitem').filter({ hasText: name })
    expect(await own.getByRole('link').getAttribute('aria-current')).toBe('true')
    await own.getByRole('button', { name: '删除' }).click()
    await own.waitFor({ state: 'detached' })
  })

  it('of the board opens on the board; words looked for among people are not kept; a link can be copied', async () => {
    await secretary.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const save = async (name: string) => {
      await secretary.getByRole('button', { name: '视图' }).click()
      await secretary.getByLabel('视图名称').fill(name)
      await secretary.getByRole('button', { name: '保存' }).click()
      await secretary.getByText(`已保存视图“${name}”`).waitFor()
    }
    const stamp = Date.now() % 10_000
    await secretary.goto('/console/demands?view=lanes&category=care')
    await save(`帮扶看板 ${stamp}`)
    await secretary.goto('/console/persons?search=%E5%BC%A0&sort=name')
    await save(`名册 ${stamp}`)
    const { rows: kept } = await secretary.evaluate(
      async () => (await (await fetch('/api/me/views')).json()) as { rows: { name: string; query: string }[] },
    )
    expect(kept.find((v) => v.name === `帮扶看板 ${stamp}`)?.query).toBe('view=lanes&category=care')
    expect(kept.find((v) => v.name === `名册 ${stamp}`)?.query).toBe('sort=name')
    await secretary.goto('/console/demands?view=lanes&category=care')
    await secretary.getByRole('button', { name: '视图' }).click()
    await secretary.getByRole('button', { name: '复制本页链接' }).click()
    expect(await secretary.evaluate(() => navigator.clipboard.readText())).toBe(secretary.url())
    await secretary.setViewportSize(phone)
    await secretary.goto('/console/demands')
    await secretary.getByRole('button', { name: '视图' }).click()
    await secretary.getByRole('region', { name: '其他页的视图' }).waitFor()
    expect(await secretary.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    const box = await secretary.getByRole('button', { name: '复制本页链接' }).boundingBox()
    expect(box && box.x >= 0 && box.x + box.width <= phone.width).toBe(true)
    await shot(secretary, 'views-390')
    await axe(secretary, 'saved views on a small screen')
  })
})
