// Two people at one record: whoever has a form open is told that another was faster, and nothing that was put right is undone.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, asked, shot, Theatre } from './stage.ts'

let theatre: Theatre
let secretary: Page
let colleague: Page
beforeAll(async () => {
  theatre = await Theatre.open()
  ;[secretary, colleague] = await Promise.all([theatre.console('secretary'), theatre.console('street')])
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

const stamp = Date.now() % 100_000
const hour = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString()

/** Puts one thing right at `path` as somebody else does it meanwhile, from a browser of his own. */
const putRight = (page: Page, path: string, body: unknown) =>
  page.evaluate(
    async ([url, text]) => {
      const { version, person } = await (await fetch(url)).json()
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
        'if-match': `"${version ?? person.version}"`,
      }
      const answer = await fetch(url, { method: 'PUT', headers, body: text })
      if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
    },
    [`/api${path}`, JSON.stringify(body)] as const,
  )

describe('a form that was open while a colleague put the record right', () => {
  it('of a person is refused and undoes nothing', async () => {
    const { mandates } = await api<{ mandates: { unitId: string }[] }>('secretary', '/me')
    const known = { name: '欧阳同改', homeId: mandates[0]?.unitId, occupation: '职员' }
    const path = `/persons/${(await api<{ id: string }>('secretary', '/persons', known)).id}`
    await secretary.goto(`/console${path}`)
    await secretary.getByRole('button', { name: '更正信息' }).click()
    const drawer = secretary.getByRole('dialog', { name: /^更正信息/ })
    await drawer.getByLabel(/^更正理由/).fill('本人提供户口簿核对')

    const [theirs, mine] = [`社区医生${stamp}`, `退休教师${stamp}`]
    await putRight(colleague, path, { occupation: theirs, reason: '单位证明' })
    // no stream tells of persons: the page behind the form reads anew when it is looked at again after a while
    const lookedAt = async () => {
      await secretary.evaluate(() => window.dispatchEvent(new Event('visibilitychange')))
      return secretary.getByText(theirs).count()
    }
    await expect.poll(lookedAt, { timeout: 20_000, interval: 500 }).toBe(1)

    expect(await drawer.getByRole('button', { name: '没有改动' }).isDisabled()).toBe(true)
    await drawer.getByLabel(/^入党时间/).fill('2001-07-01')
    await drawer.getByRole('button', { name: '核对改动' }).click()
    expect(await drawer.getByRole('status').getByRole('listitem').allTextContents()).toHaveLength(1)
    await drawer.getByRole('button', { name: '确认更正' }).click()
    await drawer.getByRole('alert').filter({ hasText: '已被他人修改' }).waitFor()
    await shot(secretary, 'person-stale-1440')
    const { person } = await asked<{ person: Record<string, string> }>(secretary, path)
    expect(person['occupation']).toBe(theirs)

    // opened anew it stands on what the colleague wrote
    await drawer.getByRole('button', { name: '取消' }).click()
    await drawer.waitFor({ state: 'detached' })
    await secretary.getByRole('button', { name: '更正信息' }).click()
    await expect.poll(() => drawer.getByLabel(/^职业/).inputValue()).toBe(theirs)
    await drawer.getByLabel(/^职业/).fill(mine)
    await drawer.getByLabel(/^更正理由/).fill('本人提供户口簿核对')
    await drawer.getByRole('button', { name: '核对改动' }).click()
    await drawer.getByRole('button', { name: '确认更正' }).click()
    await secretary.getByText(mine).first().waitFor()
  })

  it('of a task is refused and undoes nothing', async () => {
    const { rows } = await api<{ rows: { id: string }[] }>('secretary', '/units?kind=community&tree=place&limit=1')
    const { id } = await api<{ id: string }>('secretary', '/tasks', {
      mechanismId: 'double-report',
      placeId: rows[0]?.id,
      category: 'care',
      title: `陪诊 ${stamp}`,
      startsAt: hour(1),
      endsAt: hour(4),
      capacity: 2,
    })
    await secretary.goto(`/console/tasks?task=${id}`)
    await secretary.getByRole('button', { name: '修改', exact: true }).click()
    const form = secretary.getByRole('dialog', { name: '修改任务' })
    await form.getByLabel(/^修改理由/).fill('增加人手')

    const theirs = `陪诊两位老人 ${stamp}`
    await putRight(colleague, `/tasks/${id}`, { title: theirs, reason: '写清楚' })
    await secretary.getByRole('dialog', { name: '任务', exact: true }).getByText(theirs).first().waitFor()

    await form.getByLabel(/^需要人数/).fill('5')
    await form.getByRole('button', { name: '修改', exact: true }).click()
    await form.getByRole('alert').filter({ hasText: '已被他人修改' }).waitFor()
    expect(await asked(secretary, `/tasks/${id}`)).toMatchObject({ title: theirs, capacity: 2 })
  })
})
