// A cluster that lives as long as one run of the tests, of a generator or of a benchmark, started by the launcher of production.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Postgres, type PostgresOptions, startPostgres } from '../src/core/postgres.ts'

const PREFIX = 'jishi-temporary-'

/** Starts a cluster in a folder that goes away with `stop()`. Durability is off unless asked for: nothing has to survive. */
export async function temporaryPostgres(
  options: Omit<PostgresOptions, 'folder'> = { unsafeForTests: true },
): Promise<Postgres> {
  for (const name of readdirSync(tmpdir())) if (name.startsWith(PREFIX)) sweep(name)
  const base = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  // Under root the server runs as another user, who has to pass through.
  chmodSync(base, 0o711)
  const remove = () => rmSync(base, { recursive: true, force: true })
  try {
    const postgres = await startPostgres({ ...options, folder: join(base, 'data') })
    const { stop } = postgres
    return Object.assign(postgres, { stop: () => stop().then(remove) })
  } catch (error) {
    remove()
    throw error
  }
}

// A run that was killed left its server and its folder behind.
function sweep(name: string): void {
  const base = join(tmpdir(), name)
  const maker = Number(name.slice(PREFIX.length).split('-')[0])
  try {
    process.kill(maker, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') return
    stopServer(join(base, 'data/pg'))
    rmSync(base, { recursive: true, force: true })
  }
}

function stopServer(data: string): void {
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
    if (readlinkSync(`/proc/${pid}/cwd`) === data) process.kill(pid, 'SIGQUIT')
  } catch {
    // No pid file or no such process: nothing runs there.
  }
}
