// A file of persons, as people meet it: a few rows at once, more with a purpose, many with a colleague's word.
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountOf, api, axe, phone, shot, Theatre } from './stage.ts'

let theatre: Theatre
beforeAll(async () => {
  theatre = await Theatre.open()
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

/** Presses 导出 and chooses CSV. */
async function chooseCsv(page: Page, button: Locator) {
  await button.click()
  await page.getByRole('menuitem', { name: /纯文本/ }).click()
}

const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\r\n')

describe('the community secretary', () => {
  it('exports a short list at once, and a longer one after saying what it is for (EX-08)', async () => {
    const { password } = accountOf('secretary')
    const secretary = await theatre.console('secretary')
    secretary.setDefaultTimeout(30_000)
    await secretary.goto('/console/registrations?state=reported')
    await secretary.getByRole('heading', { level: 1, name: '双报到' }).waitFor()
    const total = async () => Number((await secretary.getByText(/^共 [\d,]+ 条$/).innerText()).replace(/\D/g, ''))
    await secretary.goto('/console/persons?search=王')
    const button = secretary.getByRole('button', { name: '导出', exact: true })
    await button.waitFor()
    expect(await total()).toBeLessThanOrEqual(100)
    const [small] = await Promise.all([secretary.waitForEvent('download'), chooseCsv(secretary, button)])
    expect(linesOf(await small.path()).at(-1)).toContain('导出编号')

    await secretary.goto('/console/persons')
    await button.waitFor()
    const all = await total()
    expect(all).toBeGreaterThan(100)
    await chooseCsv(secretary, button)
    const dialog = secretary.getByRole('dialog', { name: '申请导出' })
    await dialog.getByText('须先说明用途').waitFor()
    expect(await dialog.getByRole('button', { name: '导出' }).isDisabled()).toBe(true)
    await dialog.getByLabel('用途').fill('支部换届前核对党员名册')
    await shot(secretary, 'secretary-export-purpose-1440')
    await axe(secretary, 'stating a purpose')
    const coming = secretary.waitForEvent('download')
    await dialog.getByRole('button', { name: '导出' }).click()
    const proof = secretary.getByRole('dialog', { name: '请再次确认身份' })
    await Promise.race([coming, proof.waitFor()])
    if (await proof.isVisible()) {
      await shot(secretary, 'secretary-export-proof-1440')
      await proof.getByLabel('口令').fill(password)
      await proof.getByRole('button', { name: '确认' }).click()
    }
    const lines = linesOf(await (await coming).path())
    expect(lines).toHaveLength(all + 2)
    expect(lines.at(-1)).toContain('用途：支部换届前核对党员名册')
    await dialog.waitFor({ state: 'detached' })

    await secretary.goto('/console/exports')
    await secretary.getByText('支部换届前核对党员名册').waitFor()
    await secretary.getByText('已下载').first().waitFor()
    await shot(secretary, 'secretary-exports-1440')
    await axe(secretary, 'own exports')
    await secretary.setViewportSize(phone)
    await secretary.getByText('支部换届前核对党员名册').waitFor()
    await shot(secretary, 'secretary-exports-390')
  })
})

describe('the district desk', () => {
  it('asks for the records behind a large number, a leader approves what he sees, and the desk fetches it once (EX-08)', async () => {
    const desk = await theatre.signIn('desk')
    desk.setDefaultTimeout(60_000)
    await desk.goto('/console/figures?number=people.reported~~~')
    const drawer = desk.getByRole('dialog', { name: '数字由来' })
    await drawer.getByText(/^共 [\d,]+ 条记录/).waitFor()
    await chooseCsv(desk, drawer.getByRole('button', { name: '导出记录' }))
    const dialog = desk.getByRole('dialog', { name: '申请导出' })
    await dialog.getByText('经他人审批').waitFor()
    await dialog.getByLabel('用途').fill('年度综述报到党员数逐条核对')
    await shot(desk, 'desk-export-approval-1440')
    await dialog.getByRole('button', { name: '提交审批' }).click()
    await desk.getByText('已提交审批').waitFor()
    const { rows } = await api<{ rows: { state: string; rows: number }[] }>('desk', '/exports')
    expect(rows[0]).toMatchObject({ state: 'waiting' })

    const leader = await theatre.signIn('leader')
    leader.setDefaultTimeout(60_000)
    await leader.goto('/console/exports?box=waiting')
    await leader.getByText('年度综述报到党员数逐条核对').waitFor()
    await shot(leader, 'leader-exports-1440')
    await axe(leader, 'exports to approve')
    await leader.getByRole('button', { name: '批准', exact: true }).click()
    const sure = leader.getByRole('dialog', { name: '批准' })
    await sure.getByText('条个人信息').waitFor()
    await shot(leader, 'leader-export-approve-1440')
    await sure.getByRole('button', { name: '批准' }).click()
    await leader.getByText('没有待您审批的导出').waitFor()

    await desk.goto('/console/exports')
    await desk.getByText('可以下载').waitFor()
    await shot(desk, 'desk-exports-1440')
    const [file] = await Promise.all([
      desk.waitForEvent('download'),
      desk.getByRole('button', { name: '下载' }).click(),
    ])
    const lines = linesOf(await file.path())
    expect(lines).toHaveLength((rows[0]?.rows ?? 0) + 2)
    expect(lines.at(-1)).toContain('用途：年度综述报到党员数逐条核对')
    await desk.getByRole('button', { name: '下载' }).waitFor({ state: 'detached' })
  })
})
