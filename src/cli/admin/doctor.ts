// What an operator looks at first: is everything there that Jishi leans on, and does anything wait for a person.
import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { ANCHOR_HOURS, anchorsIn } from '#core/anchor.ts'
import { clock } from '#core/clock.ts'
import { type Config, readConfig } from '#core/config.ts'
import { loadKeyring, openssl } from '#core/crypto.ts'
import { queueCounts } from '#core/jobs/queue.ts'
import { findDamage } from '#core/postgres/pages.ts'
import { probeDatabase } from '#core/probe.ts'
import { checkProgram, fingerprintOf, readProgram, tellDifferences } from '#core/program.ts'
import { MOST_SKEW, skewOf } from '#core/skew.ts'
import type { OpenPlace } from './place.ts'

export interface Finding {
  what: string
  ok: boolean
  detail: string
}

const GB = 1024 ** 3

async function finding(what: string, look: () => Promise<string> | string): Promise<Finding> {
  try {
    const detail = await look()
    return { what, ok: !detail.startsWith('!'), detail: detail.replace(/^!/, '') }
  } catch (error) {
    return { what, ok: false, detail: String((error as Error).message).split('\n')[0] ?? '' }
  }
}

async function probe(ownerUrl: string) {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await probeDatabase(client)
    const { rows } = await client.query<{ version: string; sums: string; size: string }>(
      "select version(), current_setting('data_checksums') as sums, pg_size_pretty(pg_database_size(current_database())) as size",
    )
    const { version = '', sums, size } = rows[0] ?? {}
    return `${sums === 'on' ? '' : '!没有数据校验和；'}${version.split(' ').slice(0, 2).join(' ')}，${size}`
  } finally {
    await client.end()
  }
}

async function pages(ownerUrl: string) {
  const { pages: read, damage } = await findDamage(ownerUrl)
  if (damage.length === 0) return `${read} 页，逐页校验无误`
  const named = damage.slice(0, 5).map((d) => `${d.what} 第 ${d.page} 页`)
  return `!${damage.length} 页损坏：${named.join('、')}${damage.length > 5 ? ' 等' : ''}。请停用并从备份恢复`
}

async function migrations({ database }: OpenPlace) {
  const files = readdirSync(new URL('../../../db/migrations', import.meta.url)).filter((n) => n.endsWith('.sql'))
  const done = new Set((await database.bare<{ name: string }>('select name from migration')).map((r) => r.name))
  const open = files.filter((n) => !done.has(n))
  return open.length > 0 ? `!尚未升级：${open.join('、')}（jishi admin migrate）` : `${done.size} 个，全部完成`
}

async function clocks({ database }: OpenPlace) {
  const seconds = await skewOf(database)
  const words = `与数据库时钟相差 ${Math.abs(seconds).toFixed(1)} 秒`
  return Math.abs(seconds) > MOST_SKEW ? `!${words}：请校准本机或数据库主机的时间（NTP）` : words
}

async function anchors({ database, folder }: OpenPlace) {
  const kept = anchorsIn(folder, openssl(loadKeyring(folder, { create: false })))
  const districts = await database.bare<{ id: number; name: string }>('select id, name from district order by id')
  const [at] = await database.bare<{ now: string }>('select now()')
  const now = clock.adjust(at?.now ?? clock.now())
  const late = districts.filter((d) => kept.overdue(d.id, now))
  return late.length > 0
    ? `!${late.map((d) => d.name).join('、')} 超过 ${ANCHOR_HOURS} 小时没有锚定`
    : `${districts.length} 个区县都在 ${ANCHOR_HOURS} 小时内锚定`
}

async function parked(place: OpenPlace) {
  const counts = (await queueCounts(place)).filter((c) => c.state === 'parked')
  return counts.length > 0 ? `!搁置的任务：${counts.map((c) => `${c.name} ${c.count}`).join('、')}` : '没有搁置的任务'
}

const LOCAL = /^(127\.|localhost$|::1$)/

/** Passwords and tokens cross the network as they are unless somebody in front speaks TLS. */
export function reach({ host, proxies, publicUrl }: Pick<Config, 'host' | 'proxies' | 'publicUrl'>): string {
  const { protocol, hostname } = publicUrl ? new URL(publicUrl) : { protocol: '', hostname: '' }
  if (protocol === 'http:' && !LOCAL.test(hostname))
    return `!${publicUrl} 是明文网址：口令会在网上裸传。请由反向代理提供 https，并相应改 PUBLIC_URL`
  if (LOCAL.test(host)) return `只在本机监听（${host}）${publicUrl ? `，对外 ${publicUrl}` : ''}`
  if (proxies.length === 0)
    return `!在 ${host} 监听而没有写明反向代理（PROXY）：任何人都可绕过 https 直接连来。请设 HOST=127.0.0.1 或 PROXY`
  return `在 ${host} 监听，经反向代理 ${proxies.join('、')}`
}

