// One embedded cluster for the whole test run, started through the same launcher as production, in a folder that goes away.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '../src/core/postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Addresses of the run's cluster: `{database}` stands for the database name. */
    cluster: { owner: string; app: string }
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'jishi-test-'))
  // Under root the server runs as another user, who has to pass through.
  chmodSync(folder, 0o711)
  // Nothing of a test run has to survive a crash of the machine; the cases that need it start clusters of their own.
  const postgres = await startPostgres({ folder: join(folder, 'data'), unsafeForTests: true })
  project.provide('cluster', { owner: postgres.url('owner', '{database}'), app: postgres.url('app', '{database}') })
  return async () => {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
