import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { actionChoices, actionWord } from './words.ts'

/** Every action a use case writes into the history, as the source says it. */
const written = () => {
  const found = new Set<string>()
  for (const file of globSync('src/{modules,demo,core,cli}/**/*.ts').filter((f) => !f.endsWith('.test.ts')))
    for (const [, ...ways] of readFileSync(file, 'utf8').matchAll(
      /\.write\([^()]*'([a-z-]+\.[a-z-]+)',\s*(?:async )?\(tx|\baction: '([a-z-]+\.[a-z-]+)'|\bat(?:Place|Owner)\(ctx, \{ id, verb: '([a-z-]+\.[a-z-]+)' \}/g,
    ))
      found.add(ways.find((w) => w !== undefined) as string)
  return found
}

describe('words of the history', () => {
  it('name every action in Chinese, so that no timeline shows a code', () => {
    const actions = [...written()]
    expect(actions.length).toBeGreaterThan(90)
    expect(actions.filter((a) => !/\p{Script=Han}/u.test(actionWord(a)))).toEqual([])
  })

  it('offer no action to choose that nobody writes', () => {
    const actions = written()
    const elsewhere = ['district.create', 'demo.load', 'session.doubt', 'task.draft', 'task.publish']
    expect(
      actionChoices()
        .map((c) => c.value)
        .filter((a) => !actions.has(a) && !elsewhere.includes(a)),
    ).toEqual([])
  })
})
