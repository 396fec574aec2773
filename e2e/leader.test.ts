// The leader: one page says what moved and what is stuck, every number opens, is pinned and subscribed; the same page hangs on a wall.
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

describe('the leader', () => {
  it('reads the district on one page, opens a number, keeps it in sight, and hangs the page on the wall (REQ-11)', async () => {
    const leader = await theatre.console('leader')
    leader.setDefaultTimeout(60_000)
    await leader.getByRole('heading', { level: 1, name: '总览' }).waitFor()
    const cards = leader.getByRole('article')
    await cards.nth(5).waitFor()
    expect(await cards.count()).toBeGreaterThanOrEqual(6)
    await leader
      .getByRole('img', { name: /^近十二个月/ })
      .first()
      .waitFor()
    await leader.getByText('卡在哪里').waitFor()
    await leader.getByText('不作排名').waitFor()
    await shot(leader, 'leader-overview-1440')
    await axe(leader, 'the leaders’ page')

    await cards.first().getByRole('button').click()
    const drawer = leader.getByRole('dialog', { name: '数字由来' })
    await drawer.getByText('口径').first().waitFor()
    await drawer.getByRole('button', { name: '订阅' }).click()
    const form = leader.getByRole('dialog', { name: '订阅数字' })
    await form.getByLabel('越线提醒').click()
    await leader.locator('.ant-select-item-option', { hasText: '当月一高于' }).click()
    await form.getByLabel('提醒线').fill('1')
    await shot(leader, 'leader-subscribe-1440')
    await axe(leader, 'subscribing')
    await form.getByRole('button', { name: '订阅' }).click()
    await form.waitFor({ state: 'detached' })

    await leader.goto('/console/figures?number=units.alliances~~~')
    await leader.getByRole('dialog', { name: '数字由来' }).getByRole('button', { name: '关注', exact: true }).click()
    await leader.getByRole('button', { name: '取消关注' }).first().waitFor()
    await leader.goto('/console/overview?watches=1')
    await leader.getByText('每月结束后；每月内高于 1 时').waitFor()
    await shot(leader, 'leader-watches-1440')
    await leader.goto('/console/overview')
    await leader.getByRole('article', { name: '党建联盟' }).getByText('我的关注').waitFor()

    await leader.setViewportSize({ width: 1920, height: 1080 })
    await leader.getByRole('button', { name: '大屏' }).click()
    await leader.getByRole('heading', { level: 1, name: /总览$/ }).waitFor()
    await cards.nth(5).waitFor()
    expect(await leader.locator('.wall').evaluate((w) => w.scrollWidth <= w.clientWidth)).toBe(true)
    await shot(leader, 'leader-wall-1920')
    await axe(leader, 'the wall')
    await leader.keyboard.press('Escape')
    await leader.getByRole('button', { name: '大屏' }).waitFor()

    await leader.setViewportSize(phone)
    await cards.nth(5).waitFor()
    expect(await leader.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    await shot(leader, 'leader-overview-390')
    await axe(leader, 'the leaders’ page on a small screen')
  })

  it('has the wall renewed by the stream of changes within seconds, and by asking where no stream is heard', async () => {
    const leader = await theatre.console('leader')
    leader.setDefaultTimeout(60_000)
    await leader.setViewportSize({ width: 1920, height: 1080 })
    const { rows } = await api<{ rows: { id: string }[] }>('secretary', '/units?kind=estate&limit=1')
    const raise = (words: string) =>
      api<{ id: string }>('secretary', '/demands', {
        mechanismId: '365-service',
        placeId: rows[0]?.id,
        category: 'care',
        words,
      })
    const raised = async () => {
      const answer = await api<{ figures: { value: number }[] }>('leader', '/figures?measures=demands.raised')
      return answer.figures[0]?.value.toLocaleString('zh-CN') as string
    }
    await leader.goto('/console/overview?wall=1')
    await leader.getByText('实时更新').waitFor()
    const before = await raised()
    const card = leader.getByRole('article', { name: '诉求', exact: true })
    await card.getByText(before).first().waitFor()
    const asks: string[] = []
    leader.on('request', (r) => r.url().includes('/api/figures') && asks.push(r.url()))
    const began = Date.now()
    await raise('大屏试件：楼道灯不亮')
    await expect.poll(() => card.innerText(), { timeout: 20_000 }).toContain(await raised())
    expect(await raised()).not.toBe(before)
    expect(Date.now() - began).toBeLessThan(20_000)
    expect(asks.length).toBeGreaterThan(0)
    await shot(leader, 'leader-wall-live-1920')
    await axe(leader, 'the live wall')
    await leader.route('**/api/live', (r) => r.abort())
    await leader.reload()
    await leader.getByText('每半分钟更新').waitFor()
    await card
      .getByText(await raised())
      .first()
      .waitFor()
    await raise('大屏试件：井盖松动')
    await expect.poll(() => card.innerText(), { timeout: 45_000 }).toContain(await raised())
  })

  it('sees a number as a line over the months with its table, and by street as bars', async () => {
    const street = await theatre.console('street')
    street.setDefaultTimeout(60_000)
    await street.goto('/console/figures?m=demands.raised,demands.closed&by=month&view=chart')
    await street.getByRole('img', { name: /^折线图/ }).waitFor()
    await street.getByRole('table').first().waitFor()
    await shot(street, 'street-line-1440')
    await axe(street, 'a line chart')
    await street.goto('/console/figures?m=demands.raised&by=dim%3Acategory&view=share')
    await street.getByRole('img', { name: /^构成图/ }).waitFor()
    await shot(street, 'street-share-1440')
    await street.goto('/console/overview')
    await street.getByText('各单位分布').waitFor()
    await street.getByRole('button', { name: /望江社区/ }).waitFor()
    await shot(street, 'street-overview-1440')
  })
})
