// One person was put on record twice: the desk compares, merges, and takes the merge back without loss.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idNumber } from '#modules/people/fixtures.ts'
import { asked, axe, sent, shot, Theatre } from './stage.ts'

let theatre: Theatre
let desk: Page
let born: string
beforeAll(async () => {
  theatre = await Theatre.open()
  desk = await theatre.console('desk')
  const home = async (name: string) =>
    (await asked<{ rows: { id: string }[] }>(desk, `/units?search=${encodeURIComponent(name)}`)).rows[0]?.id
  const [here, there] = [await home('望江社区党总支'), await home('书院社区党总支')]
  const number = idNumber(720_001)
  born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  await sent(desk, '/persons', { name: '欧阳试重', homeId: here, idNumber: number, occupation: '教师' })
  const double = { name: '欧阳试重', homeId: there, born, occupation: '医生', education: '21' }
  const { id } = await sent<{ id: string }>(desk, '/persons', double)
  const relation = { unitId: there, kind: 'formal', status: 'full', from: '2020-01-01', reason: 'roster' }
  await sent(desk, `/persons/${id}/memberships`, relation)
}, 180_000)
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

interface Found {
  rows: { id: string; branch: string | null }[]
  total: number
}
const found = () => asked<Found>(desk, '/persons?search=oysz')
const occupation = async (id: string | undefined) =>
  (await asked<{ person: { occupation: string } }>(desk, `/persons/${id}`)).person.occupation

describe('the district desk and a double', () => {
  it('compares the two, chooses what stays, and merges: one person with the ties of both (ID-01)', async () => {
    expect((await found()).total).toBe(2)
    await desk.goto('/console/persons')
    await desk.getByRole('link', { name: '查找重复' }).click()
    await desk.getByRole('searchbox', { name: '查找', exact: true }).fill('oysz')
    await desk.keyboard.press('Enter')
    await desk.getByRole('cell', { name: '姓名和出生日期相同' }).waitFor()
    await desk.getByRole('button', { name: '对照' }).first().click()
    await desk.getByRole('radio', { name: '职业取乙的' }).check()
    await shot(desk, 'duplicates-compared-1440')
    await axe(desk, 'the comparison')
    await desk.getByText('学历、职业取另一条的').waitFor()
    await desk.getByRole('button', { name: '合并', exact: true }).click()
    await desk.getByRole('alert').first().waitFor() // a reason is owed
    await desk.getByLabel('合并理由').fill('同一人两次登记')
    await desk.getByRole('button', { name: '合并', exact: true }).click()
    await desk.getByText('已合并', { exact: true }).last().waitFor()
    await expect.poll(async () => (await found()).total).toBe(1)
    const [person] = (await found()).rows
    expect(person?.branch, 'the relation of the double is his').toBe('书院社区党总支')
    expect(await occupation(person?.id)).toBe('医生')
  })

  it('takes the merge back with a reason, and each record has its own again (ID-01)', async () => {
    await desk.goto('/console/persons/duplicates?view=same')
    await desk.getByRole('cell', { name: '同一人两次登记' }).waitFor()
    await shot(desk, 'duplicates-merged-1440')
    await axe(desk, 'the merges')
    await desk.getByRole('button', { name: '撤销' }).first().click()
    const sure = desk.getByRole('dialog', { name: '撤销' })
    await sure.getByLabel(/理由/).fill('核对后是两个人')
    await sure.getByRole('button', { name: '撤销' }).click()
    await expect.poll(async () => (await found()).total).toBe(2)
    const kept = (await found()).rows.find((r) => r.branch === null)
    expect(await occupation(kept?.id)).toBe('教师')
  })

  it('says that they are two persons, and is not asked again (ENG-06)', async () => {
    await desk.goto('/console/persons/duplicates?search=oysz')
    await desk.getByRole('button', { name: '对照' }).first().click()
    await desk.getByRole('button', { name: '不是同一人' }).click()
    const sure = desk.getByRole('dialog', { name: '不是同一人' })
    await sure.getByLabel(/理由/).fill('父子同名')
    await sure.getByRole('button', { name: '不是同一人' }).click()
    await desk.getByRole('heading', { name: '没有疑似重复的登记' }).waitFor()
    await desk.getByText('不是同一人', { exact: true }).first().click()
    await desk.getByRole('cell', { name: '父子同名' }).waitFor()
  })
})
