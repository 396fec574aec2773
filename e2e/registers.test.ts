// The registers the desk keeps beside the roll: talents from the first word to their post, a person put right, visits and what they found.
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeWorkbook } from '#core/xlsx.ts'
import { asked, axe, phone, shot, Theatre } from './stage.ts'

let theatre: Theatre
let desk: Page
beforeAll(async () => {
  theatre = await Theatre.open()
  desk = await theatre.console('desk')
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

/** Chooses one of the offered by typing a part of its name. */
async function choose(form: Locator, label: string | RegExp, words: string) {
  await form.getByLabel(label).fill(words)
  await form.page().locator('.ant-select-dropdown:visible').getByText(words).first().click()
}

async function pick(form: Locator, label: string | RegExp, option: string) {
  await form.getByLabel(label).click()
  await form.page().locator('.ant-select-dropdown:visible').getByText(option, { exact: true }).click()
}

describe('the talent desk', () => {
  it('puts a talent on record with consent, leads him to his post, and every number of it opens his page (A-43, 1.11)', async () => {
    await desk.goto('/console/talents')
    await desk.getByRole('button', { name: '登记人才' }).click()
    const drawer = desk.getByRole('dialog', { name: '登记人才' })
    await pick(drawer, '机制', '重点高校面试直招')
    await drawer.getByLabel('姓名').fill('欧阳知新')
    await choose(drawer, '用人（管理）单位', '青石高级中学')
    await drawer.getByRole('button', { name: '登记', exact: true }).click()
    await drawer.getByText('意向信息须本人同意后才能登记').waitFor()
    await drawer.getByRole('checkbox').check()
    await drawer.getByRole('textbox', { name: /^意向/ }).fill('希望到高中任教')
    await axe(desk, 'the form of a talent')
    await drawer.getByRole('button', { name: '登记', exact: true }).click()
    await desk.getByRole('heading', { name: /欧阳知新/ }).waitFor()

    await desk.getByRole('button', { name: '登记进展' }).click()
    const step = desk.getByRole('dialog', { name: '登记进展' })
    await pick(step, '进展到', '已报到')
    await step.getByRole('button', { name: '登记进展' }).click()
    await desk.getByRole('listitem').filter({ hasText: '已报到' }).first().waitFor()
    await desk.getByRole('button', { name: '查看' }).click()
    await desk.getByRole('dialog').getByRole('textbox').fill('联系本人办理手续')
    await desk.getByRole('dialog').getByRole('button', { name: '查看' }).click()
    await desk.getByText('希望到高中任教').waitFor()
    await desk.keyboard.press('Escape')
    await desk.getByText('说明：联系本人办理手续').waitFor()
    await axe(desk, 'a talent')
    await shot(desk, 'talent-1440')
    const id = desk.url().split('/').at(-1)?.split('?')[0]
    const { rows: units } = await asked<{ rows: { id: string }[] }>(desk, '/units?tree=org&limit=1')
    const evidence = await asked<{ rows: { link: string }[] }>(
      desk,
      `/figures/evidence?measure=talents.introduced&unit=${units[0]?.id}&period=${new Date().getFullYear()}&limit=500`,
    )
    expect(evidence.rows.map((r) => r.link)).toContain(`/console/talents/${id}`)
  })

  it('finds him by the initials of his name; events are planned, then held with the posts they offered', async () => {
    await desk.goto('/console/talents')
    await desk.getByLabel('查找人才').fill('oyzx')
    await desk.keyboard.press('Enter')
    await desk.getByText('共 1 条').waitFor()
    await desk.getByRole('link', { name: '欧阳知新' }).waitFor()
    await desk.setViewportSize(phone)
    await shot(desk, 'talents-390')
    await axe(desk, 'the list of talents on a narrow screen')
    await desk.setViewportSize({ width: 1440, height: 900 })

    await desk.goto('/console/talents?view=events')
    await desk.getByRole('button', { name: '计划活动' }).click()
    const plan = desk.getByRole('dialog', { name: '计划活动' })
    await pick(plan, '机制', '招才引智小分队')
    await choose(plan, '主办单位', '青石高级中学')
    await pick(plan, '种类', '小分队引才')
    await plan.getByLabel('活动名称').fill('师范院校专场')
    await plan.getByRole('button', { name: '登记计划' }).click()
    const row = desk.getByRole('row').filter({ hasText: '师范院校专场' })
    await row.getByRole('button', { name: '登记举办' }).click()
    await desk
      .getByRole('dialog')
      .getByLabel(/推介岗位/)
      .fill('35')
    await desk.getByRole('dialog').getByRole('button', { name: '登记举办' }).click()
    await row.getByText('35').waitFor()
    await axe(desk, 'events')
    await shot(desk, 'talent-events-1440')
    await desk.goto('/console/talents?view=targets')
    await desk.getByRole('row').filter({ hasText: '大学生留回青石' }).first().waitFor()
  })
})

describe('a person’s record', () => {
  it('is put right with a reason after the change was shown once more, and tells of it (CO-07)', async () => {
    await desk.goto('/console/persons?search=oyzx')
    await desk.getByRole('link', { name: '欧阳知新' }).click()
    await desk.getByRole('button', { name: '更正信息' }).click()
    const drawer = desk.getByRole('dialog', { name: /^更正信息/ })
    expect(await drawer.getByRole('button', { name: '没有改动' }).isDisabled()).toBe(true)
    await pick(drawer, /^民族/, '壮')
    await drawer.getByLabel(/^电话/).fill('138001')
    await drawer.getByLabel(/^更正理由/).fill('本人提供户口簿核对')
    await drawer.getByRole('button', { name: '核对改动' }).click()
    await drawer.getByText('民族：空 → 壮').waitFor()
    await axe(desk, 'what will be put right')
    await drawer.getByRole('button', { name: '确认更正' }).click()
    await drawer.getByRole('alert').filter({ hasText: '电话' }).first().waitFor()
    await drawer.getByLabel(/^电话/).fill('13800138000')
    await drawer.getByRole('button', { name: '核对改动' }).click()
    await shot(desk, 'person-edit-1440')
    await drawer.getByRole('button', { name: '确认更正' }).click()
    await desk.getByText('138****8000').waitFor()
    await desk.getByRole('tab', { name: '变更记录' }).click()
    await desk.getByText('说明：本人提供户口簿核对').waitFor()
    await desk.getByText('民族：壮').waitFor()
    await shot(desk, 'person-changes-1440')
  })
})

describe('posts', () => {
  it('of a unit are listed from its page, and each opens who holds it (STAT-03)', async () => {
    const { rows } = await asked<{ rows: { id: string }[] }>(desk, '/units?tree=org&limit=1')
    await desk.goto(`/console/units?unit=${rows[0]?.id}`)
    await desk.getByRole('main').getByRole('link', { name: '职务' }).click()
    await desk.getByLabel('查找职务').fill('书记')
    await desk.keyboard.press('Enter')
    await desk.getByRole('cell', { name: /书记/ }).first().waitFor()
    await axe(desk, 'the list of posts')
    await shot(desk, 'posts-1440')
    await desk.getByRole('table').getByRole('link').first().click()
    await desk.getByRole('heading', { name: '职务和特殊情况' }).waitFor()
  })
})

describe('visits and inspections', () => {
  it('are written down on foot in a minute, with what was collected there one by one', async () => {
    const secretary = await theatre.mobile('secretary')
    await secretary.goto('/m/take-in')
    await secretary.getByRole('link', { name: '登记走访、检查' }).click()
    await secretary.getByRole('radio').first().waitFor()
    await secretary.getByLabel('机制').selectOption({ label: '下基层察民情解民忧暖民心' })
    await secretary.getByRole('group', { name: '在哪里' }).locator('label').first().click()
    await secretary.getByLabel(/^见到群众/).fill('12')
    await secretary.getByLabel(/^情况/).fill('入户走访老旧小区')
    await axe(secretary, 'a visit on the phone')
    await shot(secretary, 'visit-390')
    await secretary.getByRole('button', { name: '登记', exact: true }).click()
    await secretary.getByText(/^已登记：/).waitFor()
    await shot(secretary, 'visit-made-390')
    await secretary.getByRole('button', { name: '登记当场收集的诉求' }).click()
    await secretary.getByText(/^登记在这次：/).waitFor()
    await secretary.getByRole('radio', { name: '就业增收' }).check()
    await secretary.getByLabel(/^什么事/).fill('楼道灯不亮，老人上下楼不方便')
    await shot(secretary, 'visit-take-in-390')
    await secretary.getByRole('button', { name: '登记', exact: true }).click()
    await secretary.getByText(/^已登记，/).waitFor()
  })

  it('stand in the console with what became of them, and a number of visits opens the visit', async () => {
    await desk.goto('/console/occasions')
    await desk.getByRole('row').filter({ hasText: '入户走访老旧小区' }).first().getByRole('button').click()
    const drawer = desk.getByRole('dialog', { name: '走访检查' })
    await drawer.getByText('12 人次').waitFor()
    await drawer.getByText('1 件').first().waitFor()
    await axe(desk, 'a visit')
    await shot(desk, 'occasion-1440')
    await drawer.getByRole('link', { name: '在诉求清单里打开' }).click()
    await desk.getByText('共 1 条').waitFor()

    await desk.goto('/console/occasions')
    await desk.getByRole('button', { name: '登记走访检查' }).click()
    const form = desk.getByRole('dialog', { name: '登记走访检查' })
    await pick(form, '机制', '下基层察民情解民忧暖民心')
    await choose(form, '地点', '临江')
    await form.getByLabel(/^见到群众/).fill('5')
    await form.getByLabel(/^情况/).fill('街道走访')
    await form.getByRole('button', { name: '登记', exact: true }).click()
    await desk.getByRole('dialog', { name: '走访检查' }).getByText('5 人次').waitFor()
    const { rows } = await asked<{ rows: { id: string }[] }>(desk, '/units?tree=place&limit=1')
    const evidence = await asked<{ rows: { link: string }[] }>(
      desk,
      `/figures/evidence?measure=demands.visited&unit=${rows[0]?.id}&period=${new Date().getFullYear()}&limit=500`,
    )
    const id = new URL(desk.url()).searchParams.get('occasion')
    expect(evidence.rows.map((r) => r.link)).toContain(`/console/occasions?occasion=${id}`)
    await desk.goto('/console/occasions?kind=visit&sort=-met')
    await desk.getByRole('table').first().waitFor()
    await shot(desk, 'occasions-1440')
    await axe(desk, 'the list of visits')
  })
})

describe('units from a workbook', () => {
  it('are previewed with their errors as a workbook, brought in, and the batch is taken back (IMP-3, IMP-6)', async () => {
    const bookOf = async (kind: string) => {
      const file = join(tmpdir(), `单位-${process.pid}.xlsx`)
      const columns = ['代码', '名称', '类别'].map((header) => ({ header }))
      const rows = [[`E2E-${process.pid}`, '撤销试验小区', kind]]
      writeFileSync(file, await writeWorkbook([{ name: '单位', columns, rows }]))
      return file
    }
    const { rows } = await asked<{ rows: { id: string }[] }>(
      desk,
      `/units?search=${encodeURIComponent('望江社区')}&tree=place`,
    )
    await desk.goto(`/console/units/imports?unit=${rows[0]?.id}`)
    await desk.getByLabel('单位文件').setInputFiles(await bookOf('飞船'))
    await desk.getByRole('button', { name: '预览' }).click()
    await desk.getByText('没有这种单位类别').waitFor()
    const [file] = await Promise.all([
      desk.waitForEvent('download'),
      desk.getByRole('button', { name: '下载错误表' }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(/错误\.xlsx$/)
    await desk.getByLabel('单位文件').setInputFiles(await bookOf('小区'))
    await desk.getByRole('button', { name: '预览' }).click()
    await desk.getByRole('button', { name: '导入', exact: true }).click()
    const batch = desk.getByRole('row').filter({ hasText: `单位-${process.pid}.xlsx` })
    await batch.getByText('已导入').waitFor()
    await axe(desk, 'batches of units')
    await shot(desk, 'unit-batches-1440')
    await batch.getByRole('button', { name: '整批撤销' }).click()
    const sure = desk.getByRole('dialog', { name: '整批撤销' })
    await sure.getByText('收回这批新设的 1 个单位').waitFor()
    await sure.getByRole('button', { name: '整批撤销' }).click()
    await batch.getByText('收回 1 个').waitFor()
    expect((await asked<{ total: number }>(desk, `/units?search=E2E-${process.pid}`)).total).toBe(0)
    await shot(desk, 'unit-batches-undone-1440')
  })
})
