// Live boards: after a commit, whoever may see the changed record is told that it changed — kind, id, action and path, never content;
// the page then asks again through the one door. One process tells its own listeners; a lost event costs a reload, never a record.
import { PassThrough } from 'node:stream'
import { clock } from './clock.ts'
import type { Asker, Changed, Context, Ground } from './context.ts'
import { fail } from './errors.ts'
import { EventStream, type Route, route } from './http/route.ts'
import { log } from './log.ts'
import { type Actor, type Range, rangesOf } from './permissions.ts'

export interface LiveRules {
  /** Verb needed to hear of a subject: `{ demand: 'demand.read' }`. Subjects not named are never told. */
  verbs: Record<string, string>
  /** Listeners in all, and of one account. */
  most: number
  each: number
  /** Rights are read again and a heartbeat is sent so often. */
  checkMs: number
}

const MAX_WAITING = 64 * 1024

type Sight = ReadonlyMap<string, readonly Range[]>

interface Listener {
  district: number
  account: string
  asker: Asker
  /** Where each kind of subject may be heard of; empty while rights could not be read. */
  sight: Sight
  stream: PassThrough
}

export interface Hub {
  tell(event: Changed): void
  /** A stream of events for the asker, until it closes, its session ends or it falls too far behind. @throws core.busy */
  listen(ctx: Context): Promise<PassThrough>
  /** Listeners now. */
  size(): number
  /** Reads everybody's rights again and sends a heartbeat; runs by itself every `checkMs`. */
  check(): Promise<void>
  close(): void
}

const inSight = (sight: Sight, kind: string, paths: readonly string[]) =>
  paths.find((path) => sight.get(kind)?.some((r) => path >= r.from && path < r.to))

export function newHub(ground: Pick<Ground, 'database' | 'authenticate'>, rules: LiveRules): Hub {
  const listeners = new Set<Listener>()
  let serial = 0
  const sightOf = (actor: Actor): Sight =>
    new Map(Object.entries(rules.verbs).map(([kind, verb]) => [kind, rangesOf(actor, verb)]))

  const end = (l: Listener, why: 'signed-out' | 'behind' | 'closing') => {
    if (!listeners.delete(l)) return
    l.stream.end(`event: end\ndata: {"why":"${why}"}\n\n`)
  }
  const write = (l: Listener, text: string) => {
    // Who does not read is let go: memory here is for those who do.
    if (l.stream.writableLength + l.stream.readableLength > MAX_WAITING) return end(l, 'behind')
    l.stream.write(text)
  }

  /** The session is read as at every request, but not kept alive: an open board is no sign of somebody sitting there. */
  async function recheck(l: Listener) {
    try {
      const actor = await ground.database.transact({ district: l.district, mode: 'read' }, ({ db, now }) =>
        ground.authenticate({ db, now, district: l.district }, l.asker),
      )
      l.sight = sightOf(actor)
      write(l, ': beat\n\n')
    } catch (error) {
      const status = (error as { status?: number }).status
      if (status === 401 || status === 403) return end(l, 'signed-out')
      // Not knowing is not seeing: nothing is told until rights can be read again.
      l.sight = new Map()
      log.warn({ status }, 'live: rights could not be read')
    }
  }

  const check = async () => {
    for (const l of [...listeners]) await recheck(l)
  }
  const timer = setInterval(() => void check(), rules.checkMs)
  timer.unref()

  return {
    tell({ district, action, paths, subject }) {
      if (!(subject.kind in rules.verbs) || listeners.size === 0) return
      const id = `${clock.millis().toString(36)}-${(serial++).toString(36)}`
      for (const l of listeners) {
        const path = l.district === district ? inSight(l.sight, subject.kind, paths) : undefined
        if (path !== undefined)
          write(
            l,
            `id: ${id}\nevent: changed\ndata: ${JSON.stringify({ kind: subject.kind, id: subject.id, action, path })}\n\n`,
          )
      }
    },
    async listen(ctx) {
      const actor = await ctx.read(null, async (tx) => tx.actor)
      const account = `${ctx.district} ${actor.accountId}`
      const own = [...listeners].filter((l) => l.account === account)
      if (listeners.size >= rules.most) throw fail('busy')
      // A reload leaves the old stream behind for a while: the oldest goes, the new one is heard.
      if (own.length >= rules.each && own[0]) end(own[0], 'closing')
      const stream = new PassThrough({ highWaterMark: MAX_WAITING })
      const listener: Listener = { district: ctx.district, account, asker: ctx.asker, sight: sightOf(actor), stream }
      listeners.add(listener)
      stream.on('close', () => listeners.delete(listener))
      stream.on('error', () => listeners.delete(listener))
      stream.write('retry: 5000\nevent: open\ndata: {}\n\n')
      return stream
    },
    size: () => listeners.size,
    check,
    close() {
      clearInterval(timer)
      for (const l of [...listeners]) end(l, 'closing')
    },
  }
}

export const liveRoute: Route = route({
  method: 'GET',
  path: '/live',
  operationId: 'watchLive',
  summary: 'Server-sent events: which record I may see has changed',
  permission: 'signed-in',
  response: 'stream',
  failures: [],
  rate: 'read',
  action: async (ctx) => {
    if (!ctx.ground.live) throw fail('not-found')
    return new EventStream(await ctx.ground.live.listen(ctx))
  },
})
