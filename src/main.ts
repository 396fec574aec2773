// Starts Jishi: config → database → demo district at the first start → jobs → HTTP. Ctrl-C and SIGTERM drain and stop cleanly.
import { createServer } from 'node:net'
import { type App, compose } from '#app.ts'
import { readConfig } from '#core/config.ts'
import { queueCounts, startWorkers, watchWorkers, type Workers } from '#core/jobs/queue.ts'
import { log } from '#core/log.ts'
import { findDamage } from '#core/postgres/pages.ts'
import { StartError } from '#core/start-error.ts'
import { jobs } from '#jobs.ts'
import { ensureDemo } from './demo/index.ts'
import { type Standing, stand } from './ground.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
/** What is not done by then is cut: whoever asked us to stop waits fifteen seconds. */
const STOP_MS = 14_000

interface Running {
  standing: Standing
  app: App
  workers: Workers | null
}

async function stop({ standing, app, workers }: Running) {
  app.health.stop()
  const failed = (what: string) => (error: unknown) =>
    log.error({ error: String(error) }, `${what} did not stop cleanly`)
  await Promise.all([app.drain().catch(failed('http')), workers?.stop(8_000).catch(failed('jobs'))])
  await app.server.close().catch(failed('http'))
  await standing.stop()
}

function stopOnSignal(running: Running) {
  let stopping = false
  const onSignal = (signal: string) => {
    // Asked twice: at once. The database still shuts down by itself.
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(0), STOP_MS).unref()
    void stop(running).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error: String(error) }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, onSignal)
  return () => stopping
}

const cannotListen =
  ({ host, port }: { host: string; port: number }) =>
  (cause: NodeJS.ErrnoException): never => {
    const why: Record<string, string> = {
      EADDRINUSE: '已被别的程序占用。请先停止它，或用 PORT 另指定端口',
      EACCES: '没有权限使用。请用 1024 以上的端口，由反向代理转发',
      EADDRNOTAVAIL: '不是本机的地址。请检查 HOST',
    }
    const known = why[cause.code ?? '']
    if (!known) throw cause
    throw new StartError(`${host}:${port} ${known}。`, `cannot listen on ${host}:${port}: ${cause.code}`, { cause })
  }

/** Said before anything is set up: who finds the port taken has not waited for a database. */
const tryPort = (at: { host: string; port: number }) =>
  new Promise<void>((resolve, reject) => {
    const trial = createServer().once('error', reject)
    trial.listen(at.port, at.host, () => trial.close(() => resolve()))
  }).catch(cannotListen(at))

async function main() {
  const config = readConfig()
  if (config.with.has('http')) await tryPort(config)
  const standing = await stand(config, say)
  const app = compose({
    ...standing,
    publicUrl: config.publicUrl,
    proxies: config.proxies,
    webhooks: config.webhooks,
    officersFrom: config.officersFrom,
    ...(config.databaseUrl ? {} : { inspect: () => findDamage(standing.ownerUrl) }),
    web: new URL('../dist/web/', import.meta.url),
  })
  const running: Running = { standing, app, workers: null }
  const isStopping = stopOnSignal(running)
  try {
    await ensureDemo(app.ground, standing.ownerUrl, config.dataFolder, say)
    if (config.with.has('jobs')) {
      running.workers = await startWorkers(standing.appUrl, app.ground, jobs)
      watchWorkers(app.metrics, running.workers, () => queueCounts(app.ground))
    }
    if (config.with.has('http')) {
      const listening = await app.server.listen({ port: config.port, host: config.host }).catch(cannotListen(config))
      say(`基石已启动：${config.publicUrl ?? listening.replace('127.0.0.1', 'localhost')}`)
    } else say('基石后台任务已启动')
  } catch (error) {
    // What was cut off by a stop is no failure of its own; a start that failed leaves no database behind.
    if (isStopping()) return
    await stop(running).catch(() => {})
    throw error
  }
}

main().catch((error: unknown) => {
  process.stderr.write(
    error instanceof StartError ? `${error.message}\n` : `${String((error as Error)?.stack ?? error)}\n`,
  )
  process.exit(1)
})
