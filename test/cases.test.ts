// docs/trust-cases.md says which case of attack or fault is tried where: it may neither promise too much nor too little.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const ROW = /^\| ([A-Z]{2}-\d{2}) \| (.+) \| (.+) \|$/gm

const page = readFileSync(join(root, 'docs/trust-cases.md'), 'utf8')
const cases = [...page.matchAll(ROW)].map(([, id = '', , where = '']) => ({
  id,
  files: [...where.matchAll(/`([\w/.-]+\.test\.tsx?)`/g)].map((m) => m[1] as string),
  tried: where.startsWith('`'),
}))

const tests = new Map(
  globSync('{src,test,e2e,scripts}/**/*.test.{ts,tsx}', { cwd: root })
    .filter((file) => !file.includes('node_modules') && file !== 'test/cases.test.ts')
    .map((file) => [file, readFileSync(join(root, file), 'utf8')] as const),
)
const namedIn = (id: string) =>
  [...tests].filter(([, text]) => new RegExp(`\\b${id}\\b`).test(text)).map(([file]) => file)

test('every case stands there once, with a test or a reason', () => {
  expect(cases.length).toBeGreaterThan(150)
  expect(new Set(cases.map((c) => c.id)).size).toBe(cases.length)
})

test('every test that is promised names its case', () => {
  const empty = cases
    .filter((c) => c.tried)
    .flatMap(({ id, files }) => files.filter((f) => !namedIn(id).includes(f)).map((f) => `${id} ${f}`))
  expect(empty).toEqual([])
  expect(cases.filter((c) => c.tried && c.files.length === 0)).toEqual([])
})

test('no case stands as untried that a test names', () => {
  expect(cases.filter((c) => !c.tried && namedIn(c.id).length > 0).map((c) => c.id)).toEqual([])
  expect(page).toContain(`${cases.filter((c) => c.tried).length} of ${cases.length} cases are tests.`)
})
