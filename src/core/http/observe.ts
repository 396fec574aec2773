// What is seen of the server from outside its routes: health, metrics, one log line per request, and a stop that breaks nothing.
import { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { clock } from '../clock.ts'
import type { Health } from '../health.ts'
import { log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Route } from './route.ts'

export interface Observed {
  /**
   * Stops listening, answers what comes over connections that are there and ends each with its answer, then cuts what is left
   * after `patience` ms. Open event streams do not count as unanswered.
   */
  drain(patience?: number): Promise<void>
}

const STEP_MS = 20
/** A balancer in front sees first that we are not ready, and sends no more. */
const LEAVE_MS = 300
const QUIET_MS = 500

const isStream = (reply: FastifyReply) =>
  String(reply.raw.getHeader('content-type') ?? '').startsWith('text/event-stream')

export function observe(
  server: FastifyInstance,
  parts: { routes: readonly Route[]; health: Health; metrics: Metrics },
): Observed {
  const { health, metrics } = parts
  const operations = new Map(
    parts.routes.map((r) => [`${r.method} /api${r.path.replace(/\{(\w+)\}/g, ':$1')}`, r.operationId]),
  )
  // Files and unknown addresses are one word each: what a stranger asks for may not grow the table.
  const operationOf = (request: FastifyRequest) => {
    const url = request.routeOptions.url
    return (url && operations.get(`${request.method} ${url}`)) ?? (url ? 'page' : 'unknown')
  }
  const open = new Map<FastifyRequest, FastifyReply>()
  let leaving = false
  server.addHook('onRequest', async (request, reply) => {
    open.set(request, reply)
    // Also when the client has gone before its answer.
    reply.raw.once('close', () => open.delete(request))
  })
  server.addHook('onSend', async (_, reply) => {
    if (leaving) reply.header('connection', 'close')
  })
  server.addHook('onResponse', async (request, reply) => {
    open.delete(request)
    const operation = operationOf(request)
    metrics.answered(operation, reply.statusCode, reply.elapsedTime / 1000)
    // Never the address: its query may hold a name or a number.
    log.info(
      {
        requestId: request.id,
        operationId: operation,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    )
  })
  serveHealth(server, health, metrics)
  const unanswered = () => [...open.values()].some((reply) => !isStream(reply))
  return {
    async drain(patience = 10_000) {
      const end = clock.monotonic() + patience
      await sleep(LEAVE_MS)
      // Only the door is closed: http's own close() would also cut connections whose next request is on its way.
      let gone = !server.server.listening
      const closed = new Promise<void>((done) => {
        if (gone) done()
        else Server.prototype.close.call(server.server, () => done())
      }).then(() => {
        gone = true
      })
      leaving = true
      // A connection that was let in may take a moment to say what it wants.
      let quietSince = clock.monotonic()
      while (!gone && clock.monotonic() < end && clock.monotonic() - quietSince < QUIET_MS) {
        await sleep(STEP_MS)
        if (unanswered()) quietSince = clock.monotonic()
      }
      server.server.closeAllConnections()
      await closed
    },
  }
}

/** Metrics are for the machine itself or a watcher beside it; a request that came through a proxy is from outside. */
const isOwn = (request: FastifyRequest) =>
  /^(127\.|::1$|::ffff:127\.)/.test(request.ip) &&
  !request.headers['x-forwarded-for'] &&
  !request.headers.forwarded &&
  !request.headers['x-real-ip']

function serveHealth(server: FastifyInstance, health: Health, metrics: Metrics) {
  const plain = (reply: FastifyReply, status: number, text: string) =>
    reply.code(status).header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(text)
  server.get('/livez', { exposeHeadRoute: false }, (_, reply) => plain(reply, 200, 'alive\n'))
  server.get('/readyz', { exposeHeadRoute: false }, async (_, reply) =>
    (await health.ready()) ? plain(reply, 200, 'ready\n') : plain(reply, 503, 'not ready\n'),
  )
  server.get('/metrics', { exposeHeadRoute: false }, async (request, reply) =>
    isOwn(request)
      ? reply
          .header('cache-control', 'no-store')
          .type('text/plain; version=0.0.4; charset=utf-8')
          .send(await metrics.text())
      : reply.callNotFound(),
  )
}
