// A name is never a command: no shell is ever started, and files with hostile names are read, kept and given back like others (IN-08).
import { execFile } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Base, openBase, plantWorld, type World } from './harness.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const names = [
  'a;touch pwned;.xlsx',
  '-oProxyCommand=touch pwned.xlsx',
  '$(touch pwned).xlsx',
  '`touch pwned`.xlsx',
  'a\ntouch pwned\n.xlsx',
  "'; touch pwned; '.xlsx",
  '"&&touch pwned&&".xlsx',
  '|touch pwned.xlsx',
]

describe('a process of its own', () => {
  it('is started with its words one by one, never through a shell (IN-08)', () => {
    const started = globSync('src/**/*.{ts,tsx}', { cwd: root })
      .filter((file) => !file.includes('.test.'))
      .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
      .filter(({ text }) => /node:child_process|node:cluster/.test(text))
    expect(started.map((s) => s.file).toSorted()).toEqual([
      'src/core/capped.ts',
      'src/core/postgres.ts',
      'src/core/postgres/postmaster.ts',
      'src/modules/reports/document/office.ts',
    ])
    for (const { file, text } of started)
      expect(text, file).not.toMatch(/\bshell\s*:|\bexec(Sync)?\s*\(|\bexec(Sync)?\b\s*[,}]|\bfork\b/)
  })
})

describe('a file', () => {
  let base: Base
  let world: World
  let folder: string
  beforeAll(async () => {
    base = await openBase()
    world = await plantWorld(base)
    await base.server.listen({ port: 0, host: '127.0.0.1' })
    folder = mkdtempSync(join(tmpdir(), 'jishi-names-'))
  })
  afterAll(() => base.close())

  const jishi = (token: string, words: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((done) => {
      const url = `http://127.0.0.1:${(base.server.server.address() as AddressInfo).port}`
      const env = { PATH: process.env['PATH'], HOME: folder, JISHI_URL: url, JISHI_TOKEN: token }
      execFile(process.execPath, [join(root, 'src/cli/main.ts'), ...words], { cwd: folder, env }, (error, out, err) =>
        done({ code: error ? Number(error.code) : 0, out, err }),
      )
    })

  it('with a hostile name is read on the command line, named as it is in the list, and nothing is run (IN-08)', async () => {
    const desk = await world.someone('district-desk', 'O')
    const template = await desk.get('/people-import-template')
    expect(template.status).toBe(200)
    for (const name of names) {
      writeFileSync(join(folder, name), template.raw)
      const read = await jishi(desk.token as string, ['people', 'import', `./${name}`, '--json'])
      // a template without rows is a dry run with nothing in it, or is refused for that: it was opened either way
      expect([0, 5], `${name}: ${read.err}`).toContain(read.code)
    }
    const listed = await desk.get('/people-imports')
    expect(listed.status).toBe(200)
    expect(existsSync(join(folder, 'pwned'))).toBe(false)
    expect(existsSync(join(root, 'pwned'))).toBe(false)
    expect(readdirSync(folder).filter((f) => f.includes('pwned')).length).toBe(names.length)
  })

  it('made for a place with a hostile name carries it in its header as one value (IN-08, FI-10)', async () => {
    const desk = await world.someone('district-desk', 'O')
    for (const name of ['a";\r\nset-cookie: x=1', '../../etc/passwd', '-rf ~;`id`']) {
      await world.write((tx) =>
        tx.db
          .updateTable('unit')
          .set({ name })
          .where('district_id', '=', tx.district)
          .where('id', '=', world.unit['C12'] as string)
          .execute(),
      )
      const file = await desk.get(`/figures.csv?measures=people.reported&period=2025&unit=${world.unit['C12']}`)
      expect(file.status, JSON.stringify(file.body)).toBe(200)
      const header = String(file.headers['content-disposition'])
      expect(header).toMatch(/^attachment; filename\*=UTF-8''[\w.%~!'()*-]+$/)
      expect(decodeURIComponent(header)).not.toMatch(/[/\\\r\n]/)
      expect(file.headers['set-cookie']).toBeUndefined()
    }
  })
})
