// The desk defines a measure, sees its number while picking, finds it in the catalogue, reads it beside others, and retires it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axe, shot, Theatre } from './stage.ts'

let theatre: Theatre
beforeAll(async () => {
  theatre = await Theatre.open()
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const name = `青年党员${Date.now() % 10_000}`

describe('a measure of the district’s own', () => {
  it('is picked with its number beside it, listed, read in the explorer and retired (AGE-02)', async () => {
    const desk = await theatre.console('desk')
    await desk.goto('/console/figures/definitions?measure=new')
    const form = desk.getByRole('dialog')
    await form.getByLabel('名称').fill(name)
    await form.getByLabel('数什么记录').click()
    await desk.keyboard.type('党员组织关系')
    await desk.keyboard.press('Enter')
    await form.getByLabel('不重复的人数').check()
    await form.getByLabel('只数：加一个条件').click()
    await desk.locator('.ant-select-item-option', { hasText: '年龄段' }).click()
    await form.getByLabel('几岁以下').fill('35')
    await form.getByText('35岁以下（不满36岁）').waitFor()
    await form.getByLabel('量词').click()
    await desk.locator('.ant-select-item-option', { hasText: /^人$/ }).click()
    await form.getByLabel('口径').fill('期末日不满36岁的党员，一人计一次。')
    await form.getByLabel(/可用说法/).fill('有')
    await desk.keyboard.press('Enter')
    await form.getByLabel('设立依据').fill('年轻干部工作需要')
    await shot(desk, 'desk-measure-new-1440')
    await axe(desk, 'the measure editor')
    await form.getByRole('button', { name: '新设' }).click()
    await desk.getByText('第 1 版').waitFor()
    await shot(desk, 'desk-measure-made-1440')
    await axe(desk, 'the definition')

    await desk.goto('/console/figures?field=own')
    await desk.getByText(name, { exact: true }).waitFor()
    await shot(desk, 'desk-own-figures-1440')
    await axe(desk, 'the explorer')

    await desk.goto('/console/figures?m=tasks.claims,tasks.claimants&by=child&view=heat')
    await desk.getByText('色深按数值等距分五档').waitFor()
    await shot(desk, 'desk-heat-1440')
    await axe(desk, 'the heat view')

    await desk.goto(`/console/figures/definitions?q=${encodeURIComponent(name)}`)
    await desk.getByRole('button', { name, exact: true }).click()
    await desk.getByRole('button', { name: '停用' }).click()
    await desk.getByLabel('理由').fill('不再使用')
    await desk.getByRole('dialog').getByRole('button', { name: '停用' }).last().click()
    await desk.getByRole('button', { name: '重新起用' }).waitFor()
  })
})
