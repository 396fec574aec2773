// A member on the phone: reported in, claims, steps back, serves; the community sends back, accepts and answers an objection; the
// certificate is checked by anybody who holds its code.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, axe, phone, shot, Theatre } from './stage.ts'

let theatre: Theatre
let member: Page
let secretary: Page
beforeAll(async () => {
  theatre = await Theatre.open()
  ;[member, secretary] = await Promise.all([theatre.mobile('member'), theatre.console('secretary')])
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const title = `陪伴独居老人 ${Date.now() % 100_000}`
const rowOf = (who: Page) => who.getByRole('listitem').filter({ hasText: title })

/** Opens the task's drawer in the console. */
async function openTask(who: Page) {
  await who.goto(`/console/tasks?search=${encodeURIComponent(title)}`)
  await who.getByRole('button', { name: title }).click()
  const drawer = who.getByRole('dialog')
  await drawer.getByText('认领情况').waitFor()
  return drawer
}

describe('a member on the phone', () => {
  it('sees that he reported in to his community (SB-01)', async () => {
    await member.goto('/m/report-in')
    await member.getByText('望江社区').first().waitFor()
    await shot(member, 'member-report-in-390')
    await axe(member, 'the report-in page')
  })

  it('claims in one tap, steps back, and claims again; the place goes back and forth', async () => {
    const { rows } = await api<{ rows: { id: string }[] }>('secretary', '/units?kind=community')
    const day = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString()
    const what = { mechanismId: '365-service', placeId: rows[0]?.id, category: 'sanitation', title, capacity: 1 }
    await api('secretary', '/tasks', { ...what, startsAt: day(-1), endsAt: day(1) })
    await member.goto('/m/tasks')
    await rowOf(member).getByRole('button', { name: '认领' }).click()
    await rowOf(member).getByText('认领成功').waitFor()
    await member.goto('/m/claims')
    await rowOf(member).getByText('去不了，退出').click()
    await rowOf(member)
      .getByRole('checkbox', { name: /确定退出/ })
      .check()
    await shot(member, 'member-withdraw-390')
    await rowOf(member).getByRole('button', { name: '退出', exact: true }).click()
    await member.getByText('已退出，名额已放回').waitFor()
    await member.goto('/m/tasks')
    await rowOf(member).getByText('余 1 / 1 人').waitFor()
    await rowOf(member).getByRole('button', { name: '认领' }).click()
    await rowOf(member).getByText('认领成功').waitFor()
    await member.goto('/m/claims')
    await rowOf(member).getByText('做完了，提交').click()
    await rowOf(member).getByRole('button', { name: '提交完成' }).click()
    await member.getByText(/已提交，等组织者核对服务时间/).waitFor()
    await shot(member, 'member-submitted-390')
    await axe(member, 'my claims')
  })

  it('gets it back for correction, hands it in again, and is accepted with the actual time (VOL-02, VOL-04)', async () => {
    await secretary.goto('/console')
    const group = secretary.getByRole('region', { name: '确认服务' })
    await group.waitFor()
    const drawer = await openTask(secretary)
    await drawer.getByRole('button', { name: '退回' }).click()
    await secretary.getByRole('dialog').last().getByLabel('理由').fill('请补写服务内容')
    await secretary.getByRole('dialog').last().getByRole('button', { name: '退回' }).click()
    await drawer.getByText('原因：请补写服务内容').waitFor()
    await shot(secretary, 'secretary-returned-1440')
    await axe(secretary, 'the task with a returned claim')
    await member.goto('/m/claims')
    await rowOf(member).getByText('退回原因：请补写服务内容').waitFor()
    await rowOf(member).getByText('做完了，提交').click()
    await rowOf(member)
      .getByLabel(/做了什么/)
      .fill('打扫房间、读报')
    await rowOf(member).getByRole('button', { name: '提交完成' }).click()
    await member.getByText(/已提交/).waitFor()
    const again = await openTask(secretary)
    await again.getByRole('button', { name: '确认服务' }).click()
    const form = secretary.getByRole('dialog').last()
    const at = (hours: number) =>
      new Date(Date.now() + (8 - hours) * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
    for (const [label, hours] of [
      ['服务开始', 3],
      ['服务结束', 1],
    ] as const) {
      await form.getByLabel(label).fill(at(hours))
      await form.getByLabel(label).press('Enter')
    }
    await form.getByRole('button', { name: '确认', exact: true }).click()
    await again.getByText('已确认').first().waitFor()
    await shot(secretary, 'secretary-accepted-1440')
  })

  it('finds the minutes in his record, objects, is answered (VOL-04)', async () => {
    await member.goto('/m/record')
    await rowOf(member).getByText('2 小时').waitFor()
    await rowOf(member).getByText('记录不对，提出异议').click()
    await rowOf(member).getByLabel('哪里不对').fill('少记了半小时')
    await rowOf(member).getByRole('button', { name: '提出异议' }).click()
    await rowOf(member)
      .getByText(/等待记录单位答复/)
      .waitFor()
    await shot(member, 'member-record-390')
    await axe(member, 'my record')
    await secretary.goto('/console')
    await secretary.getByRole('region', { name: '答复记录异议' }).getByRole('button', { name: '答复' }).click()
    const drawer = secretary.getByRole('dialog')
    await drawer.getByRole('button', { name: '答复异议' }).click()
    const form = secretary.getByRole('dialog').last()
    await form.getByLabel('答复').fill('核对签到记录，时间无误')
    await form.getByRole('button', { name: '答复异议' }).click()
    await drawer.getByText('答复：核对签到记录').waitFor()
    await shot(secretary, 'secretary-objection-1440')
  })

  it('opens the certificate, and anybody checks it by its code without an account (VOL-05)', async () => {
    await member.goto('/m/record')
    await rowOf(member).getByRole('link', { name: '服务证明' }).click()
    await member.getByText('查询码').first().waitFor()
    await shot(member, 'member-certificate-390')
    await axe(member, 'the certificate')
    const code = (await member.locator('dl').first().innerText()).split('查询码')[1]?.trim().split('\n')[0] ?? ''
    const anybody = await theatre.device(phone)
    await anybody.goto('/m/check')
    await anybody.getByLabel('查询码').fill(code)
    await anybody.getByRole('button', { name: '查验' }).click()
    await anybody.getByText('查到这份证明').waitFor()
    await anybody.getByText(title).waitFor()
    await shot(anybody, 'certificate-check-390')
    await axe(anybody, 'the check of a certificate')
    await anybody.getByLabel('查询码').fill(`${code}x`)
    await anybody.getByRole('button', { name: '查验' }).click()
    await anybody.getByText('没有查到这个证明').waitFor()
  })

  it('reads all of it in large letters', async () => {
    await member.goto('/m/mine')
    await member.getByRole('button', { name: '大字', exact: true }).click()
    expect(await member.evaluate(() => document.documentElement.dataset['size'])).toBe('large')
    await member.goto('/m/record')
    await rowOf(member).waitFor()
    await shot(member, 'member-large-390')
    await axe(member, 'the record in large letters')
    expect(await member.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  })
})
