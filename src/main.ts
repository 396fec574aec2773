// Starts Jishi: config → database → demo district at the first start → HTTP. Ctrl-C and SIGTERM drain and stop cleanly.
import { compose } from '#app.ts'
import { readConfig } from '#core/config.ts'
import { log } from '#core/log.ts'
import { StartError } from '#core/start-error.ts'
import { ensureDemo } from './demo/index.ts'
import { stand } from './ground.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

async function main() {
  const config = readConfig()
  const standing = await stand(config, say)
  const { ground, server } = compose({ ...standing, publicUrl: config.publicUrl, web: new URL('../dist/web/', import.meta.url) })
  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    await server.close().catch((error) => log.error({ error: String(error) }, 'closing failed'))
    await standing.stop()
    process.exit(0)
  }
  process.on('SIGINT', () => void stop('SIGINT'))
  process.on('SIGTERM', () => void stop('SIGTERM'))
  await ensureDemo(ground, standing.ownerUrl, config.dataFolder, say)
  const listening = await server.listen({ port: config.port, host: config.host })
  say(`基石已启动：${config.publicUrl ?? listening.replace('127.0.0.1', 'localhost')}`)
}

main().catch((error: unknown) => {
  process.stderr.write(error instanceof StartError ? `${error.message}\n` : `${String((error as Error)?.stack ?? error)}\n`)
  process.exit(1)
})
