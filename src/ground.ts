// What every way of running Jishi stands on: the database, brought up and migrated, the keys, and the vault.
import { mkdirSync } from 'node:fs'
import pg from 'pg'
import { type Anchors, anchorsIn } from '#core/anchor.ts'
import type { Config } from '#core/config.ts'
import { type CryptoProvider, loadKeyring, openssl } from '#core/crypto.ts'
import { Database } from '#core/db.ts'
import { type Erasures, erasuresIn } from '#core/erasures.ts'
import { erasable } from '#erasable.ts'
import { prepareJobs } from '#core/jobs/queue.ts'
import { migrate } from '#core/migrate.ts'
import { startPostgres } from '#core/postgres.ts'
import { openExternal } from '#core/external.ts'
import { probeDatabase } from '#core/probe.ts'
import { refuseChanged } from '#core/program.ts'
import { jobs } from '#jobs.ts'

export interface Standing {
  database: Database
  vault: CryptoProvider
  anchors: Anchors
  erasures: Erasures
  ownerUrl: string
  appUrl: string
  stop(): Promise<void>
}

type Tell = (line: string) => void

/** The embedded PostgreSQL, or the external one that DATABASE_URL names; there the application's password follows from our key. */
async function openDatabase(config: Config, vault: CryptoProvider, tell: Tell) {
  if (config.databaseUrl) {
    const password = vault.blindIndex('database-login', 'jishi_app').toString('hex')
    const appUrl = await openExternal(config.databaseUrl, password)
    return { ownerUrl: config.databaseUrl, appUrl, stop: async () => {} }
  }
  const postgres = await startPostgres({ folder: config.dataFolder, log: tell })
  return { ownerUrl: postgres.url('owner'), appUrl: postgres.url('app'), stop: () => postgres.stop() }
}

async function probe(ownerUrl: string) {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  await probeDatabase(client).finally(() => client.end())
}

export async function stand(config: Config, tell: Tell): Promise<Standing> {
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o711 })
  const vault = openssl(loadKeyring(config.dataFolder))
  refuseChanged(config.dataFolder, vault)
  const base = await openDatabase(config, vault, tell)
  try {
    if (!config.databaseUrl) await probe(base.ownerUrl)
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
    erasures: erasuresIn(config.dataFolder, vault, erasable),
    ownerUrl: base.ownerUrl,
    appUrl: base.appUrl,
    async stop() {
      await database.close()
      await base.stop()
    },
  }
}
