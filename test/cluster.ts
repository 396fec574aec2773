// One embedded cluster for the whole test run.
import type { TestProject } from 'vitest/node'
import { temporaryPostgres } from '../scripts/temporary-postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Addresses of the run's cluster: `{database}` stands for the database name. */
    cluster: { owner: string; app: string }
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await temporaryPostgres()
  project.provide('cluster', { owner: postgres.url('owner', '{database}'), app: postgres.url('app', '{database}') })
  return () => postgres.stop()
}
