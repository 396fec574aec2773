// Terms of committees: a secretary asks for another day, the street decides, an election is recorded, and the number opens on it (BR-12).
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, asked, axe, desktop, phone, shot, Theatre } from './stage.ts'

interface Row {
  id: string
  unitName: string
  light: string
  term: { no: number; dueOn: string } | null
}

let theatre: Theatre
let secretary: Page
let street: Page
let rows: Row[]
beforeAll(async () => {
  theatre = await Theatre.open()
  secretary = await theatre.console('secretary')
  street = await theatre.console('street')
  rows = (await asked<{ rows: Row[] }>(secretary, '/terms?sort=due&limit=500')).rows
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const late = () => rows.find((r) => r.light === 'expired' || r.light === 'severe') as Row
const soon = () => rows.find((r) => r.light === 'soon') as Row
const monthsOn = (day: string, months: number) => {
  const date = new Date(`${day.slice(0, 7)}-15T00:00:00Z`)
  date.setUTCMonth(date.getUTCMonth() + months)
  return date.toISOString().slice(0, 10)
}

async function openTerm(page: Page, row: Row) {
  await page.goto('/console/terms')
  await page.getByLabel('查找党组织').fill(row.unitName)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: row.unitName, exact: true }).click()
  const drawer = page.getByRole('dialog', { name: '届次' })
  await drawer.getByText('现任').waitFor()
  return drawer
}

describe('terms of committees', () => {
  it('the list tells each light in words, and a press on one shows what stands under it', async () => {
    await secretary.goto('/console/terms')
    await secretary.getByRole('button', { name: /^已届满 \d+/ }).click()
    const expired = rows.filter((r) => r.light === 'expired').length
    expect(expired).toBeGreaterThan(0)
    await secretary.getByText(`共 ${expired} 条`).waitFor()
    expect(await secretary.getByRole('cell', { name: '已届满', exact: true }).count()).toBe(expired)
    await axe(secretary, 'the list of terms')
    await shot(secretary, 'terms-1440')
    await secretary.setViewportSize(phone)
    await axe(secretary, 'the list of terms on a narrow screen')
    await shot(secretary, 'terms-390')
    await secretary.setViewportSize(desktop)
  })

  it('a secretary asks for a later day, the street grants it, and the list says so (BR-12)', async () => {
    const row = soon()
    const drawer = await openTerm(secretary, row)
    await drawer.getByRole('button', { name: '延期或提前' }).click()
    const form = secretary.getByRole('dialog', { name: '申请延期或提前换届' })
    const ask = async (day: string) => {
      await form.getByLabel(/^改到哪天/).fill(day)
      await secretary.keyboard.press('Enter')
      await form.getByLabel(/^理由/).fill('与社区“两委”换届同步进行')
      await form.getByRole('button', { name: '提交' }).click()
    }
    await ask(monthsOn(row.term?.dueOn as string, 15))
    await form.getByText('延期或者提前不得超过一年').waitFor()
    await axe(secretary, 'the form of a later day')
    const toDay = monthsOn(row.term?.dueOn as string, 6)
    await ask(toDay)
    await drawer.getByText('待批').waitFor()
    expect(await drawer.getByRole('button', { name: '批复' }).count()).toBe(0)

    await street.goto('/console/terms?view=shifts&state=asked')
    const waiting = street.getByRole('row').filter({ hasText: row.unitName })
    await waiting.getByRole('button', { name: '批复' }).click()
    const decision = street.getByRole('dialog', { name: '批复换届申请' })
    await decision.getByRole('radio', { name: '同意', exact: true }).check()
    await decision.getByLabel(/^批复文号/).fill('临江党工委〔2026〕31号')
    await axe(street, 'the decision')
    await decision.getByRole('button', { name: '批复' }).click()
    await waiting.waitFor({ state: 'detached' })
    await shot(street, 'term-shifts-1440')

    const shown = await openTerm(secretary, row)
    await shown.getByText(toDay).first().waitFor()
    await shown.getByText(`原 ${row.term?.dueOn}`).waitFor()
  })

  it('an election is recorded, the term before ends, and the number of elections opens on it', async () => {
    const row = late()
    const drawer = await openTerm(secretary, row)
    await drawer.getByRole('button', { name: '登记换届' }).click()
    const form = secretary.getByRole('dialog', { name: '登记换届' })
    await form.getByLabel(/文号/).fill('临江党工委〔2026〕32号')
    await form.getByRole('button', { name: '登记', exact: true }).click()
    await drawer.getByText(`第${(row.term?.no ?? 0) + 1}届`).waitFor()
    await drawer.getByText('任期内').waitFor()
    await shot(secretary, 'unit-terms-1440')

    const { rows: evidence } = await api<{ rows: { link: string }[] }>(
      'desk',
      `/figures/evidence?measure=units.elections&unit=${row.id}&period=this-year`,
    )
    const desk = await theatre.console('desk')
    await desk.goto(evidence[0]?.link as string)
    await desk.getByRole('dialog', { name: '届次' }).getByText(row.unitName).waitFor()
  })
})
