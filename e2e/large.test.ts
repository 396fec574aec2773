// Large letters on the phone: every page a resident, a member and a secretary uses, at 390 px: targets of 60 px, nothing clipped.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, axe, phone, shot, Theatre } from './stage.ts'

let theatre: Theatre
beforeAll(async () => {
  theatre = await Theatre.open()
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

/** Targets below 60 px, and what sticks out of the screen or is cut inside its box. A link within a sentence is no target of its own. */
const faults = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = []
    const told = (e: Element, what: string) => {
      const words = (e.textContent || e.getAttribute('aria-label') || e.tagName).trim().slice(0, 20)
      found.push(`${what}: ${e.tagName.toLowerCase()} ${words}`)
    }
    const seen = (e: Element) => (e as HTMLElement).offsetParent !== null && !e.closest('.gone')
    const targets =
      'a[href], button, summary, select, textarea, input:not([type="radio"], [type="checkbox"]), label.check, .pick'
    for (const e of document.querySelectorAll(targets)) {
      const { height, width } = e.getBoundingClientRect()
      const inSentence =
        e.tagName === 'A' && e.parentElement?.tagName === 'P' && !e.parentElement.classList.contains('line')
      if (seen(e) && !inSentence && (height < 59.5 || width < 59.5))
        told(e, `${Math.round(width)}×${Math.round(height)}`)
    }
    for (const e of document.querySelectorAll('body *')) {
      if (!seen(e)) continue
      const { right, left, width } = e.getBoundingClientRect()
      if (width > 0 && (right > window.innerWidth + 1 || left < -1)) told(e, 'outside')
      const cut = getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1
      if (cut && !/^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName)) told(e, 'cut')
    }
    return [...new Set(found)]
  })

async function large(page: Page, path: string, name: string) {
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await expect.poll(() => page.getByText(/^正在读取/).count()).toBe(0)
  expect(await page.evaluate(() => document.documentElement.dataset['size']), name).toBe('large')
  await page.evaluate(() => {
    for (const d of document.querySelectorAll('details')) d.open = true
  })
  expect(await faults(page), name).toEqual([])
  await shot(page, `large-${name}-390`)
  await axe(page, `${name} in large letters`)
}

const enlarge = async (page: Page) => {
  await page.getByRole('button', { name: '大字', exact: true }).click()
}

describe('in large letters', () => {
  it('a resident raises, follows, complains and reads about the system', async () => {
    const { rows } = await api<{ rows: { path: string }[] }>('secretary', '/units?kind=estate&limit=1')
    const plate = `1-${Number.parseInt(rows[0]?.path.split('.').at(-2) as string, 36).toString(36)}`
    const resident = await theatre.device(phone)
    await resident.goto('/m')
    await enlarge(resident)
    await large(resident, '/m', 'home')
    await large(resident, `/p/${plate}`, 'raise')
    await large(resident, '/m/feedback', 'feedback')
    await large(resident, '/m/about', 'about')
    await large(resident, '/m/check', 'check')
    await large(resident, '/m/sign-in', 'sign-in')
  })

  it('a member sees tasks, his week, his record and his own pages', async () => {
    const member = await theatre.mobile('member')
    await enlarge(member)
    const { rows } = await api<{ rows: { id: string }[] }>('secretary', '/tasks?state=published&limit=1')
    for (const [path, name] of [
      ['/m/tasks', 'tasks'],
      [`/m/tasks/${rows[0]?.id}`, 'task'],
      ['/m/claims', 'week'],
      ['/m/record', 'record'],
      ['/m/report-in', 'report-in'],
      ['/m/mine', 'mine'],
      ['/m/password', 'password'],
    ] as const)
      await large(member, path, name)
  })

  it('a secretary on foot works through what waits, takes in and claims for others', async () => {
    const secretary = await theatre.mobile('secretary')
    await enlarge(secretary)
    const { rows } = await api<{ rows: { id: string }[] }>('secretary', '/demands?sort=due&limit=1')
    const tasks = await api<{ rows: { id: string }[] }>('secretary', '/tasks?state=published&limit=1')
    for (const [path, name] of [
      ['/m/todo', 'todo'],
      [`/m/todo/${rows[0]?.id}`, 'demand'],
      ['/m/take-in', 'take-in'],
      [`/m/tasks/${tasks.rows[0]?.id}`, 'secretary-task'],
      ['/m/registrations', 'registrations'],
    ] as const)
      await large(secretary, path, name)
  })
})
