// What a use case gets to work with: who asks, one transaction, and one history entry. The only write door (trust C-4).
import type { PassThrough } from 'node:stream'
import type { CompiledQuery, Kysely } from 'kysely'
import type { Anchors } from './anchor.ts'
import { dayOf, millisOf } from './calendar.ts'
import type { CryptoProvider } from './crypto.ts'
import type { DB, Database, First, Opened, Scope } from './db.ts'
import { fail, type Problem } from './errors.ts'
import { type Answer, appending, type Entry } from './history.ts'
import type { Outbound } from './outbound.ts'
import { type Actor, allowed, canAnywhere, must } from './permissions.ts'

/** What it takes to look for a record as the asker may see it. */
export interface Sight {
  readonly db: Kysely<DB>
  readonly district: number
  readonly actor: Actor
}

/** Asked together with BEGIN, as whoever asked last by this token; asked again where he is somebody else now, or may do other things. */
export type Look<A> = (sight: Sight) => Promise<A>

export interface Tx extends Sight {
  /** Database time of this transaction, ISO text. */
  readonly now: string
  /** Calendar day of `now` in Asia/Shanghai. */
  readonly today: string
  /** The district's edition at the start of the transaction; null where it was not read. */
  readonly edition: number | null
  readonly vault: CryptoProvider
  must(verb: string, path: string): void
  allowed(verbs: readonly string[], path: string): string[]
}

export interface Recorded {
  subject: { kind: string; id: string }
  path: string
  change?: Record<string, unknown>
  reason?: string | undefined
  /** Paths of other units concerned (the one responsible, those supporting): their live boards hear of it too. */
  also?: readonly (string | null)[]
  /** Other records that changed with it: live boards hear of them too. */
  with?: readonly { kind: string; id: string }[]
  /** No live board hears of it: whoever is complained about may not even learn that something happened. [REQ-10] */
  quiet?: boolean
}

export interface WriteTx extends Tx {
  /** States what this use case did; called exactly once. */
  record(entry: Recorded): void
  /**
   * A write whose answer decides nothing: it travels with the history entry and COMMIT, and undoes all where it fails. Whatever is asked
   * in between does not see it yet; a row it changes must be held, for nobody counts what it met.
   */
  last(query: { compile(): CompiledQuery }): void
}

export interface Asker {
  /** `<district>.<secret>`, from the cookie or the Authorization header. */
  token: string | null
  requestId: string
  address: string
  /** Name a browser got when its owner signed in there before. */
  device?: string | null
}

/** How an actor comes into being, inside the transaction of the work. Supplied by the access module. */
export interface Access {
  /** Reads the session; travels with BEGIN. Throws 401 where nothing could be found. */
  ask(district: number, asker: Asker): CompiledQuery<First>
  /** Who that row says is asking, and what he may do now; throws 401. The same grants as before are the same object. */
  judge(
    opened: Pick<Opened, 'db' | 'first' | 'now'> & { district: number; asker: Pick<Asker, 'token'> },
  ): Promise<Actor>
  /** Whom it judged by this token last: a guess, which only `judge` confirms. */
  recall(asker: Asker): Actor | undefined
}

const sessionless = (): never => {
  throw new Error('nobody signs in here')
}
/** For who always speaks as somebody named beforehand. */
export const noAccess: Access = { ask: sessionless, judge: sessionless, recall: () => undefined }

/** A file of persons’ records on its way out. */
export interface Load {
  /** operationId of the route that makes it, and what was asked of it. */
  operation: string
  query: Readonly<Record<string, unknown>>
  title: string
  /** Which rows, in words. */
  about: string
  rows: number
  /** What was asked for before, where it was. */
  exportId: string | undefined
  /** What the history says was carried away. */
  entry: { action: string } & Recorded
}

export interface Carrier {
  /** Lets the file go, once, and answers what it is marked with. @throws what `carryFailures` name */
  take(ctx: Context, load: Load): Promise<string>
}

export interface Ground {
  database: Database
  vault: CryptoProvider
  /** Address people see; links in documents start with it. */
  publicUrl: string
  access: Access
  /** Keeps a used session alive after the work, in a transaction of its own. */
  keepAlive?(district: number, token: string): Promise<void>
  /** Where anything may be sent to outside; nothing where no operator said so. */
  outbound: Outbound
  /** Signed heads of the history chains, outside the database. */
  anchors?: Anchors
  /** What was erased, listed outside the database. */
  erasures?: { note(database: Database, district: number): Promise<number> }
  /** Reads every page of the database from disk; of the embedded one only. */
  inspect?: () => Promise<{ pages: number; damage: readonly { what: string; page: number }[] }>
  /** Watches over files of persons’ records. */
  carrier?: Carrier
  /** Told after commit which unit path changed, for live boards. */
  changed(event: Changed): void
  /** Who listens to changes now. */
  live?: { listen(ctx: Context): Promise<PassThrough> }
}

