// The guards are guarded: each planted violation must be found, or the tool that should find it checks nothing.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const plot = mkdtempSync(join(tmpdir(), 'jishi-guards-'))

const plant = (file: string, text: string) => {
  mkdirSync(dirname(join(plot, file)), { recursive: true })
  writeFileSync(join(plot, file), text)
}
const tool = (script: string, ...args: string[]) => {
  const done = spawnSync(process.execPath, [join(plot, 'node_modules', script), ...args], {
    cwd: plot,
    encoding: 'utf8',
  })
  return { code: done.status, text: done.stdout + done.stderr }
}

// A house in small: every file that the planted ones lean on.
const sound: Record<string, string> = {
  'src/core/clock.ts': 'export const now = () => new Date()\n',
  'src/modules/units/index.ts': "export { units } from './store.ts'\n",
  'src/modules/units/contract.ts': 'export const verbs = []\n',
  'src/modules/units/store.ts': "import { sql } from 'kysely'\nexport const units = sql`select 1`\n",
  'src/modules/units/actions.ts': "import { units } from './store.ts'\nexport const list = () => units\n",
  'src/modules/units/http.ts': "import { list } from './actions.ts'\nexport const routes = [list]\n",
  'src/modules/demands/index.ts': "export { open } from './actions.ts'\n",
  'src/modules/demands/actions.ts':
    "import { units } from '#modules/units/index.ts'\nexport const open = () => units\n",
  'src/modules/activities/index.ts': 'export const hold = 1\n',
  'src/web/kit/table.tsx': "import { Table } from 'antd'\nexport const Rows = Table\n",
  'src/web/console.tsx': "import { Rows } from './kit/table.tsx'\nexport const page = Rows\n",
}

beforeAll(() => {
  for (const name of ['package.json', '.oxlintrc.json', '.dependency-cruiser.cjs', 'scripts/lint']) {
    cpSync(join(root, name), join(plot, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(plot, 'node_modules'))
  for (const [file, text] of Object.entries(sound)) plant(file, text)
})
afterAll(() => rmSync(plot, { recursive: true, force: true }))

describe('direction of imports', () => {
  const cruise = () => tool('dependency-cruiser/bin/dependency-cruiser.mjs', 'src', '--output-type', 'err')

  test('a sound house passes', () => {
    expect(cruise()).toMatchObject({ code: 0, text: expect.stringContaining('no dependency violations found') })
  })

  test.each([
    [
      'core-knows-no-module',
      'src/core/bad.ts',
      "import { units } from '../modules/units/index.ts'\nexport const bad = units\n",
    ],
    [
      'core-knows-no-module',
      'src/core/bad.ts',
      "import type { units } from '#modules/units/index.ts'\nexport type Bad = typeof units\n",
    ],
    [
      'one-door-from-a-module',
      'src/modules/demands/bad.ts',
      "import { units } from '#modules/units/store.ts'\nexport const bad = units\n",
    ],
    [
      'one-door-from-outside',
      'src/bad.ts',
      "import { units } from '#modules/units/store.ts'\nexport const bad = units\n",
    ],
    [
      'order-units',
      'src/modules/units/bad.ts',
      "import { open } from '#modules/demands/index.ts'\nexport const bad = open\n",
    ],
    [
      'order-demands',
      'src/modules/demands/bad.ts',
      "import { hold } from '#modules/activities/index.ts'\nexport const bad = hold\n",
    ],
    [
      'no-cycles',
      'src/modules/activities/bad.ts',
      "import { worse } from './worse.ts'\nexport const bad = () => worse\n",
    ],
    ['layer-rules', 'src/modules/units/rules.ts', "import { units } from './store.ts'\nexport const bad = units\n"],
    [
      'layer-actions',
      'src/modules/units/actions/bad.ts',
      "import { routes } from '../http.ts'\nexport const bad = routes\n",
    ],
    [
      'jobs-call-actions',
      'src/modules/units/jobs.ts',
      "import { units } from './store.ts'\nexport const bad = units\n",
    ],
    [
      'sql-in-store-and-measures',
      'src/modules/units/rules.ts',
      "import { sql } from 'kysely'\nexport const bad = sql`select 1`\n",
    ],
    ['server-without-dev-packages', 'src/core/bad.ts', "import fc from 'fast-check'\nexport const bad = fc\n"],
    [
      'pages-without-server',
      'src/modules/units/web/bad.tsx',
      "import { list } from '../actions.ts'\nexport const bad = list\n",
    ],
    ['phone-stays-light', 'src/web/phone.tsx', "export const bad = () => import('./kit/table.tsx')\n"],
    ['unresolved', 'src/core/bad.ts', "import { gone } from './gone.ts'\nexport const bad = gone\n"],
  ])('%s is found', (name, file, text) => {
    plant('src/modules/activities/worse.ts', "import { bad } from './bad.ts'\nexport const worse = () => bad\n")
    if (name !== 'no-cycles') rmSync(join(plot, 'src/modules/activities/worse.ts'))
    plant(file, text)
    const found = cruise()
    for (const one of [file, 'src/modules/activities/worse.ts']) rmSync(join(plot, one), { force: true })
    expect(found.text).toMatch(new RegExp(`error ${name}: .*${file}`))
    expect(found.code).not.toBe(0)
  })
})

describe('lint', () => {
  const lint = () => tool('oxlint/bin/oxlint', '--deny-warnings')
  const long = `export function bad() {\n${'  void 0\n'.repeat(60)}}\n`

  test('a sound house passes', () => {
    expect(lint()).toMatchObject({ code: 0 })
  })

  test.each([
    ['no-bare-date', 'export const bad = () => new Date()\n'],
    ['one-write-door', 'export const bad = (db: { transaction(): void }) => db.transaction()\n'],
    ['no-restricted-properties', 'export const bad = () => Date.now()\n'],
    ['no-restricted-properties', "export const bad = () => process.env['HOME']\n"],
    ['no-console', "export const bad = () => console.log('x')\n"],
    ['max-params', 'export const bad = (a: 1, b: 2, c: 3, d: 4, e: 5) => [a, b, c, d, e]\n'],
    ['max-lines-per-function', long],
    ['no-cycle', "import { worse } from './worse.ts'\nexport const bad = () => worse\n"],
  ])('%s is found', (name, text) => {
    const files = ['src/modules/units/bad.ts', 'src/modules/units/worse.ts']
    plant('src/modules/units/bad.ts', text)
    plant('src/modules/units/worse.ts', "import { bad } from './bad.ts'\nexport const worse = () => bad\n")
    const found = lint()
    for (const file of files) rmSync(join(plot, file))
    expect(found.text).toContain(`(${name})`)
    expect(found.code).toBe(1)
  })
})
