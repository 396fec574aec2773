// Desks and officers: each sees his own part of the house, and only that.
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

describe('the district desk', () => {
  it('signs in with a second factor and opens persons, the tree and the mechanisms', async () => {
    const desk = await theatre.signIn('desk')
    for (const [path, name, word] of [
      ['/console/persons', 'desk-persons', '人员'],
      ['/console/units', 'desk-units', '组织树'],
      ['/console/mechanisms', 'desk-mechanisms', '机制'],
    ] as const) {
      await desk.goto(path)
      await desk.getByRole('heading', { level: 1, name: word }).waitFor()
      await desk.getByText('正在读取').waitFor({ state: 'detached' })
      await shot(desk, `${name}-1440`)
      await axe(desk, name)
    }
  })
})

describe('the audit officer', () => {
  it('reads the history and verifies the chain, and no business page is his (等保 12)', async () => {
    const audit = await theatre.console('audit')
    await audit.goto('/console/history')
    await audit.getByRole('heading', { level: 1, name: '历史' }).waitFor()
    expect(await audit.getByRole('navigation').getByRole('link', { name: '诉求' }).count()).toBe(0)
    await shot(audit, 'audit-history-1440')
    await axe(audit, 'the history')
    const refused = await audit.evaluate(async () => (await fetch('/api/demands')).status)
    expect(refused).toBe(403)
  })
})

describe('the street organiser', () => {
  it('sees his own street and nothing beside it, in the tree and on the board', async () => {
    const street = await theatre.console('street')
    await street.goto('/console/demands')
    await street.getByRole('heading', { level: 1 }).waitFor()
    await street.getByText('临江街道').first().waitFor()
    expect(await street.getByText('书院街道').count()).toBe(0)
    await shot(street, 'street-board-1440')
    await axe(street, 'the board')
  })
})
