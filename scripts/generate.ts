// Regenerates everything that is generated from the code: database types, schema dump, API description. `--check` compares instead.
import { migrate } from '#core/migrate.ts'
import { writeGenerated } from './generated.ts'
import { temporaryPostgres } from './temporary-postgres.ts'

const cluster = await temporaryPostgres()
let stale: string[] = []
try {
  await migrate(cluster.url('owner'))
  stale = await writeGenerated(cluster.url('owner'), process.argv.includes('--check'))
} finally {
  await cluster.stop()
}
if (stale.length > 0) {
  console.error(`not what the code says: ${stale.join(', ')}; run npm run generate`)
  process.exit(1)
}
