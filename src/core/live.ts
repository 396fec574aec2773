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

type Doors = Pick<Ground, 'database' | 'access'>

class LiveHub implements Hub {
  readonly #listeners = new Set<Listener>()
  readonly #doors: Doors
  readonly #rules: LiveRules
  readonly #timer: NodeJS.Timeout
  #serial = 0

  constructor(doors: Doors, rules: LiveRules) {
    this.#doors = doors
    this.#rules = rules
    this.#timer = setInterval(() => void this.check(), rules.checkMs)
    this.#timer.unref()
  }

  #sightOf(actor: Actor): Sight {
    return new Map(Object.entries(this.#rules.verbs).map(([kind, verb]) => [kind, rangesOf(actor, verb)]))
  }

  #end(l: Listener, why: 'signed-out' | 'behind' | 'closing') {
    if (this.#listeners.delete(l)) l.stream.end(`event: end\ndata: {"why":"${why}"}\n\n`)
  }

  #write(l: Listener, text: string) {
    // Who does not read is let go: memory here is for those who do.
    if (l.stream.writableLength + l.stream.readableLength > MAX_WAITING) return this.#end(l, 'behind')
    l.stream.write(text)
  }

  /** The session is read as at every request, but not kept alive: an open board is no sign of somebody sitting there. */
  async #recheck(l: Listener) {
    const { database, access } = this.#doors
    try {
      const scope = { district: l.district, mode: 'read' as const, first: access.ask(l.district, l.asker) }
      const actor = await database.transact(scope, (opened) =>
        access.judge({ ...opened, district: l.district, asker: l.asker }),
      )
      l.sight = this.#sightOf(actor)
      this.#write(l, ': beat\n\n')
    } catch (error) {
      const status = (error as { status?: number }).status
      if (status === 401 || status === 403) return this.#end(l, 'signed-out')
      // Not knowing is not seeing: nothing is told until rights can be read again.
      l.sight = new Map()
      log.warn({ status }, 'live: rights could not be read')
    }
  }

  async check() {
    for (const l of this.#listeners) await this.#recheck(l)
  }

  tell({ district, action, paths, subject }: Changed) {
    if (!(subject.kind in this.#rules.verbs) || this.#listeners.size === 0) return
    const id = `${clock.millis().toString(36)}-${(this.#serial++).toString(36)}`
    for (const l of this.#listeners) {
      const path = l.district === district ? inSight(l.sight, subject.kind, paths) : undefined
      if (path === undefined) continue
      const data = JSON.stringify({ kind: subject.kind, id: subject.id, action, path })
      this.#write(l, `id: ${id}\nevent: changed\ndata: ${data}\n\n`)
    }
  }

  async listen(ctx: Context) {
    const actor = await ctx.read(null, async (tx) => tx.actor)
    const account = `${ctx.district} ${actor.accountId}`
    const own = [...this.#listeners].filter((l) => l.account === account)
    if (this.#listeners.size >= this.#rules.most) throw fail('busy')
    // A reload leaves the old stream behind for a while: the oldest goes, the new one is heard.
    if (own.length >= this.#rules.each && own[0]) this.#end(own[0], 'closing')
    const stream = new PassThrough({ highWaterMark: MAX_WAITING })
    const sight = this.#sightOf(actor)
    const listener: Listener = { district: ctx.district, account, asker: ctx.asker, sight, stream }
    this.#listeners.add(listener)
    stream.on('close', () => this.#listeners.delete(listener))
    stream.on('error', () => this.#listeners.delete(listener))
    stream.write('retry: 5000\nevent: open\ndata: {}\n\n')
    return stream
  }

  size() {
    return this.#listeners.size
  }

  close() {
    clearInterval(this.#timer)
    for (const l of this.#listeners) this.#end(l, 'closing')
  }
}

export const newHub = (doors: Doors, rules: LiveRules): Hub => new LiveHub(doors, rules)

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
