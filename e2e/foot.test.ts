// A community secretary on foot: a matter taken in without signal waits in sight, goes by itself, and stands in the to-do.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, axe, shot, Theatre } from './stage.ts'

let theatre: Theatre
beforeAll(async () => {
  theatre = await Theatre.open()
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const words = `楼道灯坏了，上下楼看不清 ${Date.now()}`

describe('a secretary on foot', () => {
  it('takes a matter in without signal, nothing is lost, and signs and answers it on the phone', async () => {
    const phone = await theatre.signInMobile('secretary')
    phone.setDefaultTimeout(15_000)
    await phone.goto('/m/take-in')
    await phone.getByRole('group', { name: '在哪里' }).getByRole('radio').first().waitFor()
    await phone.context().setOffline(true)
    await phone.getByRole('group', { name: '在哪里' }).getByRole('radio').first().check()
    await phone.getByRole('radio', { name: '设施维修' }).check()
    await phone.getByLabel('什么事').fill(words)
    await phone.getByRole('button', { name: '登记', exact: true }).click()
    await phone.getByText('未送出').waitFor()
    await shot(phone, 'secretary-offline-390')
    await axe(phone, 'taking in without signal')
    await phone.context().setOffline(false)
    await phone.getByText('已送达').waitFor()
    await shot(phone, 'secretary-sent-390')
    const { rows } = await api<{ rows: { id: string }[] }>('secretary', '/demands?sort=-opened&limit=1')
    await phone.goto('/m/todo')
    await phone.getByRole('region', { name: '派单' }).waitFor()
    await shot(phone, 'secretary-todo-390')
    await axe(phone, 'the to-do on the phone')
    await phone.goto(`/m/todo/${rows[0]?.id}`)
    await phone.getByText(words).waitFor()
    await phone
      .getByRole('radio', { name: /望江社区/ })
      .first()
      .check()
    await phone.getByRole('button', { name: '派单' }).click()
    await phone.getByText('等待签收。').waitFor()
    await phone.getByRole('button', { name: '签收' }).click()
    await phone.getByLabel('怎么办的').fill('已换灯泡。')
    await phone.getByRole('button', { name: '答复', exact: true }).click()
    await phone.getByText('已答复，等待确认。').waitFor()
    await shot(phone, 'secretary-answered-390')
  })
})