export interface Changed {
  district: number
  action: string
  path: string
  /** `path` and the paths of other units concerned. */
  paths: readonly string[]
  subject: { kind: string; id: string }
}

export const resident: Actor = {
  kind: 'resident',
  accountId: null,
  personId: null,
  name: '居民',
  grants: [],
  provedAt: null,
}
export const system: Actor = {
  kind: 'system',
  accountId: null,
  personId: null,
  name: '系统',
  grants: [],
  provedAt: null,
}

/** How the answer of an idempotent request is kept; made by the route door. */
export interface Keeping {
  key: string
  fingerprint: string
  status: number
  seal(result: unknown): Buffer
  /** Whose key it is; known once the asker is. A key follows the account, not the session. */
  owner: { district: number; actor: string } | null
  /** What the transaction of the work has kept as the answer. */
  kept: { value: unknown } | null
}

/** What the route demands of everybody who comes through it. */
export interface Door {
  permission: string
  proof: boolean
  /** The door's refusal is final for the request, even where an action takes refusals of single rows for results. */
  refusal: Problem | null
  /** In which district the work was done; a public route names it itself. */
  served: number
  /** Who asks, once he is known. */
  account: string | null
}

const PROOF_MINUTES = 5

export class Context {
  readonly ground: Ground
  readonly asker: Asker
  readonly district: number
  readonly #fixed: Actor | null
  readonly keeping: Keeping | null
  readonly #apart: boolean
  readonly #door: Door | null

  constructor(
    ground: Ground,
    asker: Asker,
    who: { district: number; actor?: Actor; keeping?: Keeping | null; door?: Door; apart?: boolean },
  ) {
    this.ground = ground
    this.asker = asker
    this.district = who.district
    this.#fixed = who.actor ?? null
    this.keeping = who.keeping ?? null
    this.#apart = who.apart ?? false
    this.#door = who.door ?? null
  }

