// Jishi as it serves, without rate limits (the bench asks from one address): node serve.ts <app url> <keys folder> [<job>]
import { compose } from '#app.ts'
import { loadKeyring, openssl } from '#core/crypto.ts'
import { Database } from '#core/db.ts'
import { limiter } from '#core/http/limits.ts'
import { startWorkers } from '#core/jobs/queue.ts'
import { jobs } from '#jobs.ts'

const [url, keys, job] = process.argv.slice(2) as [string, string, string | undefined]
const { ground, server } = compose({
  database: new Database(url),
  vault: openssl(loadKeyring(keys)),
  limit: limiter(0),
})
if (job)
  await startWorkers(
    url,
    ground,
    jobs.filter((j) => j.name === job),
  )
process.stdout.write(`${await server.listen({ port: 0, host: '127.0.0.1' })}\n`)
process.on('SIGTERM', () => process.exit(0))
