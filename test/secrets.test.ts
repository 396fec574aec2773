// What must never be committed: keys, tokens, and numbers that could be somebody's (SU-08). Tests and invented people excepted.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { checkIdNumber } from '#modules/people/rules.ts'

const root = join(import.meta.dirname, '..')
const places = [
  'src',
  'scripts',
  'db',
  'docs',
  'packs',
  '.ci',
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'package.json',
  '.npmrc',
]

const patterns: [what: string, pattern: RegExp][] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a registry token', /_authToken\s*=|npm_[A-Za-z0-9]{36}/],
  ['a cloud key', /\b(AKIA|LTAI)[A-Za-z0-9]{12,24}\b/],
  ['a token of a code host', /\bgh[pousr]_[A-Za-z0-9]{36}\b/],
  ['an address with a password', /\bpostgres(ql)?:\/\/[^\s:/@${}]+:[^\s@${}\p{Script=Han}]+@[^\s/]+/u],
]

/** Published examples of the standard and of our own documents. */
const examples = new Set(['11010519491231002X'])

function faultsOf(text: string): string[] {
  const ids = text.match(/(?<![\dA-Za-z])\d{17}[\dX](?![\dA-Za-z])/g) ?? []
  return [
    ...patterns.filter(([, pattern]) => pattern.test(text)).map(([what]) => what),
    ...ids
      .filter((one) => !examples.has(one) && checkIdNumber(one, '2100-01-01') === null)
      .map((one) => `an ID number ${one.slice(0, 6)}…`),
  ]
}

const filesOf = (place: string): string[] => {
  const path = join(root, place)
  if (/\.[a-z]+$/.test(place) && place !== '.ci') return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && !/\.(test\.tsx?|woff2|png|ico)$/.test(f.name))
    .map((f) => join(f.parentPath, f.name))
}

test('no key, token or ID number is committed (SU-08)', () => {
  const files = places.flatMap(filesOf)
  expect(files.length).toBeGreaterThan(300)
  const found = files.flatMap((file) =>
    faultsOf(readFileSync(file, 'utf8')).map((f) => `${relative(root, file)}: ${f}`),
  )
  expect(found).toEqual([])
})

test.each([
  ['-----BEGIN RSA PRIVATE KEY-----', 'a private key'],
  [`//host/:_authToken${'='}abc`, 'a registry token'],
  [`AKIA${'A1B2C3D4'.repeat(2)}`, 'a cloud key'],
  [`ghp_${'a'.repeat(36)}`, 'a token of a code host'],
  ['postgres://jishi:geheim@db.example/jishi', 'an address with a password'],
  ['42030219800304321X', 'an ID number'],
  ['身份证420302198003040117。', 'an ID number'],
])('%s would be found', (text, what) => {
  const tries = [...'0123456789X'].map((last) => text.replace(/(\d{17})[\dX]/, `$1${last}`))
  expect(tries.flatMap(faultsOf).join()).toContain(what)
})
