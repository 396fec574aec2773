// A form's life: what is held cannot be asked again, another hand approves, the registry and the burden say what it costs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayOf } from '#core/calendar.ts'
import { api, axe, shot, Theatre } from './stage.ts'

let theatre: Theatre
beforeAll(async () => {
  theatre = await Theatre.open()
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const title = `网格服务点位 ${Date.now() % 100_000}`
const DUE_DAY = 28
/** Asked with less than five days to go a form waits for its next month. */
const NOTICE_DAYS = 5

describe('a form', () => {
  it('is drafted by the street: what the system holds is refused and becomes a confirmation (JF-09)', async () => {
    const street = await theatre.console('street')
    await street.goto('/console/forms/draft')
    await street.getByLabel('报表名称').fill(title)
    await street.getByLabel('依据', { exact: true }).fill('临街发〔2026〕3号')
    await street.getByLabel('用途').fill('安排服务点位')
    await street.getByLabel('其中哪些类别的单位填').click()
    await street.keyboard.type('小区党支部')
    await street.locator('.ant-select-item-option', { hasText: /^小区党支部$/ }).click()
    await street.keyboard.press('Escape')
    await street.getByLabel('截止日', { exact: true }).fill(String(DUE_DAY))
    await street.getByLabel('项目名称').fill('楼栋党小组数')
    await street.getByLabel('口径').click()
    await street.getByText('不能再要求填写').waitFor()
    await shot(street, 'form-held-1440')
    await axe(street, 'the draft of a form')
    await street.getByRole('button', { name: /改为确认/ }).click()
    await street.getByRole('button', { name: '增加要填的项' }).click()
    await street.getByLabel('项目名称').fill('便民雨伞架')
    await street.getByLabel('口径').fill('对居民开放、能正常使用的')
    await street.getByRole('button', { name: '存为草稿' }).click()
    await street.getByRole('heading', { level: 1, name: title }).waitFor()
    await street.getByRole('button', { name: '提交审批' }).click()
    await street.getByRole('dialog').getByRole('button', { name: '提交审批' }).click()
    await street.getByText('待审批').first().waitFor()
  })

  it('is approved by the leader, who sees in numbers what it will cost', async () => {
    const { rows } = await api<{ rows: { id: string; title: string }[] }>('leader', '/forms?state=submitted')
    const leader = await theatre.console('leader')
    await leader.goto(`/console/forms/${rows.find((f) => f.title === title)?.id}`)
    await leader.getByRole('button', { name: '批准', exact: true }).click()
    await leader.getByText(/将向 \d+ 个单位布置/).waitFor()
    await leader.getByLabel('审批意见').fill('确有必要')
    await leader.getByRole('dialog').getByRole('button', { name: '批准' }).click()
    await leader.getByText('在用').first().waitFor()
    await shot(leader, 'form-approved-1440')
    await axe(leader, 'a registered form')
  })

  it('is filled in by the community where one is open, and weighs in the burden', async () => {
    const secretary = await theatre.console('secretary')
    await secretary.goto('/console/asks?state=open')
    await secretary.getByRole('heading', { level: 1, name: '填报' }).waitFor()
    const first = secretary.getByRole('link', { name: '小区活动阵地情况' }).first()
    await first.click()
    await secretary.getByText('为什么要填').waitFor()
    await shot(secretary, 'form-fill-1440')
    await axe(secretary, 'a form to fill in')
    await secretary.getByText(/上期：\d+ 天/).waitFor()
    await secretary.getByLabel('本月开放（天）').fill('22')
    await secretary.getByRole('button', { name: '提交' }).click()
    await secretary.getByText('已填报').first().waitFor()
    await secretary.goto('/console/burden')
    await secretary.getByText('重复填报').waitFor()
    await secretary.getByText('由谁要求').first().waitFor()
    await shot(secretary, 'burden-1440')
    await axe(secretary, 'the burden')
  })

  it('is filled in on foot: only confirmed where it is held, and the draft outlives the page', async () => {
    const phone = await theatre.mobile('secretary')
    phone.setDefaultTimeout(15_000)
    await phone.goto('/m/todo')
    await phone.getByRole('heading', { level: 1, name: '待办' }).waitFor()
    const asked = phone.getByRole('region', { name: '填报' }).getByRole('link', { name: new RegExp(title) })
    if (Number(dayOf(new Date().toISOString()).slice(8)) > DUE_DAY - NOTICE_DAYS) {
      await phone.waitForLoadState('networkidle')
      return expect(await asked.count()).toBe(0)
    }
    await asked.first().click()
    await shot(phone, 'form-open-390')
    await phone.getByRole('group', { name: /系统里是/ }).waitFor()
    await phone.getByLabel(/^便民雨伞架/).fill('2')
    await phone.reload()
    expect(await phone.getByLabel(/^便民雨伞架/).inputValue()).toBe('2')
    await phone.getByRole('button', { name: '提交' }).click()
    await phone.getByRole('alert').first().waitFor()
    await phone.getByRole('radio', { name: '确认无误' }).check()
    await shot(phone, 'form-fill-390')
    await axe(phone, 'a form on the phone')
    const before = await asked.count()
    await phone.getByRole('button', { name: '提交' }).click()
    await phone.getByRole('heading', { level: 1, name: '待办' }).waitFor()
    expect(before).toBe(0)
    await shot(phone, 'secretary-asks-390')
  })
})
