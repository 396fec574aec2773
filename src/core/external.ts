// A PostgreSQL that somebody else runs: asked what it is before anything is made in it.
import pg from 'pg'
import { probeDatabase } from './probe.ts'
import { StartError } from './start-error.ts'

const APP = 'jishi_app'

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

/** The application's login: it owns nothing, and neither it nor who runs Jishi need be a superuser. */
async function ensureLogin(client: pg.Client, password: string): Promise<void> {
  const known = await client.query<{ strong: boolean }>(
    'select rolsuper or rolbypassrls as strong from pg_roles where rolname = $1',
    [APP],
  )
  if (known.rows[0]?.strong)
    throw new StartError(
      `数据库账号 ${APP} 是超级用户或可绕过行级安全，区县之间的隔离就不起作用。请先 alter role ${APP} nosuperuser nobypassrls;`,
      `the role ${APP} is a superuser or bypasses row security`,
    )
  const login = `role ${APP} login password '${password}'`
  await client.query(known.rows[0] ? `alter ${login}` : `create ${login}`).catch((cause: Error) => {
    throw new StartError(
      `DATABASE_URL 的账号不能建立应用账号 ${APP}。请让它有 createrole，或由数据库管理员先 create role ${APP} login 并授予管理权。`,
      `the role ${APP} cannot be made: ${cause.message}`,
      { cause },
    )
  })
}

/** Probes the database, gives the application its login, and answers the address to use it by. */
export async function openExternal(ownerUrl: string, password: string): Promise<string> {
  const client = await connect(ownerUrl)
  try {
    await probeDatabase(client)
    await ensureLogin(client, password)
  } finally {
    await client.end()
  }
  const url = new URL(ownerUrl)
  url.username = APP
  url.password = password
  return url.href
}
