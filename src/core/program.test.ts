import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type CryptoProvider, loadKeyring, openssl } from './crypto.ts'
import { checkProgram, fingerprintOf, readProgram, refuseChanged, sealProgram, unsealProgram } from './program.ts'

const AT = '2026-11-25T00:00:00.000Z'
const repository = fileURLToPath(new URL('../..', import.meta.url))
const made: string[] = []
let root: string
let folder: string
let vault: CryptoProvider

const temporary = () => {
  const path = mkdtempSync(join(tmpdir(), 'jishi-program-'))
  made.push(path)
  return path
}

beforeEach(() => {
  root = temporary()
  folder = temporary()
  vault = openssl(loadKeyring(folder))
  for (const path of ['src/core', 'db/migrations', 'packs', 'dist/web/assets', 'node_modules'])
    mkdirSync(join(root, path), { recursive: true })
  writeFileSync(join(root, 'src/core/main.ts'), 'start()')
  writeFileSync(join(root, 'dist/web/assets/console.js'), 'render()')
  writeFileSync(join(root, 'db/migrations/0001.sql'), 'create table a ()')
  writeFileSync(join(root, 'package-lock.json'), '{}')
  writeFileSync(join(root, 'node_modules/.package-lock.json'), '{}')
})
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true })
})

test('a byte changed in the server or in the built web, a file put there or taken away is named, and nothing starts (SU-07)', () => {
  const console = join(root, 'dist/web/assets/console.js')
  refuseChanged(folder, vault, root) // nobody sealed it: nothing to hold it against
  sealProgram(folder, vault, readProgram(root), AT)
  refuseChanged(folder, vault, root)
  writeFileSync(console, 'rendex()')
  expect(checkProgram(folder, vault, root)?.differences).toEqual([
    { path: 'dist/web/assets/console.js', how: 'changed' },
  ])
  expect(() => refuseChanged(folder, vault, root)).toThrow(
    '程序与封存时不一致，没有启动：dist/web/assets/console.js 被改动。',
  )
  writeFileSync(console, 'render()')
  writeFileSync(join(root, 'src/core/more.ts'), 'steal()')
  rmSync(join(root, 'db/migrations/0001.sql'))
  appendFileSync(join(root, 'node_modules/.package-lock.json'), ' ')
  expect(checkProgram(folder, vault, root)?.differences).toEqual([
    { path: 'db/migrations/0001.sql', how: 'missing' },
    { path: 'node_modules/.package-lock.json', how: 'changed' },
    { path: 'src/core/more.ts', how: 'added' },
  ])
  sealProgram(folder, vault, readProgram(root), AT)
  refuseChanged(folder, vault, root)
})

test('a seal that was edited to fit, made with other keys or cut short is none (SU-07)', () => {
  sealProgram(folder, vault, readProgram(root), AT)
  const file = join(folder, 'program.json')
  const own = readFileSync(file, 'utf8')
  const before = readProgram(root)
  writeFileSync(join(root, 'src/core/main.ts'), 'stort()')
  const forged = own.replace(before['src/core/main.ts'] as string, readProgram(root)['src/core/main.ts'] as string)
  expect(forged).not.toBe(own)
  for (const bad of [forged, own.slice(0, 200), '{}']) {
    writeFileSync(file, bad)
    expect(() => refuseChanged(folder, vault, root)).toThrow('不是用本机密钥封存的')
  }
  sealProgram(folder, openssl(loadKeyring(temporary())), readProgram(root), AT)
  expect(() => refuseChanged(folder, vault, root)).toThrow('不是用本机密钥封存的')
  unsealProgram(folder)
  expect(existsSync(file)).toBe(false)
})

test('the real server reads the seal before it touches the data (SU-07)', () => {
  const program = readProgram()
  expect(Object.keys(program)).toEqual(
    expect.arrayContaining(['src/main.ts', 'package-lock.json', 'scripts/start.mjs']),
  )
  expect(fingerprintOf(program)).toMatch(/^[0-9a-f]{16}$/)
  sealProgram(folder, vault, { ...program, 'src/main.ts': '0'.repeat(64) }, AT)
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, JISHI_DATA: folder, PORT: '0' }
  const started = spawnSync(process.execPath, ['src/main.ts'], {
    cwd: repository,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect(started.status, started.stdout).toBe(1)
  expect(started.stderr).toContain('没有启动：src/main.ts 被改动')
  expect(existsSync(join(folder, 'pg'))).toBe(false)
}, 70_000)