/** The second wall: rows of a district are out of reach of the application's role outside that district (C-3). */
async function wall({ database }: OpenPlace) {
  const roles = await database.bare<{ name: string }>(
    `select rolname as name from pg_roles where rolname ~ '^jishi_app' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`,
  )
  const open = await database.bare<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
       and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'district_id' and not a.attisdropped)
     order by 1`,
  )
  if (roles.length > 0) return `!应用角色权力过大：${roles.map((r) => r.name).join('、')}`
  return open.length > 0 ? `!没有按区县隔离：${open.map((t) => t.name).join('、')}` : '应用角色权限最小，各表按区县隔离'
}

const OFFICERS = { system: '系统管理员', security: '安全管理员', audit: '审计管理员' }

/** A district without one of the three cannot let anybody in, take anybody's right, or be looked into. */
async function officers({ database }: OpenPlace) {
  const lacking: string[] = []
  for (const { id, name } of await database.bare<{ id: number; name: string }>(
    'select id, name from district order by id',
  )) {
    const able = await database.transact({ district: id, mode: 'read' }, ({ db, now }) =>
      db
        .selectFrom('mandate as m')
        .innerJoin('account as a', (j) =>
          j.onRef('a.district_id', '=', 'm.district_id').onRef('a.id', '=', 'm.account_id'),
        )
        .select('m.officer')
        .where('m.district_id', '=', id)
        .where('m.officer', 'is not', null)
        .where('m.valid_from', '<=', now)
        .where('m.valid_to', '>', now)
        .where('a.disabled_at', 'is', null)
        .where('a.password_hash', 'is not', null)
        .execute(),
    )
    const missing = Object.entries(OFFICERS).filter(([officer]) => !able.some((a) => a.officer === officer))
    if (missing.length > 0) lacking.push(`${name}缺${missing.map(([, words]) => words).join('、')}`)
  }
  return lacking.length > 0 ? `!${lacking.join('；')}` : '各区县三员齐全，都能登录'
}

function program(folder: string) {
  const print = `指纹 ${fingerprintOf(readProgram())}`
  const sealed = checkProgram(folder, openssl(loadKeyring(folder, { create: false })))
  if (!sealed) return `没有封存（jishi admin seal），${print}`
  if (!sealed.genuine) return '!program.json 不是用本机密钥封存的'
  const { differences, sealedAt } = sealed
  return differences.length > 0
    ? `!与封存时不一致：${tellDifferences(differences)}`
    : `与 ${sealedAt} 封存时一致，${print}`
}

function keys(folder: string) {
  const ring = loadKeyring(folder, { create: false })
  return `第 ${ring.current} 代，指纹 ${ring.fingerprint()}`
}

function disk(folder: string) {
  const { bavail, bsize } = statfsSync(folder)
  const free = (bavail * bsize) / GB
  return `${free < 2 ? '!' : ''}可用 ${free.toFixed(1)} GB`
}

function secrets(folder: string) {
  const file = join(folder, 'secrets.json')
  if (!existsSync(file)) return '!没有 secrets.json'
  return statSync(file).mode & 0o077 ? '!secrets.json 可被其他用户读取' : '仅本用户可读'
}

export async function examine(place: OpenPlace): Promise<Finding[]> {
  const { folder, embedded, busy } = place
  return [
    {
      what: '数据目录',
      ok: true,
      detail: `${folder}${embedded ? '' : '（外部数据库）'}${busy ? '，服务正在运行' : ''}`,
    },
    await finding('访问方式', () => reach(readConfig(undefined, []))),
    await finding('磁盘', () => disk(folder)),
    await finding('主密钥', () => keys(folder)),
    await finding('程序文件', () => program(folder)),
    ...(embedded ? [await finding('口令文件', () => secrets(folder))] : []),
    await finding('数据库', () => probe(place.ownerUrl)),
    ...(embedded ? [await finding('数据页', () => pages(place.ownerUrl))] : []),
    await finding('隔离', () => wall(place)),
    await finding('三员', () => officers(place)),
    await finding('时钟', () => clocks(place)),
    await finding('升级', () => migrations(place)),
    await finding('历史锚定', () => anchors(place)),
    await finding('后台任务', () => parked(place)),
  ]
}
