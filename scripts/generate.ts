// Regenerates everything that is generated from the code: database types, schema dump, OpenAPI. `--check` compares instead.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '#core/migrate.ts'
import { startPostgres } from '#core/postgres.ts'
import { writeGenerated } from './generated.ts'

const folder = join(mkdtempSync(join(tmpdir(), 'jishi-generate-')), 'data')
const cluster = await startPostgres({ folder, unsafeForTests: true })
let stale: string[] = []
try {
  const url = cluster.url('owner')
  await migrate(url)
  stale = await writeGenerated(url, process.argv.includes('--check'))
} finally {
  await cluster.stop()
  rmSync(folder, { recursive: true, force: true })
}
if (stale.length > 0) {
  console.error(`not what the code says: ${stale.join(', ')}; run npm run generate`)
  process.exit(1)
}
