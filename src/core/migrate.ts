// Forward-only plain SQL migrations, each in its own transaction, remembered with a checksum (MI-02, MI-07).
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { StartError } from './start-error.ts'

const folder = fileURLToPath(new URL('../../db/migrations', import.meta.url))

const readMigrations = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => {
      const sql = readFileSync(`${folder}/${name}`, 'utf8')
      return { name, sql, sum: createHash('sha256').update(sql).digest('hex') }
    })

interface Migration {
  name: string
  sql: string
  sum: string
}

/** Whoever waits for a lock holds up everybody who comes after him: two seconds, then others go first (MI-04). */
const PATIENCE = '2s'
const TRIES = 15

const isHeldUp = (error: unknown) => (error as { code?: string }).code === '55P03'

async function apply(client: pg.Client, { name, sql, sum }: Migration): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query('begin')
      await client.query(`set local lock_timeout = '${PATIENCE}'`)
      await client.query(sql)
      await client.query('insert into migration (name, sum) values ($1, $2)', [name, sum])
      return void (await client.query('commit'))
    } catch (error) {
      await client.query('rollback').catch(() => {})
      if (!isHeldUp(error) || attempt === TRIES) throw error
      await sleep(500)
    }
  }
}

/**
 * Brings the database to the newest version. Only the owner may call it; a lock keeps two starters apart.
 * @returns names of the migrations applied now
 * @throws Error naming the file when a migration that already ran was edited
 */
export async function migrate(ownerUrl: string, tell: (line: string) => void = () => {}): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  // a database that goes away in between ends the query with an error, not the process
  client.on('error', () => {})
  await client.connect()
  const applied: string[] = []
  try {
    await client.query('select pg_advisory_lock(7405001)')
    await client.query(
      'create table if not exists migration (name text primary key, sum text not null, at timestamptz not null default now())',
    )
    const done = new Map(
      (await client.query<{ name: string; sum: string }>('select name, sum from migration')).rows.map((r) => [
        r.name,
        r.sum,
      ]),
    )
    for (const { name, sql, sum } of readMigrations()) {
      const known = done.get(name)
      if (known && known !== sum)
        throw new StartError(
          `数据库里执行过的升级 ${name} 与程序自带的不同（0.1.0 发布前的试用数据不能沿用）。请换一个空的数据目录或空库，或换回原来的版本。`,
          `migration ${name} was edited after it ran; write a new one`,
        )
      if (known) continue
      tell(name)
      await apply(client, { name, sql, sum })
      applied.push(name)
    }
  } finally {
    await client.end()
  }
  return applied
}
