// A PostgreSQL that somebody else runs: asked what it is before anything is made in it.
import { createHash } from 'node:crypto'
import pg from 'pg'
import { probeDatabase } from './probe.ts'
import { StartError } from './start-error.ts'

/** Holds what the application may do in any database of the cluster; nobody signs in by it. */
const POWERS = 'jishi_app'

/** The login of one database: two Jishi on one cluster neither change each other's password nor reach each other's rows. */
const loginOf = (database: string) => `${POWERS}_${createHash('sha256').update(database).digest('hex').slice(0, 16)}`

const reasons: Record<string, string> = {
  ECONNREFUSED: '地址和端口上没有数据库在答话',
  ENOTFOUND: '找不到这台主机',
  ETIMEDOUT: '连接超时',
  '28P01': '账号或口令不对',
  '28000': '数据库不许这个账号从这里登录',
  '3D000': '没有这个库，请先 create database',
  '57P03': '数据库正在启动或停止，请稍候再试',
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
    return client
  } catch (cause) {
    const { host, pathname } = new URL(url)
    const { code = '', message } = cause as { code?: string; message: string }
    throw new StartError(
      `连不上 DATABASE_URL 指向的数据库（${host}${pathname}）：${reasons[code] ?? message}。`,
      `cannot connect to the database at ${host}${pathname}: ${message}`,
      { cause },
    )
  }
}

async function refuseStrong(client: pg.Client, roles: string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string; strong: boolean }>(
    'select rolname as name, rolsuper or rolbypassrls as strong from pg_roles where rolname = any($1)',
    [roles],
  )
  const strong = rows.find((r) => r.strong)?.name
  if (strong)
    throw new StartError(
      `数据库账号 ${strong} 是超级用户或可绕过行级安全，区县之间的隔离就不起作用。请先 alter role ${strong} nosuperuser nobypassrls;`,
      `the role ${strong} is a superuser or bypasses row security`,
    )
  return new Set(rows.map((r) => r.name))
}

/** The application's login: it owns nothing, and neither it nor who runs Jishi need be a superuser. */
async function ensureLogin(client: pg.Client, login: string, password: string): Promise<void> {
  const known = await refuseStrong(client, [POWERS, login])
  const { rows } = await client.query<{ name: string }>('select current_database() as name')
  const database = client.escapeIdentifier(rows[0]?.name ?? '')
  const verb = known.has(login) ? 'alter' : 'create'
  const steps = [
    ...(known.has(POWERS) ? [] : [`create role ${POWERS} nologin`]),
    `${verb} role ${login} login password '${password}'`,
    `grant ${POWERS} to ${login}`,
    `revoke connect on database ${database} from public`,
    `grant connect on database ${database} to ${login}`,
  ]
  await client.query(steps.join(';')).catch((cause: Error) => {
    throw new StartError(
      `DATABASE_URL 的账号不能建立应用账号 ${login}。请让它拥有这个库并有 createrole；同一集群里 ${POWERS} 若由别的账号建立，请由数据库管理员 grant ${POWERS} to 该账号 with admin option。`,
      `the role ${login} cannot be made: ${cause.message}`,
      { cause },
    )
  })
}

/** Probes the database, gives the application its login, and answers the address to use it by. */
export async function openExternal(ownerUrl: string, password: string): Promise<string> {
  const client = await connect(ownerUrl)
  const login = loginOf(client.database ?? '')
  try {
    await probeDatabase(client)
    await ensureLogin(client, login, password)
  } finally {
    await client.end()
  }
  const url = new URL(ownerUrl)
  url.username = login
  url.password = password
  return url.href
}
