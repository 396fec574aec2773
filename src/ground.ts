// What every way of running Jishi stands on: the database, brought up and migrated, the keys, and the vault.
import { mkdirSync } from 'node:fs'
import pg from 'pg'
import { type Anchors, anchorsIn } from '#core/anchor.ts'
import type { Config } from '#core/config.ts'
import { type CryptoProvider, loadKeyring, openssl } from '#core/crypto.ts'
import { Database } from '#core/db.ts'
import { prepareJobs } from '#core/jobs/queue.ts'
import { migrate } from '#core/migrate.ts'
import { startPostgres } from '#core/postgres.ts'
import { probeDatabase } from '#core/probe.ts'
import { jobs } from '#jobs.ts'

export interface Standing {
  database: Database
  vault: CryptoProvider
  anchors: Anchors
  ownerUrl: string
  appUrl: string
  stop(): Promise<void>
}

type Tell = (line: string) => void

/** The embedded PostgreSQL, or the external one that DATABASE_URL names. */
async function openDatabase(config: Config, tell: Tell) {
  if (config.databaseUrl)
    return {
      ownerUrl: config.databaseUrl,
      appUrl: await appLogin(config.databaseUrl, config.dataFolder),
      stop: async () => {},
    }
  const postgres = await startPostgres({ folder: config.dataFolder, log: tell })
  return { ownerUrl: postgres.url('owner'), appUrl: postgres.url('app'), stop: () => postgres.stop() }
}

/** On an external database the application has a login of its own, without ownership; its password follows from our key. */
async function appLogin(ownerUrl: string, folder: string): Promise<string> {
  const password = openssl(loadKeyring(folder)).blindIndex('database-login', 'jishi_app').toString('hex')
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(
      `do $$ begin if not exists (select from pg_roles where rolname = 'jishi_app') then create role jishi_app login; end if; end $$`,
    )
    await client.query(`alter role jishi_app login nosuperuser nobypassrls password '${password}'`)
  } finally {
    await client.end()
  }
  const url = new URL(ownerUrl)
  url.username = 'jishi_app'
  url.password = password
  return url.href
}

export async function stand(config: Config, tell: Tell): Promise<Standing> {
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o711 })
  const vault = openssl(loadKeyring(config.dataFolder))
  const base = await openDatabase(config, tell)
  try {
    const client = new pg.Client({ connectionString: base.ownerUrl })
    await client.connect()
    await probeDatabase(client).finally(() => client.end())
    await migrate(base.ownerUrl, (name) => tell(`升级数据库：${name}`))
    await prepareJobs(base.ownerUrl, jobs)
  } catch (error) {
    await base.stop()
    throw error
  }
  const database = new Database(base.appUrl)
  return {
    database,
    vault,
    anchors: anchorsIn(config.dataFolder, vault),
    ownerUrl: base.ownerUrl,
    appUrl: base.appUrl,
    async stop() {
      await database.close()
      await base.stop()
    },
  }
}
