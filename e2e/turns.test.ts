// A demand that does not go straight: disputed and upheld, helped with, extended, put on the shelf and taken down, excluded or not,
// handled again, opened again — by the community's secretary, the street's organiser and the district's desk, each at his own screen.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, axe, shot, Theatre } from './stage.ts'

let theatre: Theatre
let secretary: Page
let street: Page
let desk: Page
let caller: Page
let page: string
beforeAll(async () => {
  theatre = await Theatre.open()
  const { rows } = await api<{ rows: { id: string }[] }>('secretary', '/units?kind=estate&limit=1')
  const { id } = await api<{ id: string }>('secretary', '/demands', {
    mechanismId: '365-service',
    placeId: rows[0]?.id,
    category: 'facility',
    title: '地下车库照明不足',
    words: '地下车库东侧一排灯全不亮，晚上看不清路。',
    contact: { name: '何清', phone: '13800001234' },
  })
  page = `/console/demands/${id}`
  ;[secretary, street, desk, caller] = await Promise.all([
    theatre.console('secretary'),
    theatre.console('street'),
    theatre.console('desk'),
    theatre.console('caller'),
  ])
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

/** Opens the demand as somebody and takes a step that has a form; the drawer closes when it is done. */
async function step(who: Page, word: string, fill: (form: ReturnType<Page['getByRole']>) => Promise<unknown>) {
  await who.goto(page)
  await who.getByText('办理经过').waitFor()
  const button = who.getByRole('button', { name: word, exact: true })
  if ((await button.count()) === 0) {
    await who.getByRole('button', { name: '其他办理' }).click()
    await who.getByRole('menuitem', { name: word, exact: true }).click()
  } else await button.click()
  const form = who.getByRole('dialog')
  await form.getByText('地下车库照明不足').waitFor()
  await fill(form)
  await form.getByRole('button', { name: word }).click()
  await form.waitFor({ state: 'detached' })
}

const act = async (who: Page, word: string, state: string) => {
  await who.goto(page)
  await who.getByRole('button', { name: word, exact: true }).click()
  await who.getByText(state).first().waitFor()
}

async function pickUnit(who: Page, label: string, name: string) {
  await who.getByRole('dialog').getByLabel(label).click()
  await who.keyboard.type(name)
  await who
    .locator('.ant-select-item-option', { hasText: new RegExp(`^${name}`) })
    .first()
    .click()
}

const reason = (words: string) => (form: ReturnType<Page['getByRole']>) => form.getByLabel(/^理由/).fill(words)

describe('the turns of one demand', () => {
  it('the unit disputes within its window, the street upholds, the clock stood still meanwhile (REQ-02)', async () => {
    await step(secretary, '派单', () => pickUnit(secretary, '主办单位', '望江社区'))
    await shot(secretary, 'turns-dispatched-1440')
    await step(secretary, '提出异议', async (form) => {
      await reason('车库照明属物业企业维护')(form)
      await form.getByLabel('依据', { exact: true }).fill('物业服务合同第六条')
      await shot(secretary, 'turns-dispute-1440')
      await axe(secretary, 'the form of a dispute')
    })
    await secretary.getByText('异议审核中，停止计时').first().waitFor()
    await street.goto('/console')
    const waiting = street.getByRole('region', { name: '审核' })
    await waiting.getByText('地下车库照明不足').waitFor()
    await shot(street, 'turns-street-todo-1440')
    await step(street, '审核异议', async (form) => {
      await form.getByText('物业服务合同第六条').waitFor()
      await form.getByRole('radio', { name: '维持原派单' }).check()
      await form.getByLabel('审核理由').fill('派单目录明确由社区协调物业办理')
      await shot(street, 'turns-review-1440')
      await axe(street, 'the form of a review')
    })
    await street.getByText('异议审核期间停止计时').waitFor()
    await street.getByText(/维持原派单，派单目录明确/).waitFor()
    await secretary.goto(page)
    await secretary.getByText('办理经过').waitFor()
    expect(await secretary.getByRole('button', { name: '提出异议' }).count()).toBe(0)
  })

  it('is signed, the resident is contacted, another unit is called in with its own deadline (REQ-03)', async () => {
    await act(secretary, '签收', '办理中')
    await secretary.getByText('13800001234').first().waitFor()
    await secretary.getByRole('button', { name: '已联系诉求人' }).click()
    await secretary.getByRole('dialog').getByRole('button', { name: '已联系诉求人' }).click()
    await secretary.getByText('按时').first().waitFor()
    await step(street, '增加协办', () => pickUnit(street, '协办单位', '临江街道'))
    await street.getByText('协办', { exact: true }).waitFor()
  })

  it('is extended once with a reason the resident reads, put on the shelf and taken down (REQ-05, REQ-06)', async () => {
    await step(street, '延期', async (form) => {
      await form.getByText(/已延期 0 次，最多 1 次/).waitFor()
      await form.getByLabel('延长').fill('3')
      await reason('灯具要从外地调货')(form)
      await shot(street, 'turns-extension-1440')
    })
    await street.getByText('延期', { exact: true }).first().waitFor()
    await step(desk, '挂账', async (form) => {
      await reason('需随老旧小区改造统一更换线路')(form)
      await form.getByLabel('解决计划').fill('列入第二批改造，先装临时照明')
      await form.getByLabel('牵头领导').fill('分管住建副区长')
      const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10)
      await form.getByLabel('复核日期').fill(day)
      await form.getByLabel('复核日期').press('Enter')
      await shot(desk, 'turns-suspension-1440')
      await axe(desk, 'the form of a suspension')
    })
    await desk.getByText('挂账中，停止计时').first().waitFor()
    await shot(desk, 'turns-suspended-1440')
    await axe(desk, 'a suspended demand')
    await step(desk, '恢复办理', reason('临时照明材料已到货'))
    await desk.getByText('恢复办理').first().waitFor()
  })

  it('an exclusion asked by the unit is refused by another one and stays in sight (REQ-09)', async () => {
    await step(secretary, '申请剔除', async (form) => {
      await form.getByLabel('情形').click()
      await secretary.locator('.ant-select-item-option', { hasText: '非本单位职责' }).click()
      await reason('车库产权属开发企业')(form)
    })
    await secretary.getByText('等待审核').first().waitFor()
    await step(desk, '审核剔除', async (form) => {
      await form.getByText('车库产权属开发企业').waitFor()
      await form.getByRole('radio', { name: '不同意' }).check()
      await form.getByLabel('审核理由').fill('协调物业属于社区职责')
    })
    await desk.getByText(/不同意：协调物业属于社区职责/).waitFor()
  })

  it('answered, called unsolved, handled again, called solved, closed and opened once more (REQ-08)', async () => {
    const answer = (words: string) => step(secretary, '答复', (form) => form.getByLabel('答复内容').fill(words))
    await answer('已安装临时照明。')
    const call = (outcome: string, mood: string) =>
      step(caller, '回访', async (form) => {
        await form.getByText('13800001234').waitFor()
        await form.getByRole('radio', { name: outcome, exact: true }).check()
        await form.getByRole('radio', { name: mood, exact: true }).check()
      })
    await call('未解决', '不满意')
    await step(caller, '重办', (form) => form.getByLabel('还有什么没有解决').fill('西侧仍有两盏不亮'))
    await answer('西侧两盏已更换。')
    await call('已解决', '满意')
    await caller.getByRole('button', { name: '办结', exact: true }).click()
    await caller.getByRole('dialog').getByRole('button', { name: '办结', exact: true }).click()
    await caller.getByText('已办结').first().waitFor()
    await step(desk, '重新打开', reason('灯又灭了'))
    await desk.getByText('办理中').first().waitFor()
    await desk.getByText('第 3 轮办理').waitFor()
    await shot(desk, 'turns-reopened-1440')
    await axe(desk, 'a demand with a long story')
  })

  it('the timeline tells every turn in Chinese, before and after', async () => {
    const told = await desk.getByRole('list').filter({ hasText: '审核异议' }).last().innerText()
    for (const word of [
      '登记',
      '派单',
      '提出异议',
      '审核异议',
      '签收',
      '延期',
      '挂账',
      '恢复办理',
      '审核剔除',
      '退回重办',
      '办结',
      '重新打开',
    ])
      expect(told).toContain(word)
    expect(told).toMatch(/状态：待签收 → 异议审核中/)
    expect(told).not.toMatch(/[a-z]{3,}/)
    const phone = await theatre.mobile('secretary')
    await phone.goto(page.replace('/console/demands', '/m/todo'))
    await phone.getByText('办理过程').waitFor()
    await phone.getByText('审核异议').waitFor()
    await shot(phone, 'turns-story-390')
    await axe(phone, 'the story on the phone')
  })
})
