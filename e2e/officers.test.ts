// Desks and officers: each sees his own part of the house, and only that.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { asked, axe, desktop, phone, shot, Theatre } from './stage.ts'

let theatre: Theatre
beforeAll(async () => {
  theatre = await Theatre.open()
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

describe('the district desk', () => {
  it('signs in with a second factor and opens persons, the tree and the mechanisms', async () => {
    const desk = await theatre.signIn('desk')
    for (const [path, name, word] of [
      ['/console/persons', 'desk-persons', '人员'],
      ['/console/units', 'desk-units', '组织树'],
      ['/console/mechanisms', 'desk-mechanisms', '机制'],
    ] as const) {
      await desk.goto(path)
      await desk.getByRole('heading', { level: 1, name: word }).waitFor()
      await desk.getByText('正在读取').waitFor({ state: 'detached' })
      await shot(desk, `${name}-1440`)
      await axe(desk, name)
    }
  })
})

describe('the audit officer', () => {
  it('reads the history and verifies the chain, and no business page is his (等保 12)', async () => {
    const audit = await theatre.console('audit')
    await audit.goto('/console/history')
    await audit.getByRole('heading', { level: 1, name: '历史' }).waitFor()
    expect(await audit.getByRole('navigation').getByRole('link', { name: '诉求' }).count()).toBe(0)
    await shot(audit, 'audit-history-1440')
    await axe(audit, 'the history')
    const refused = await audit.evaluate(async () => (await fetch('/api/demands')).status)
    expect(refused).toBe(403)
  })
})

/** 三员: one opens the account, another gives the mandate, a third reads what both did; none of them does another's work. [等保 12] */
describe('the three officers', () => {
  const login = `xinren${Date.now() % 1_000_000}`
  const name = '闻知秋'
  const password = 'Qingshi-2026-Deng'
  let system: Page
  let security: Page
  let token: string
  const rowOf = (page: Page) => page.getByRole('row').filter({ hasText: login })
  beforeAll(async () => {
    ;[system, security] = await Promise.all([theatre.console('system'), theatre.console('security')])
    for (const page of [system, security]) page.setDefaultTimeout(20_000)
  })

  it('the system officer opens an account at a community he knows by name only, and hands over an invitation (等保 1)', async () => {
    await system.goto('/console/accounts')
    await system.getByRole('heading', { level: 1, name: '账号' }).waitFor()
    await shot(system, 'system-accounts-1440')
    await axe(system, 'the accounts')
    await system.getByRole('button', { name: '开设账号' }).click()
    const form = system.getByRole('dialog', { name: '开设账号' })
    await form.getByLabel('登录名').fill(login)
    await form.getByLabel('姓名').fill(name)
    await form.getByLabel('所在单位').fill('望江社区党总支')
    await system.locator('.ant-select-item-option', { hasText: '望江社区党总支' }).first().click()
    await axe(system, 'opening an account')
    await form.getByRole('button', { name: '开设' }).click()
    const told = system.getByRole('dialog', { name: '邀请码' })
    token = (await told.locator('.effect').textContent()) as string
    await shot(system, 'system-invitation-1440')
    await told.getByRole('button', { name: '已转告本人' }).click()
    await rowOf(system).getByText('待启用').waitFor()
    expect(await asked<{ status: number }>(system, '/demands')).toMatchObject({ status: 403 })
  })

  it('the security officer gives a mandate there; an officer’s mandate waits for the other officer, who refuses it (等保 12, 33)', async () => {
    await security.goto('/console/mandates')
    await security.getByRole('heading', { level: 1, name: '授权' }).waitFor()
    await shot(security, 'security-mandates-1440')
    await axe(security, 'the mandates')
    const grant = async (role: string, unit: string) => {
      await security.getByRole('button', { name: '授权', exact: true }).first().click()
      const form = security.getByRole('dialog', { name: '授权' })
      await form.getByLabel('账号').fill(login)
      await security.locator('.ant-select-item-option', { hasText: login }).click()
      await form.getByLabel('角色').click()
      await security.locator('.ant-select-item-option:visible', { hasText: role }).click()
      await form.getByLabel('单位').fill(unit)
      await security.locator('.ant-select-item-option:visible', { hasText: unit }).first().click()
      await form.getByLabel('理由').fill('岗位需要')
      await form.getByRole('button', { name: '授权' }).click()
      await form.waitFor({ state: 'detached' })
    }
    await grant('网格员', '望江社区党总支')
    await rowOf(security).getByText('网格员').waitFor()
    await grant('审计管理员', '青石区')
    await system.goto('/console/mandates?view=requests')
    await rowOf(system).getByText('审计管理员').waitFor()
    await shot(system, 'system-requests-1440')
    await axe(system, 'mandates that wait')
    await rowOf(system).getByRole('button', { name: '不同意' }).click()
    await system.getByRole('dialog').getByRole('button', { name: '不同意' }).click()
    await rowOf(system).waitFor({ state: 'detached' })
  })

  it('the holder sets his own password and finds the work of his role, nothing of the officers’', async () => {
    const holder = await theatre.device(desktop)
    await holder.goto('/console')
    await holder.getByRole('button', { name: '有邀请码？启用账号' }).click()
    await holder.getByLabel('邀请码').fill(token)
    await holder.getByRole('button', { name: '下一步' }).click()
    await holder.getByLabel('口令', { exact: false }).first().fill(password)
    await holder.getByLabel('再写一次').fill(password)
    await shot(holder, 'holder-invited-1440')
    await axe(holder, 'accepting an invitation')
    await holder.getByRole('button', { name: '启用账号' }).click()
    await holder.getByRole('navigation').first().waitFor()
    await holder.goto('/console/demands')
    await holder.getByRole('heading', { level: 1, name: '诉求' }).waitFor()
    for (const closed of ['/console/accounts', '/console/persons/imports']) {
      await holder.goto(closed)
      await holder.getByText('没有这个页面，或者您没有查看它的权限').waitFor()
    }
  })

  it('the mandate is taken back and the account shut, each with a reason, and both officers’ pages fit a small screen (等保 11)', async () => {
    await security.goto('/console/mandates')
    await rowOf(security).getByRole('button', { name: '收回' }).click()
    const back = security.getByRole('dialog')
    await back.getByRole('textbox').fill('岗位调整')
    await back.getByRole('button', { name: '收回' }).click()
    await rowOf(security).waitFor({ state: 'detached' })
    await system.goto(`/console/accounts?search=${login}`)
    await rowOf(system).getByRole('button', { name: '停用' }).click()
    const shut = system.getByRole('dialog')
    await shut.getByRole('textbox').fill('人员调离')
    await shut.getByRole('button', { name: '停用' }).click()
    await rowOf(system).getByText('已停用').waitFor()
    for (const [page, path, shown] of [
      [system, '/console/accounts', 'system-accounts-390'],
      [security, '/console/mandates', 'security-mandates-390'],
    ] as const) {
      await page.setViewportSize(phone)
      await page.goto(path)
      await page.getByRole('table').first().waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
      await shot(page, shown)
      await axe(page, shown)
    }
  })

  it('the audit officer reads all of it and proves that nothing was changed since (等保 16–20)', async () => {
    const audit = await theatre.console('audit')
    audit.setDefaultTimeout(60_000)
    await audit.goto('/console/history')
    for (const what of ['停用账号', '收回授权', '授权', '开设账号'])
      await audit.getByRole('cell', { name: what, exact: true }).first().waitFor()
    await audit.getByRole('button', { name: '核验' }).click()
    await audit.getByRole('dialog').getByRole('button', { name: '核验' }).click()
    await audit.getByText(/^核验通过：[\d,]+ 条历史完整/).waitFor()
    await shot(audit, 'audit-verified-1440')
    await axe(audit, 'a verified history')
  })
})

describe('the street organiser', () => {
  it('sees his own street and nothing beside it, in the tree and on the board', async () => {
    const street = await theatre.console('street')
    await street.goto('/console/demands')
    await street.getByRole('heading', { level: 1 }).waitFor()
    await street.getByText('临江街道').first().waitFor()
    expect(await street.getByText('书院街道').count()).toBe(0)
    await shot(street, 'street-board-1440')
    await axe(street, 'the board')
  })

  it('chooses his scope on a small screen: the tree opens above the page and closes with the choice', async () => {
    const street = await theatre.console('street')
    await street.setViewportSize(phone)
    await street.goto('/console/demands')
    const button = street.getByRole('button', { name: /^范围：/ })
    await button.click()
    const tree = street.getByRole('dialog', { name: '范围' })
    await tree.getByText('望江社区').first().waitFor()
    await shot(street, 'street-scope-390')
    await axe(street, 'the scope on a small screen')
    await tree.getByLabel('查找单位').fill('望江社区')
    await tree.getByLabel('查找单位').press('Enter')
    await tree.getByRole('button', { name: /^望江社区社区/ }).click()
    await tree.waitFor({ state: 'hidden' })
    await street.getByRole('button', { name: '范围：望江社区' }).waitFor()
    await street.getByText('望江社区及下级', { exact: true }).waitFor()
    expect(await street.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    await shot(street, 'street-scoped-390')
    await button.click()
    await tree.getByRole('button', { name: /^全部可见范围/ }).click()
    await street.getByRole('button', { name: '范围：全部可见范围' }).waitFor()
  })
})
