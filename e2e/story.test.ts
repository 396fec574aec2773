// One story through the whole house: a resident's words on a phone end as one more in a figure that opens onto them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { api, axe, base, phone, shot, Theatre } from './stage.ts'

interface Unit {
  id: string
  name: string
  path: string
  parentId: string | null
}

let theatre: Theatre
let plate: string
let estate: Unit
beforeAll(async () => {
  theatre = await Theatre.open()
  const { rows } = await api<{ rows: Unit[] }>('secretary', '/units?kind=estate&limit=50')
  estate = rows[0] as Unit
  plate = `1-${Number.parseInt(estate.path.split('.').at(-2) as string, 36).toString(36)}`
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
  expect([...theatre.hosts]).toEqual([new URL(base()).host])
})

const raised = async () =>
  (
    await api<{ figures: { value: number }[] }>('leader', '/figures?measures=demands.raised,demands.closed')
  ).figures.map((f) => f.value)

const words = `三单元路灯不亮，老人夜里出门看不清 ${Date.now()}`

describe('the story of one demand', () => {
  let before: number[]
  let code: string
  let resident: Page
  let page: string

  it('a resident raises it on a phone without an account and gets a code', async () => {
    before = await raised()
    resident = await theatre.device(phone)
    await resident.goto(`/p/${plate}`)
    await resident.getByLabel('您要说的事').fill(words)
    await shot(resident, 'resident-raise-390')
    await axe(resident, 'the resident’s form')
    await resident.getByRole('radio', { name: '设施维修' }).check()
    await resident.getByRole('checkbox', { name: '我已阅读并同意' }).check()
    await resident.getByRole('button', { name: '提交诉求' }).click()
    await resident.waitForURL(/\/f\/1-/)
    code = decodeURIComponent(resident.url().split('/f/')[1] as string)
    await shot(resident, 'resident-code-390')
    await axe(resident, 'the follow-up page')
  })

  it('the community secretary dispatches it to the community, signs and answers', async () => {
    const secretary = await theatre.console('secretary')
    const { rows } = await api<{ rows: { id: string; no: number }[] }>('secretary', '/demands?sort=-opened&limit=1')
    await shot(secretary, 'secretary-todo-1440')
    await axe(secretary, 'the to-do page')
    page = `/console/demands/${rows[0]?.id}`
    await secretary.goto(page)
    await secretary.getByText(words).waitFor()
    await shot(secretary, 'secretary-demand-1440')
    await axe(secretary, 'the demand page')
    await secretary.getByRole('button', { name: '派单' }).click()
    await secretary.getByLabel('主办单位').click()
    await secretary.keyboard.type('望江社区')
    const found = secretary.locator('.ant-select-item-option', { hasText: /^望江社区/ }).first()
    await found.waitFor()
    await shot(secretary, 'secretary-dispatch-1440')
    await found.click()
    await secretary.getByRole('dialog').getByRole('button', { name: '派单' }).click()
    await secretary.getByRole('button', { name: '签收' }).click()
    await secretary.getByRole('button', { name: '答复' }).click()
    await secretary.getByLabel('答复内容').fill('已经联系物业更换灯具，今晚恢复照明。')
    await axe(secretary, 'the answer form')
    await secretary.getByRole('dialog').getByRole('button', { name: '答复' }).click()
    await secretary.getByText('待回访').first().waitFor()
    await shot(secretary, 'secretary-answered-1440')
  })

  it('somebody else calls the resident back and closes it (REQ-08)', async () => {
    const caller = await theatre.console('caller')
    await caller.goto(page)
    await caller.getByRole('button', { name: '回访', exact: true }).click()
    await caller.getByRole('radio', { name: '已解决' }).check()
    await caller.getByRole('radio', { name: '满意', exact: true }).check()
    await shot(caller, 'caller-callback-1440')
    await caller.getByRole('button', { name: '记录回访' }).click()
    await caller.getByRole('button', { name: '办结' }).click()
    await caller.getByRole('dialog').getByRole('button', { name: '办结' }).click()
    await caller.getByText('已办结').first().waitFor()
    await shot(caller, 'caller-closed-1440')
    await axe(caller, 'the closed demand')
  })

  it('the resident sees by the code where it stands', async () => {
    await resident.goto(`/f/${code}`)
    await resident.getByText(words).waitFor()
    await resident.getByText('已经联系物业更换灯具').waitFor()
    await shot(resident, 'resident-follow-390')
  })

  it('is one more in the figure, and the figure opens onto its records', async () => {
    const after = await raised()
    expect(after).toEqual(before.map((n) => n + 1))
    const leader = await theatre.console('leader')
    await leader.goto('/console/figures')
    await leader
      .getByRole('button', { name: new RegExp(`${(after[0] as number).toLocaleString('zh-CN')} 件`) })
      .first()
      .click()
    await leader.getByText(`共 ${(after[0] as number).toLocaleString('zh-CN')} 条`).waitFor()
    await shot(leader, 'leader-figure-1440')
    await axe(leader, 'the number drawer')
  })
})

describe('the review', () => {
  it('is written from a template, prints itself with numbers that open, and refuses 人 where only 人次 is true', async () => {
    const desk = await theatre.console('desk')
    await desk.goto('/console/reports')
    await desk.getByText('还没有稿件').waitFor()
    await shot(desk, 'desk-reports-empty-1440')
    await desk.getByRole('button', { name: '起草' }).first().click()
    const pick = async (label: string, option: string) => {
      await desk.getByRole('dialog').getByLabel(label).click()
      await desk.locator('.ant-select-item-option', { hasText: option }).first().click()
    }
    await pick('模板', '把支部建到居民家门口')
    await pick('机制', '组织工作综述')
    await desk.getByLabel('写哪个单位').click()
    await desk.keyboard.type('青石区')
    await desk.locator('.ant-select-item-option', { hasText: '中共青石区委员会' }).first().click()
    await desk.getByRole('dialog').getByRole('button', { name: '起草' }).click()
    await desk.getByText('全部数字与记录相符，可以付印。').waitFor()
    await shot(desk, 'desk-review-1440')
    await axe(desk, 'the manuscript')
    await desk.getByRole('button', { name: '生成文档' }).click()
    const [file] = await Promise.all([
      desk.waitForEvent('download'),
      desk.getByRole('menuitem', { name: 'Word 文档（公文格式）' }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(/\.docx$/)
    const text = desk.getByLabel('第2部分第1段正文')
    await text.fill((await text.inputValue()).replace('|人次}}', '|人}}'))
    await desk.getByText('有 1 处不能付印').waitFor()
    expect(await desk.getByRole('button', { name: '生成文档' }).isDisabled()).toBe(true)
    await shot(desk, 'desk-review-refused-1440')
  })
})
