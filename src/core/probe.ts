// What Jishi needs of a database, asked at every boot: most of it fails silently later when it is missing.
import type pg from 'pg'
import { StartError } from './start-error.ts'

const EXTENSIONS = ['pg_trgm', 'btree_gist']

/** Refuses a database that is too old, not UTF-8, blind to Chinese text or not durable. Makes the extensions if absent. */
export async function probeDatabase(client: pg.ClientBase): Promise<void> {
  const found = await client.query<Record<'version' | 'encoding' | 'fsync' | 'commit' | 'pages', string>>(
    `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding,
            current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
            current_setting('full_page_writes') as pages`,
  )
  const server = found.rows[0]
  if (!server) throw new Error('the database does not answer a select')
  if (Number(server.version) < 150000) {
    const version = Math.floor(Number(server.version) / 10000)
    throw new StartError(
      `数据库是 PostgreSQL ${version}，需要 15 以上版本。请升级数据库。`,
      `PostgreSQL ${version} is older than 15`,
    )
  }
  if (server.encoding !== 'UTF8') {
    throw new StartError(
      `数据库编码是 ${server.encoding}，必须是 UTF8。请用 create database … encoding 'UTF8' template template0 另建一个库。`,
      `the database encoding is ${server.encoding}, not UTF8`,
    )
  }
  refuseLossy({ fsync: server.fsync, synchronous_commit: server.commit, full_page_writes: server.pages })
  await makeExtensions(client)
  await refuseBlind(client)
}

function refuseLossy(settings: Record<string, string>): void {
  const off = Object.keys(settings).filter((name) => settings[name] === 'off')
  if (off.length === 0) return
  throw new StartError(
    `数据库关闭了 ${off.join('、')}，断电会丢失已确认的数据。请在数据库配置中改为 on 并重新加载。`,
    `the database may lose acknowledged writes: ${off.join(', ')} off`,
  )
}

async function makeExtensions(client: pg.ClientBase): Promise<void> {
  const present = await client.query<{ extname: string }>('select extname from pg_extension')
  const absent = EXTENSIONS.filter((name) => !present.rows.some((row) => row.extname === name))
  for (const name of absent) {
    try {
      await client.query(`create extension if not exists ${name}`)
    } catch (cause) {
      // 23505: another process is making it in this very moment.
      if ((cause as { code?: string }).code === '23505') continue
      throw new StartError(
        `数据库缺少扩展 ${name}，当前账号无法创建。请由数据库管理员在此库执行 create extension ${name};（没有安装包时先安装 postgresql-contrib）。`,
        `extension ${name} is missing and cannot be created: ${(cause as Error).message}`,
        { cause },
      )
    }
  }
}

// Under LC_CTYPE=C no Chinese character counts as a letter: every search by name would come back empty, without an error.
async function refuseBlind(client: pg.ClientBase): Promise<void> {
  const seen = await client.query<{ found: boolean }>(`select show_trgm('中') <> '{}' as found`)
  if (seen.rows[0]?.found) return
  throw new StartError(
    "数据库的字符分类（LC_CTYPE）不识别汉字，姓名检索会一无所获。请用 create database … locale 'C.UTF-8' template template0 另建一个库。",
    'LC_CTYPE of the database does not know Chinese characters: trigram search would find nothing',
  )
}
