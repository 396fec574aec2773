import { describe, expect, it } from 'vitest'
import { settled } from './lanes.ts'

describe('the lanes of the board', () => {
  const [stays, before, after] = [
    { id: 'a', version: 4 },
    { id: 'b', version: 1 },
    { id: 'b', version: 2 },
  ]

  it('show a slip that moved between two answers once, where its newest version lies, and count it there alone', () => {
    const lists = [
      { rows: [stays, before], total: 40 },
      { rows: [after], total: 1 },
    ]
    const once = [
      { rows: [stays], total: 39 },
      { rows: [after], total: 1 },
    ]
    expect(settled(lists)).toEqual(once)
    expect(settled(lists.toReversed())).toEqual(once.toReversed())
  })

  it('leave answers that agree as they are', () => {
    const lists = [
      { rows: [stays], total: 1 },
      { rows: [], total: 0 },
      { rows: [after], total: 31 },
    ]
    expect(settled(lists)).toEqual(lists)
  })
})
