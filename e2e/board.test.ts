// The board: a slip is carried to its next lane by mouse and by keyboard, and whoever has the same board open sees it without reloading.
import { setTimeout } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, axe, phone, shot, Theatre } from './stage.ts'

interface Made {
  id: string
  no: number
}

let theatre: Theatre
let secretary: Page
let street: Page
let community: string
let owner: string
beforeAll(async () => {
  theatre = await Theatre.open()
  ;[secretary, street] = await Promise.all([theatre.console('secretary'), theatre.console('street')])
  const { rows } = await api<{ rows: { id: string }[] }>('secretary', '/units?kind=estate&limit=1')
  community = rows[0]?.id as string
  const { mandates } = await api<{ mandates: { unitId: string }[] }>('secretary', '/me')
  owner = mandates[0]?.unitId as string
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const mark = `看板试件 ${Date.now() % 100_000}`

/** A demand that waits to be signed by the secretary’s own community. */
async function dispatched(words: string): Promise<Made> {
  const made = await api<Made>('secretary', '/demands', {
    mechanismId: '365-service',
    placeId: community,
    category: 'care',
    words,
    title: words,
  })
  await api('secretary', `/demands/${made.id}/dispatch`, { leadId: owner })
  return made
}

const lane = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const slip = (page: Page, column: string, words: string) =>
  lane(page, column).getByRole('listitem').filter({ hasText: words })
const boardOf = (words: string) => `/console/demands?view=lanes&search=${encodeURIComponent(words)}`

describe('the board', () => {
  it('lets a slip be dragged to its lawful lane, and says why not elsewhere', async () => {
    const words = `${mark} 甲`
    await dispatched(words)
    await secretary.goto(boardOf(mark))
    await slip(secretary, '待签收', words).waitFor()
    await slip(secretary, '待签收', words).dragTo(lane(secretary, '待回访'))
    await secretary.getByText('的下一步是“签收”，不能直接移到“待回访”').first().waitFor()
    expect(await slip(secretary, '待签收', words).count()).toBe(1)
    await slip(secretary, '待签收', words).dragTo(lane(secretary, '办理中'))
    await slip(secretary, '办理中', words).waitFor()
    expect(await slip(secretary, '待签收', words).count()).toBe(0)
    await slip(secretary, '办理中', words).dragTo(lane(secretary, '待回访'))
    await secretary.getByRole('dialog', { name: '答复' }).getByLabel('答复内容').fill('已经上门看过，今天办好。')
    await secretary.getByRole('dialog').getByRole('button', { name: '答复' }).click()
    await slip(secretary, '待回访', words).waitFor()
    await shot(secretary, 'board-lanes-1440')
    await axe(secretary, 'the kanban')
  })

  it('shows a slip that moves in one lane only, and counts it there, even while one lane’s answer is long in coming', async () => {
    const words = `${mark} 丁`
    await dispatched(words)
    await secretary.goto(boardOf(words))
    await slip(secretary, '待签收', words).waitFor()
    const late = (url: URL) => url.pathname === '/api/demands' && url.searchParams.get('state') === 'dispatched'
    await secretary.route(late, async (route) => {
      await setTimeout(1_500)
      await route.continue()
    })
    await secretary.evaluate(() => {
      const seen = new Set<string>()
      const look = () => {
        const counts = [...document.querySelectorAll('.lane > header > .count')].map((c) => Number(c.textContent))
        seen.add(`${document.querySelectorAll('.slip').length} of ${counts.reduce((a, b) => a + b)}`)
      }
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true })
      Object.assign(window, { seen })
    })
    await slip(secretary, '待签收', words).dragTo(lane(secretary, '办理中'))
    await slip(secretary, '办理中', words).waitFor()
    await secretary.waitForLoadState('networkidle')
    const seen = await secretary.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen])
    expect(seen).toEqual(['1 of 1'])
    await secretary.unroute(late)
  })

  it('is worked by keyboard alone: picked up, carried, told why not, put down', async () => {
    const words = `${mark} 乙`
    await dispatched(words)
    await secretary.goto(boardOf(words))
    const said = secretary.locator('.lanes-say').getByRole('status')
    await slip(secretary, '待签收', words).focus()
    await secretary.keyboard.press('Space')
    await secretary.keyboard.press('ArrowLeft')
    await expect.poll(() => said.textContent()).toContain('不能直接移到“待派单”')
    await secretary.keyboard.press('ArrowRight')
    await secretary.keyboard.press('ArrowRight')
    await secretary.keyboard.press('ArrowRight')
    await expect.poll(() => said.textContent()).toContain('可以移到“办理中”')
    await shot(secretary, 'board-keyboard-1440')
    await axe(secretary, 'a slip in hand')
    await secretary.keyboard.press('Enter')
    await slip(secretary, '办理中', words).waitFor()
    await expect.poll(() => slip(secretary, '办理中', words).evaluate((e) => e === document.activeElement)).toBe(true)
    await secretary.keyboard.press('Space')
    await secretary.keyboard.press('Escape')
    await expect.poll(() => said.textContent()).toBe('')
    await secretary.keyboard.press('Enter')
    await secretary.getByRole('heading', { level: 1 }).filter({ hasText: words }).waitFor()
  })

  it('shows what another did by its live stream, without reload: on the board, in the list and on the demand’s page', async () => {
    const words = `${mark} 丙`
    await street.goto(boardOf(words))
    await lane(street, '待签收').waitFor()
    await street.evaluate(() => Object.assign(window, { untouched: true }))
    const { id } = await dispatched(words)
    await slip(street, '待签收', words).waitFor({ timeout: 10_000 })
    await secretary.goto(boardOf(words))
    await slip(secretary, '待签收', words).dragTo(lane(secretary, '办理中'))
    await slip(street, '办理中', words).waitFor({ timeout: 10_000 })
    expect(await slip(street, '待签收', words).count()).toBe(0)
    expect(await street.evaluate(() => 'untouched' in window)).toBe(true)
    await shot(street, 'board-live-1440')
    await street.goto(`/console/demands/${id}`)
    await street.getByText('办理中').first().waitFor()
    await api('secretary', `/demands/${id}/answer`, { answer: '已经修好。', feasible: true })
    await street.getByText('待回访').first().waitFor({ timeout: 10_000 })
  })

  it('fits a phone’s width: lanes scroll sideways, the page does not', async () => {
    await secretary.setViewportSize(phone)
    await secretary.goto(boardOf(mark))
    await slip(secretary, '待回访', `${mark} 甲`).waitFor()
    expect(await secretary.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    await shot(secretary, 'board-lanes-390')
    await axe(secretary, 'the kanban on a small screen')
  })
})
