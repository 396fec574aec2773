import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import '#app.ts'
import { declaredProblems } from '#core/errors.ts'
import { type Base, openBase, plantWorld, type World } from '../../test/harness.ts'
import { EXIT, exitOf } from './answer.ts'
import { type Operation, readOperations } from './api.ts'
import { parse } from './arguments.ts'
import { workCommands } from './commands/work.ts'
import { helpOf } from './help.ts'
import { show, table, widthOf } from './table.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
let base: Base
let world: World
let url: string
const home = mkdtempSync(join(tmpdir(), 'jishi-cli-'))

beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  await base.server.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(base.server.server.address() as AddressInfo).port}`
})

afterAll(() => base.close())

interface Ended {
  code: number
  out: string
  err: string
}

/** The command as a person types it, in a process of its own. */
const jishi = (words: string[], token?: string | null, more: { url?: string; input?: string } = {}) =>
  new Promise<Ended>((done) => {
    const env = {
      PATH: process.env['PATH'],
      HOME: home,
      JISHI_URL: more.url ?? url,
      ...(token ? { JISHI_TOKEN: token } : {}),
    }
    const child = execFile(process.execPath, ['src/cli/main.ts', ...words], { cwd: root, env }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    )
    child.stdin?.end(more.input ?? '')
  })

const operation = (id: string): Operation => {
  const found = readOperations().get(id)
  if (!found) throw new Error(`no operation ${id}`)
  return found
}

test('§9: a demand goes from opened to closed on the command line, and every refusal keeps the server’s own words', async () => {
  const secretary = (await world.someone('community-secretary', 'OC11')).token
  const caller = (await world.someone('caller', 'S1')).token
  const place = world.unit['E111'] ?? ''
  const opening = [
    'demands',
    'open',
    '--mechanism-id',
    '365-service',
    '--place-id',
    place,
    '--category',
    'facility',
    '--words',
    '三号楼楼道灯不亮',
  ]
  const made = await jishi([...opening, '--json'], secretary)
  expect(made.code, made.err).toBe(0)
  const { id } = JSON.parse(made.out) as { id: string }
  const early = await jishi(
    ['demands', 'call-back', id, '--reached', '--outcome', 'solved', '--satisfaction', 'satisfied', '--json'],
    caller,
  )
  expect([early.code, (JSON.parse(early.err) as { code: string }).code]).toEqual([EXIT.refused, 'demand.wrong-state'])
  const steps: [token: string | null, ...words: string[]][] = [
    [secretary, 'dispatch', id, '--lead-id', world.unit['C11'] ?? ''],
    [secretary, 'sign', id],
    [secretary, 'answer', id, '--answer', '已更换灯具'],
    [caller, 'call-back', id, '--reached', '--outcome', 'solved', '--satisfaction', 'satisfied'],
    [caller, 'close', id],
  ]
  for (const [token, ...words] of steps) {
    const { code, err } = await jishi(['demands', ...words], token)
    expect(code, `${words[0]}: ${err}`).toBe(0)
  }
  const shown = await jishi(['demands', 'show', id, '--json'], secretary)
  expect(JSON.parse(shown.out)).toMatchObject({
    demand: { state: 'closed', outcome: 'solved' },
    words: '三号楼楼道灯不亮',
  })
  const listed = await jishi(['demands', 'list', '--limit', '5'], secretary)
  expect(listed.out).toContain('江畔花园')
}, 60_000)

test('§3: the division table comes in from a folder of CSV below a unit’s code, told as it goes, and a second time changes nothing', async () => {
  const desk = await world.someone('district-desk', 'O')
  const operations = [{ op: 'recode', unitId: world.unit['D'], code: '420300000000' }]
  expect(
    (await desk.post('/unit-changes', { effectiveOn: '2021-01-01', reason: '代码', operations })).status,
  ).toBeLessThan(300)
  const folder = mkdtempSync(join(tmpdir(), 'jishi-divisions-'))
  writeFileSync(join(folder, 'areas.csv'), 'code,name,cityCode\n420399,"青山, 区",4203\n110101,"别处",1101\n')
  writeFileSync(join(folder, 'streets.csv'), 'code,name,areaCode\n420399001,"临江街道",420399\n')
  const words = [
    'units',
    'import-divisions',
    folder,
    '--under',
    world.unit['D'] ?? '',
    '--opened-on',
    '2021-01-01',
    '--json',
  ]
  const first = await jishi(words, desk.token)
  expect(JSON.parse(first.out || '{}'), first.err).toMatchObject({ rows: 2, created: 2, problems: [] })
  expect(first.err).toContain('已送 2 行：新增 2')
  const again = await jishi(words, desk.token)
  expect(JSON.parse(again.out || '{}'), again.err).toMatchObject({ rows: 2, created: 0, unchanged: 2 })
  const listed = await jishi(['units', 'list', '--search', '青山'], desk.token)
  expect(listed.out).toContain('青山, 区')
}, 40_000)

test('§9: exit codes tell scripts apart what happened', async () => {
  const secretary = await world.someone('community-secretary', 'OC11')
  const some = '01a205a5-3def-76f9-a176-75696125baae'
  const codes = await Promise.all([
    jishi(['demands', 'list']),
    jishi(['demands', 'show', some], secretary.token),
    jishi(['demands', 'show'], secretary.token),
    jishi(['demands', 'list', '--limit', 'x'], secretary.token),
    jishi(['history', 'list'], secretary.token),
    jishi(['nonsense']),
  ])
  expect(codes.map((c) => c.code)).toEqual([
    EXIT.unauthenticated,
    EXIT.notFound,
    EXIT.usage,
    EXIT.usage,
    EXIT.forbidden,
    EXIT.usage,
  ])
  expect(codes[3]?.err).toContain('limit：')
  const away = await jishi(['demands', 'list'], secretary.token, { url: 'http://127.0.0.1:9' })
  expect(away.code).toBe(EXIT.unavailable)
}, 40_000)

test('§9: every problem the API declares has an exit code of its kind', () => {
  for (const [code, { status }] of declaredProblems()) {
    if (status >= 500 && status !== 503) continue
    expect(exitOf(status), `${code} ${status}`).not.toBe(EXIT.other)
  }
})

test('§9: every command stands for an operation of the published API, and what it takes are fields of it', () => {
  const operations = readOperations()
  for (const { words, operation: id, takes = [] } of workCommands) {
    const found = operations.get(id)
    expect(found, `${words} → ${id}`).toBeDefined()
    const names = [
      ...(found?.parameters ?? []).map((p) => p.name),
      ...Object.keys(found?.body['application/json']?.properties ?? {}),
    ]
    for (const name of takes) expect(names, `${words} takes ${name}`).toContain(name)
  }
})

test('§9: a wrong password is exit 3 and keeps nothing; the password never needs to stand in the command', async () => {
  const wrong = await jishi(['login', '--login', 'nobody', '--password-stdin'], null, { input: 'not the password\n' })
  expect(wrong.code).toBe(EXIT.unauthenticated)
  expect(() => statSync(join(home, '.config/jishi/session.json'))).toThrow()
})

test('§9: a kept token is refused when others can read it', async () => {
  const folder = join(home, '.config/jishi')
  const { mkdirSync, chmodSync } = await import('node:fs')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'session.json'),
    JSON.stringify({ url, token: '1.aaaaaaaaaaaaaaaaaaaaaaaaaaaa', expiresAt: '' }),
  )
  chmodSync(join(folder, 'session.json'), 0o644)
  const { code, err } = await jishi(['demands', 'list'])
  expect([code, err]).toEqual([EXIT.unauthenticated, expect.stringContaining('chmod 600')])
  expect(readFileSync(join(folder, 'session.json'), 'utf8')).toContain('1.aaaa')
})

test('options follow from the schema: numbers, lists, flags and their denial, the rest as JSON', () => {
  const task = parse(
    operation('publishTask'),
    [
      '--mechanism-id',
      'm',
      '--place-id',
      'p',
      '--category',
      'c',
      '--title',
      't',
      '--starts-at',
      'a',
      '--ends-at',
      'b',
      '--capacity',
      '12',
      '--skills',
      '水电, 焊工',
    ],
    [],
  )
  expect(JSON.parse(String(task.asking.body?.content))).toMatchObject({ capacity: 12, skills: ['水电', '焊工'] })
  const back = parse(operation('recordCallback'), ['some-id', '--no-reached'], ['id'])
  expect([back.asking.path, JSON.parse(String(back.asking.body?.content))]).toEqual([
    { id: 'some-id' },
    { reached: false },
  ])
  expect(() => parse(operation('recordCallback'), ['some-id'], ['id'])).toThrow('缺少 --reached')
  expect(() => parse(operation('listDemands'), ['--colour', 'red'], [])).toThrow('选项有误')
  expect(parse(operation('listDemands'), ['--limit', '5'], []).asking.query).toEqual({ limit: '5' })
})

test('tables stand straight with Chinese text, and nothing in them steers the terminal', () => {
  const text = table(
    [
      { a: '望江社区', b: 1 },
      { a: 'ab', b: 22 },
    ],
    [
      { key: 'a', title: '名称' },
      { key: 'b', title: '数' },
    ],
  )
  const at = text.split('\n').map((line) => widthOf(line.slice(0, line.search(/\S+$/))))
  expect(new Set(at).size).toBe(1)
  expect(show({ words: 'a\u001b[2Jb\u202ec' })).toBe('words  a·[2Jb·c')
})

test('a draft is checked: offline by its wording, on the server against the records; a contradiction ends with 5 (issue 3 §5)', async () => {
  const token = (await world.someone('district-desk', 'O')).token
  const path = join(home, '文稿.txt')
  writeFileSync(path, '今年以来，全区发布任务4541余条，解决诉求12件。')
  const offline = await jishi(['check', path, '--offline', '--json'], null, { url: 'http://127.0.0.1:1' })
  expect(offline).toMatchObject({ code: EXIT.ok, err: '' })
  const { figures, ignored } = JSON.parse(offline.out) as { figures: Record<string, unknown>[]; ignored: unknown[] }
  expect(ignored).toEqual([])
  expect(Object.keys(figures[0] ?? {}).toSorted()).toEqual([
    'bound',
    'end',
    'period',
    'reason',
    'start',
    'subject',
    'text',
    'unit',
    'value',
    'verdict',
  ])
  expect(figures).toMatchObject([
    { start: 11, end: 15, value: 4541, unit: '条', bound: 'lower', verdict: 'ambiguous' },
    { text: '12', verdict: 'unsupported' },
  ])
  const online = await jishi(['check', path], token)
  expect(online.code).toBe(EXIT.refused)
  expect(online.out).toMatch(/不符.*记录为 0条/)
  expect(online.out).toContain('共 2 个数：相符 0，不符 2')
  expect(await jishi(['check', path])).toMatchObject({ code: EXIT.unauthenticated })
})

test('a draft that is no text, or of an unknown kind, or in the coding of older editors', async () => {
  const bad = join(home, '坏.docx')
  writeFileSync(bad, 'not a document, but long enough to be looked at')
  expect(await jishi(['check', bad, '--offline'])).toMatchObject({
    code: EXIT.refused,
    err: expect.stringContaining('这不是 Word 文档'),
  })
  expect(await jishi(['check', join(home, 'a.pdf'), '--offline'])).toMatchObject({ code: EXIT.usage })
  const old = join(home, '旧.txt')
  writeFileSync(
    old,
    Buffer.concat([Buffer.from([0xd7, 0xdf, 0xb7, 0xc3]), Buffer.from('35'), Buffer.from([0xbb, 0xa7])]),
  )
  const read = await jishi(['check', old, '--offline', '--json'])
  expect(JSON.parse(read.out)).toMatchObject({ figures: [{ text: '35', unit: '户' }] })
})

test('§9: every command explains itself and each of its options in Chinese; only `call` hands the words of the API on', async () => {
  const operations = readOperations()
  const sentence = /[A-Za-z]{2,} [a-z]+ [a-z]+ /
  for (const command of workCommands) {
    const operation = operations.get(command.operation)
    expect(operation, command.operation).toBeDefined()
    const [head = '', options = ''] = helpOf(command, operation).split('\n选项：\n')
    for (const line of [head.split('\n')[0] ?? '', ...options.split('\n')]) {
      expect(line, command.words).not.toMatch(sentence)
      if (/^ {2}[-<]/.test(line)) expect(line, command.words).toMatch(/\p{Script=Han}/u)
    }
  }
  for (const words of [['help'], ['admin', '--help'], ['login', '--help'], ['admin', 'restore', '--help']])
    expect((await jishi(words)).out.replaceAll(/jishi( [a-z-]+)+/g, '')).not.toMatch(sentence)
  const called = await jishi(['call', 'listDemands', '--help'])
  expect(called.out).toContain('以下为接口文档原文')
  for (const wrong of [
    ['demands', 'list', '--nothing'],
    ['admin', 'doctor', '--nothing'],
  ]) {
    const { code, err } = await jishi(wrong)
    expect([code, err.trim()]).toEqual([2, '选项有误。没有这个选项：--nothing'])
  }
})

test('§9: help is asked for a group as for a command, examples name what exists, and the list of operations is JSON for scripts', async () => {
  const [group, flag, admin, made, list] = await Promise.all([
    jishi(['help', 'demands']),
    jishi(['demands', '--help']),
    jishi(['admin', 'help']),
    jishi(['admin', 'create', 'district', '--help']),
    jishi(['operations', '--json']),
  ])
  expect([group.code, group.out]).toEqual([0, flag.out])
  expect(group.out).not.toContain('jishi tasks')
  expect([admin.code, admin.err]).toEqual([0, ''])
  expect(made.out).toContain('jishi admin create district --code')
  const operations = JSON.parse(list.out) as { operationId: string; path: string; permission: string; rate: string }[]
  expect(operations.map((o) => o.operationId)).toEqual([...readOperations().keys()].toSorted())
  expect(operations.find((o) => o.operationId === 'closeDemand')).toMatchObject({
    path: '/api/demands/{id}/closure',
    permission: 'demand.close',
    rate: 'write',
  })
})
