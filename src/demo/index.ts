// Loads the demo district at the first start: tree, roles, mechanisms, people, a year of work, and accounts with generated passwords.
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import pg from 'pg'
import { Context, type Ground, system, type WriteTx } from '#core/context.ts'
import { hashPassword, totpSecret } from '#core/crypto.ts'
import { createDistrict } from '#core/district.ts'
import { newId } from '#core/ids.ts'
import { insertAccounts, insertRoles, wantsSecondFactor } from '#modules/access/index.ts'
import { writeAbout } from '#modules/feedback/index.ts'
import { loadMeasures, settle } from '#modules/figures/index.ts'
import { insertMechanisms } from '#modules/mechanisms/index.ts'
import { type Pack, readPack } from '#packs.ts'
import { chance } from './chance.ts'
import { plantForms, plantVoices } from './asked.ts'
import { plantPeople } from './people.ts'
import { plantRegisters } from './registers.ts'
import { type DemoTree, plantTree } from './tree.ts'
import { plantWork } from './work.ts'

const SEED = 20_261_122
const DISTRICT = { id: 1, code: '420399', name: '青石区' }

export interface DemoAccount {
  role: string
  roleName: string
  unit: string
  login: string
  password: string
  totp: string | null
}

const letters = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'
/** 16 letters and digits plus a mark: three classes, from the system's source of chance, never fixed. */
const password = () =>
  `${Array.from({ length: 16 }, () => letters[randomInt(letters.length)]).join('')}-${randomInt(10)}a`

/** Which account sits where; `member` is one of the reported members of the first community. */
function seats(tree: DemoTree, member: string) {
  const community = tree.communities[0] as DemoTree['communities'][number]
  const street = tree.streets[0] as DemoTree['streets'][number]
  const office = tree.departments[0] as DemoTree['departments'][number]
  const root = { unitId: tree.committee.id, unit: '中共青石区委员会' }
  return [
    { login: 'member', role: 'member', unitId: null, unit: community.name, person: member, name: '党员' },
    {
      login: 'secretary',
      role: 'community-secretary',
      unitId: community.org,
      unit: community.name,
      person: null,
      name: '社区书记',
    },
    { login: 'grid', role: 'grid-worker', unitId: community.id, unit: community.name, person: null, name: '网格员' },
    { login: 'caller', role: 'caller', unitId: street.place, unit: street.name, person: null, name: '回访员' },
    {
      login: 'street',
      role: 'street-organiser',
      unitId: street.org,
      unit: street.name,
      person: null,
      name: '街道组织委员',
    },
    {
      login: 'department',
      role: 'department-handler',
      unitId: office.id,
      unit: office.name,
      person: null,
      name: '部门承办人',
    },
    { login: 'desk', role: 'district-desk', ...root, person: null, name: '组织科' },
    { login: 'leader', role: 'leader', ...root, person: null, name: '区领导' },
    { login: 'system', role: 'system-officer', ...root, person: null, name: '系统管理员' },
    { login: 'security', role: 'security-officer', ...root, person: null, name: '安全管理员' },
    { login: 'audit', role: 'audit-officer', ...root, person: null, name: '审计管理员' },
  ]
}

async function plantAccounts(tx: WriteTx, pack: Pack, tree: DemoTree, member: string): Promise<DemoAccount[]> {
  const roles = new Map(pack.roles.map((r) => [r.id, r]))
  const made: DemoAccount[] = []
  for (const seat of seats(tree, member)) {
    const role = roles.get(seat.role)
    const id = newId()
    const secret = role && wantsSecondFactor(role) ? totpSecret() : null
    const account: DemoAccount = {
      role: seat.role,
      roleName: role?.name ?? seat.role,
      unit: seat.unit,
      login: seat.login,
      password: password(),
      totp: secret,
    }
    await insertAccounts(tx, tx.now, [
      {
        id,
        login: seat.login,
        name: seat.name,
        personId: seat.person,
        passwordHash: await hashPassword(account.password, { privileged: secret !== null }),
        totpSealed: secret ? tx.vault.seal(`account.totp:${id}`, secret) : null,
        mustChange: false,
        mandates: seat.unitId ? [{ roleId: seat.role, unitId: seat.unitId, officer: role?.officer ?? null }] : [],
      },
    ])
    made.push(account)
  }
  return made
}

/** Plants the demo district when the database has none; tells each step. Prints the accounts every time they are known. */
export async function ensureDemo(
  ground: Ground,
  ownerUrl: string,
  folder: string,
  say: (line: string) => void,
): Promise<void> {
  const file = join(folder, 'demo-accounts.json')
  const known = await ground.database.bare('select 1 from district limit 1')
  if (known.length === 0) {
    const pack = readPack('demo')
    say('首次启动：正在建立演示区县（青石区，虚构）……')
    await createDistrict(ownerUrl, {
      ...DISTRICT,
      pack: pack.name,
      settings: { kinds: pack.kinds, reports: pack.reports, overview: pack.overview },
    })
    const accounts = await plantDemo(ground, pack, say)
    await analyze(ownerUrl)
    await settle(ground, DISTRICT.id, { patience: 600_000, job: true })
    say('  统计底账')
    await analyze(ownerUrl)
    giveMemoryBack()
    writeFileSync(file, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 })
  }
  if (existsSync(file)) printAccounts(JSON.parse(readFileSync(file, 'utf8')) as DemoAccount[], file, say)
}

/** Planting took some hundred megabytes which nobody will ask for again. */
function giveMemoryBack() {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

/** A base filled at one stroke has no statistics yet, and plans made without them are slow by orders of magnitude. */
async function analyze(ownerUrl: string) {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  await client.query('analyze').finally(() => client.end())
}

async function plantDemo(ground: Ground, pack: Pack, say: (line: string) => void): Promise<DemoAccount[]> {
  const ctx = new Context(
    ground,
    { token: null, requestId: newId(), address: '' },
    { district: DISTRICT.id, actor: system },
  )
  return ctx.write(null, 'pack.load', async (tx) => {
    const luck = chance(SEED)
    const tree = await plantTree(tx, luck)
    say(`  两棵树：${tree.communities.length} 个社区，${tree.estates.length} 个小区及党支部`)
    await insertRoles(tx, pack.roles)
    await insertMechanisms(
      tx,
      pack.mechanisms.map(({ owner: _, ...m }) => ({ ...m, ownerId: tree.committee.id })),
    )
    await writeAbout(tx, 0, pack.about)
    await loadMeasures(tx, pack.measures, tree.committee)
    const people = await plantPeople(tx, luck, tree)
    say(`  报到党员：${people.length} 人`)
    const member = await plantWork(tx, luck, tree, people)
    await plantRegisters(tx, luck, tree, people)
    say('  一年的诉求和任务，党员、组织、人才名册')
    await plantVoices({ tx, luck: chance(SEED + 2), home: tree.district.id })
    await plantForms({ tx, luck: chance(SEED + 3), tree })
    say('  投诉建议和报表')
    tx.record({ subject: { kind: 'district', id: tree.district.id }, path: '', change: { pack: pack.name } })
    return plantAccounts(tx, pack, tree, member)
  })
}

function printAccounts(accounts: readonly DemoAccount[], file: string, say: (line: string) => void) {
  say(`演示账号（口令随机生成，另存于 ${file}）：`)
  for (const a of accounts)
    say(`  ${a.login.padEnd(11)} ${a.password}  ${a.roleName}·${a.unit}${a.totp ? '（需动态口令）' : ''}`)
}