  /** The same request, speaking as a resident of a district (no account, no grants). */
  asResident(district: number) {
    return new Context(this.ground, this.asker, {
      district,
      actor: resident,
      keeping: this.keeping,
      ...(this.#door ? { door: this.#door } : {}),
    })
  }

  /** For use cases made of several transactions, each with its own history entry: none of them is the answer of the request. */
  apart() {
    return new Context(this.ground, this.asker, {
      district: this.district,
      keeping: this.keeping,
      apart: true,
      ...(this.#fixed ? { actor: this.#fixed } : {}),
      ...(this.#door ? { door: this.#door } : {}),
    })
  }

  /** The same asker outside the door of his route: what is entered there is not what he asked for, and no answer of his is kept. */
  unbound() {
    return new Context(this.ground, this.asker, {
      district: this.district,
      ...(this.#fixed ? { actor: this.#fixed } : {}),
    })
  }

  /** One read-only transaction. `verb` null = any signed-in person. What `look` finds comes at no further trip. */
  read<T, A = undefined>(verb: string | null, fn: (tx: Tx, found: A) => Promise<T>, look?: Look<A>): Promise<T> {
    return this.#run({ mode: 'read', verb, look }, fn)
  }

  /** As `read`, for lists and counts: planned for the unit asked about, as one plan for a district and for a house is wrong for one of them. */
  list<T, A = undefined>(verb: string | null, fn: (tx: Tx, found: A) => Promise<T>, look?: Look<A>): Promise<T> {
    return this.#run({ mode: 'list', verb, look }, fn)
  }

  /** One read-only transaction on the small pool of costly questions. */
  heavy<T>(verb: string | null, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#run({ mode: 'heavy', verb }, fn)
  }

  /** One transaction with one history entry named `action`. The verb asked for is `verb` (null = signed in). As `read`, it may `look` ahead. */
  async write<T, A = undefined>(
    verb: string | null,
    action: string,
    fn: (tx: WriteTx, found: A) => Promise<T>,
    look?: Look<A>,
  ): Promise<T> {
    let recorded: Recorded | null = null
    const value = await this.#run({ mode: 'write', verb, look }, async (tx, found: A, last) => {
      recorded = null
      const write = Object.assign(tx, {
        record(entry: Recorded) {
          if (recorded) throw new Error(`${action}: one use case, one history entry`)
          recorded = entry
        },
        last: (query: { compile(): CompiledQuery }) => last(query.compile()),
      })
      const result = await fn(write, found)
      last(appending(tx.db, this.district, this.#entry(tx, action, recorded), this.#answer(result)))
      return result
    })
    if (this.keeping?.owner && !this.#apart) this.keeping.kept = { value }
    const { subject, path, with: more = [], also = [], quiet } = recorded as unknown as Recorded
    const paths = [...new Set([path, ...also.filter((p) => p !== null)])]
    for (const one of quiet ? [] : [subject, ...more])
      this.ground.changed({ district: this.district, action, path, paths, subject: one })
    return value
  }

  #entry(tx: Tx, action: string, recorded: Recorded | null): Entry {
    if (!recorded) throw fail('no-history')
    const { accountId, personId, name, kind } = tx.actor
    return {
      at: tx.now,
      action,
      actor: { accountId, personId, name, kind },
      requestId: this.asker.requestId,
      address: this.asker.address,
      subject: recorded.subject,
      path: recorded.path,
      change: recorded.change ?? {},
      reason: recorded.reason,
    }
  }

  #answer(result: unknown): Answer | null {
    const k = this.keeping
    if (!k?.owner || this.#apart) return null
    return { actor: k.owner.actor, key: k.key, fingerprint: k.fingerprint, status: k.status, response: k.seal(result) }
  }

  async #run<T, A>(
    { mode, verb, look }: { mode: Scope['mode']; verb: string | null; look?: Look<A> | undefined },
    fn: (tx: Tx, found: A, last: Opened['last']) => Promise<T>,
  ): Promise<T> {
    let stale = false
    const { access, database } = this.ground
    const { district } = this
    const guess = look && (this.#fixed ?? access.recall(this.asker))
    const scope = {
      district,
      mode,
      ...(this.#fixed ? {} : { first: access.ask(district, this.asker) }),
      ahead: look && guess && ((db: Kysely<DB>) => look({ db, district, actor: guess })),
    }
    const value = await database.transact(scope, async ({ db, first, ahead, now, last }) => {
      const actor = this.#fixed ?? (await access.judge({ db, first, now, district, asker: this.asker }))
      if (this.keeping) this.keeping.owner ??= { district, actor: actor.accountId ?? actor.kind }
      this.#enter(actor, verb, now)
      stale = actor.stale ?? false
      const tx: Tx = {
        db,
        district,
        now,
        today: dayOf(now),
        actor,
        edition: first.edition ?? null,
        vault: this.ground.vault,
        must: (v, path) => must(actor, v, path),
        allowed: (verbs, path) => allowed(actor, verbs, path),
      }
      return fn(tx, (await seen({ look, guess, ahead }, tx)) as A, last)
    })
    if (this.#door) this.#door.served = this.district
    if (stale && this.asker.token) await this.ground.keepAlive?.(this.district, this.asker.token)
    return value
  }

  /** The route's own demands hold in every transaction of the request, whatever the action asks for besides (C-1). */
  #enter(actor: Actor, verb: string | null, now: string) {
    const door = actor.kind === 'person' ? this.#door : null
    if (door) {
      door.account = actor.accountId
      door.refusal ??= refusalAt(door, actor, now)
    }
    if (door?.refusal) throw door.refusal
    if (verb === null) return
    if (actor.mustChange) throw fail('password-expired')
    if (!canAnywhere(actor, verb)) throw fail('forbidden', { verb })
  }
}

const sameSight = (a: Actor, b: Actor) =>
  a.accountId === b.accountId && a.personId === b.personId && a.grants === b.grants

/** What was asked ahead, where the guess was right; a wrong guess found what is not the asker's to see, and is asked anew. */
async function seen<A>(
  asked: { look: Look<A> | undefined; guess: Actor | undefined; ahead: Promise<unknown> | undefined },
  tx: Tx,
): Promise<A | undefined> {
  const { look, guess, ahead } = asked
  if (!look) return undefined
  if (guess && ahead && sameSight(guess, tx.actor)) return (await ahead) as A
  await ahead?.catch(() => {})
  return look(tx)
}

function refusalAt({ permission, proof }: Door, actor: Actor, now: string): Problem | null {
  if (permission !== 'public' && permission !== 'signed-in') {
    if (actor.mustChange) return fail('password-expired')
    if (!canAnywhere(actor, permission)) return fail('forbidden', { verb: permission })
  }
  const proved = actor.provedAt !== null && millisOf(now) - millisOf(actor.provedAt) <= PROOF_MINUTES * 60_000
  return proof && !proved ? fail('proof-needed') : null
}
