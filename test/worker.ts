// A process that works the queue and nothing else, for tests that kill or freeze it: `worker.ts <database> <key folder> <job> <milliseconds>`.
import { setTimeout as sleep } from 'node:timers/promises'
import { loadKeyring, openssl } from '#core/crypto.ts'
import { type Ground, noAccess } from '#core/context.ts'
import { Database } from '#core/db.ts'
import { newId } from '#core/ids.ts'
import { startWorkers } from '#core/jobs/queue.ts'
import { defineJobs } from '#core/jobs.ts'
import { outboundTo } from '#core/outbound.ts'

const [url = '', folder = '', name = '', pause = '0'] = process.argv.slice(2)
const ground: Ground = {
  database: new Database(url, { work: 4, heavy: 1 }),
  vault: openssl(loadKeyring(folder)),
  publicUrl: '',
  access: noAccess,
  outbound: outboundTo([]),
  changed: () => {},
}
const say = (line: string) => process.stdout.write(`${line}\n`)

const jobs = defineJobs([
  {
    name,
    handle: async (run) => {
      say(`taken ${run.id}`)
      await sleep(Number(pause))
      const first = await run.once('effect', (ctx) =>
        ctx.write(null, name, async (tx) => {
          tx.record({ subject: { kind: 'test', id: newId() }, path: '', change: { job: run.id } })
        }),
      )
      say(`${first ? 'did' : 'was done'} ${run.id}`)
      await sleep(Number(pause))
    },
  },
])
await startWorkers(url, ground, jobs, { poll: 0.5, watch: 1 })
say('working')
