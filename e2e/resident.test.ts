// A resident with a phone and no account: writes without signal and loses nothing, follows by code, rates, opens again, takes consent back.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, axe, phone, shot, Theatre } from './stage.ts'

let theatre: Theatre
let resident: Page
let plate: string
let community: string
beforeAll(async () => {
  theatre = await Theatre.open()
  const { rows } = await api<{ rows: { path: string }[] }>('secretary', '/units?kind=estate&limit=1')
  plate = `1-${Number.parseInt(rows[0]?.path.split('.').at(-2) as string, 36).toString(36)}`
  community = (await api<{ rows: { id: string }[] }>('secretary', '/units?kind=community')).rows[0]?.id as string
  resident = await theatre.device(phone)
  resident.setDefaultTimeout(15_000)
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const words = `电梯门口的扶手松了，老人扶着不稳 ${Date.now()}`
let id: string
let code: string

/** What the desks do meanwhile. */
const desks = {
  answer: async (text: string) => {
    await api('secretary', `/demands/${id}/answer`, { answer: text })
  },
  contact: async () => (await api<{ contact: { name: string | null } | null }>('secretary', `/demands/${id}`)).contact,
}

describe('a resident', () => {
  it('writes without signal: the words stay through a closed page, wait in sight, and go by themselves', async () => {
    await resident.goto(`/p/${plate}`)
    await resident.getByLabel('您要说的事').fill(words)
    await resident.getByText('留下姓名、电话（可以不留）').click()
    await resident.getByLabel(/怎么称呼/).fill('周女士')
    await resident.getByLabel(/手机号码/).fill('13700002468')
    await resident.reload()
    await resident.getByText('已恢复上次没有写完的内容').waitFor()
    expect(await resident.getByLabel('您要说的事').inputValue()).toBe(words)
    await resident.context().setOffline(true)
    await resident.getByRole('checkbox', { name: '我已阅读并同意' }).check()
    await resident.getByRole('button', { name: '提交诉求' }).click()
    await resident.getByText('未送出').waitFor()
    await shot(resident, 'resident-offline-390')
    await axe(resident, 'the queue without signal')
    await resident.context().setOffline(false)
    await resident.getByText('已送达').waitFor()
    await shot(resident, 'resident-sent-390')
    await resident.getByRole('link', { name: '查看进展和凭条' }).click()
    await resident.waitForURL(/\/f\/1-/)
    code = decodeURIComponent(resident.url().split('/f/')[1] as string)
    const { rows } = await api<{ rows: { id: string }[] }>('secretary', '/demands?sort=-opened&limit=1')
    id = rows[0]?.id as string
  })

  it('follows by the code, reads the answer, rates it in two taps (REQ-08)', async () => {
    await api('secretary', `/demands/${id}/dispatch`, { leadId: community })
    await api('secretary', `/demands/${id}/signature`, {})
    expect((await desks.contact())?.name).toBe('周女士')
    await desks.answer('扶手已经重新固定。')
    await resident.goto('/m')
    await resident.getByLabel('查询诉求进展').fill(code)
    await resident.getByRole('button', { name: '查看进展' }).click()
    await resident.getByText('扶手已经重新固定。').waitFor()
    await shot(resident, 'resident-answered-390')
    await axe(resident, 'the answered demand')
    await resident.getByRole('radio', { name: '已解决' }).check()
    await resident.getByRole('radio', { name: '满意', exact: true }).check()
    await resident.getByText('您的意见已经记录').waitFor()
    await shot(resident, 'resident-rated-390')
  })

  it('opens it again when it comes back, and sees that it is handled anew', async () => {
    await api('caller', `/demands/${id}/closure`, {})
    await resident.reload()
    await resident.getByText('问题又出现了，重新打开').click()
    await resident.getByLabel('现在是什么情况').fill('又松了')
    await resident.getByRole('button', { name: '重新打开' }).click()
    await resident.getByText('望江社区正在办理。').waitFor()
    await resident.getByText('您要求重新打开').waitFor()
    await shot(resident, 'resident-reopened-390')
    await axe(resident, 'the demand opened again')
  })

  it('takes consent back: name and phone are gone, the matter goes on', async () => {
    await resident.getByText('撤回同意，删除联系方式').click()
    await resident.getByRole('checkbox', { name: '我明白，仍要删除' }).check()
    await resident.getByRole('button', { name: '删除联系方式' }).click()
    await resident.getByText('撤回同意，删除联系方式').waitFor({ state: 'detached' })
    expect(await desks.contact()).toBeNull()
    await desks.answer('已更换扶手。')
    await resident.reload()
    await resident.getByText('已更换扶手。').waitFor()
    await shot(resident, 'resident-withdrawn-390')
    expect(await resident.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  })
})
