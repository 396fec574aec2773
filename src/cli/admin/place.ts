// The database of the data folder: the running one through its socket, or started for the time of the command.
import { existsSync } from 'node:fs'
import { readConfig } from '#core/config.ts'
import { Database } from '#core/db.ts'
import { runningPostgres, startPostgres } from '#core/postgres.ts'
import { StartError } from '#core/start-error.ts'

export interface OpenPlace {
  folder: string
  /** The database is ours: a cluster below the data folder, not one that DATABASE_URL names. */
  embedded: boolean
  /** A Jishi is running on it now. */
  busy: boolean
  ownerUrl: string
  database: Database
}

const SMALL = { work: 4, heavy: 1 }

async function addressOf(folder: string, external: string | undefined, tell: (line: string) => void) {
  if (external) return { ownerUrl: external, busy: false, stop: async () => {} }
  const running = runningPostgres(folder)
  if (running) return { ownerUrl: running.url('owner'), busy: true, stop: async () => {} }
  if (!existsSync(folder)) {
    throw new StartError(
      `数据目录 ${folder} 不存在。请设 JISHI_DATA，或先用 npm start 启动一次。`,
      'the data folder does not exist',
    )
  }
  const postgres = await startPostgres({ folder, log: tell })
  return { ownerUrl: postgres.url('owner'), busy: false, stop: () => postgres.stop() }
}

export async function inPlace<T>(tell: (line: string) => void, act: (place: OpenPlace) => Promise<T>): Promise<T> {
  const { dataFolder: folder, databaseUrl } = readConfig(undefined, [])
  const { ownerUrl, busy, stop } = await addressOf(folder, databaseUrl, tell)
  const database = new Database(ownerUrl, SMALL)
  try {
    return await act({ folder, embedded: databaseUrl === undefined, busy, ownerUrl, database })
  } finally {
    await database.close()
    await stop()
  }
}
