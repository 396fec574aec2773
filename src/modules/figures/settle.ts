// Brings the ledger up to date: whatever changed since is read anew, in short transactions, before a question is answered and by a job.
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context, Ground, Tx } from '#core/context.ts'
import type { Fact, Reach } from '#core/facts.ts'
import { clock } from '#core/clock.ts'
import { allFacts } from './catalogue.ts'
import { readingOf } from './compile/reading.ts'
import { fail } from './contract.ts'
import {
  type Conn,
  drainRecords,
  dropMarks,
  type Due,
  enterFacts,
  findCursors,
  findHead,
  findNext,
  findReached,
  findTurned,
  type Head,
  type Mark,
  refill,
  setCursor,
  takeMarks,
  takeTurn,
  type Turn,
} from './store/ledger.ts'
import { drainPlaces, findNextUnits } from './store/places.ts'

/** The trees are kept like a fact. */
const TREE = 'tree'
/** So many records are read in one transaction, and twice as many marks taken off the heap: it stays short. */
const BATCH = 10_000
/** Fewer make no difference: the statement itself takes too long. */
const LEAST = 100
/** Whoever finds the way taken looks again after so long; a full queue refuses at once. */
const HELD_MS = 100
/** Longer nobody waits for a number; the job goes on. */
const PATIENCE_MS = 8_000

/** A person who is corrected or merged touches the rows of every fact that speaks of him. */
const always: Fact['sources'] = { 'person.id': 'person', 'person.merged_into': 'person' }
export const sourcesOf = (fact: Fact): Fact['sources'] => ({ ...always, ...fact.sources })

let known: { id: string; fingerprint: string }[] = []

/** What a ledger holds, by the facts that were published; worked out when it is first asked for. */
function wanted() {
  if (known.length === 0)
    known = [
      { id: TREE, fingerprint: TREE },
      ...allFacts().map((f) => ({
        id: f.id,
        fingerprint: createHash('sha256').update(readingOf(f)).digest('base64url'),
      })),
    ]
  return known
}

/** What has to be done before `head` can answer: facts that are missing, read from the start, or other than the code's. */
const unready = (head: Head | null) =>
  wanted().filter(({ id, fingerprint }) => {
    const f = head?.facts.get(id)
    return !f || f.filling || f.fingerprint !== fingerprint
  })

export const isReady = (head: Head | null): head is Head => head !== null && unready(head).length === 0

type Open = Awaited<ReturnType<typeof findCursors>>[number]

/** Reads the next records of one fact that is being read from the start. Answers whether that was the last of them. */
async function fillSome(tx: Conn, turn: Turn, { no, id, cursor, known }: Open, batch: number): Promise<boolean> {
  const due = (ids: readonly string[]) => ids.map((record) => ({ record, at: turn.at, work: null }))
  const fact = allFacts().find((f) => f.id === id)
  const next =
    id === TREE
      ? await findNextUnits(tx, cursor, batch)
      : fact
        ? await findNext(tx, { no, fact, at: turn.at }, cursor, batch)
        : []
  if (next.length > 0) {
    if (fact) await drainRecords(tx, { no, fact, known }, due(next), turn)
    else
      await drainPlaces(
        tx,
        next.map((unitId) => ({ unitId, at: turn.at })),
        turn,
        known,
      )
  }
  const done = next.length < batch
  await setCursor(tx, no, done ? null : (next.at(-1) ?? null), turn.at)
  return done
}

const isAll = (reach: Reach | readonly Reach[]) => reach === 'all' || (Array.isArray(reach) && reach.includes('all'))

/** Marks by record of one fact, each record once with its last change. */
async function dueOf(
  tx: Conn,
  of: { no: number; fact: Fact; at: string },
  bySource: ReadonlyMap<string, Mark[]>,
): Promise<Map<string, Due>> {
  const due = new Map<string, Due>()
  const add = (record: string, mark: Mark) => {
    const known = due.get(record)
    if (!known || known.at < mark.at) due.set(record, { record, at: mark.at, work: mark.work })
  }
  for (const [source, reaches] of Object.entries(sourcesOf(of.fact))) {
    const marks = (bySource.get(source) ?? []).filter((m) => m.key !== null)
    if (marks.length === 0) continue
    const byKey = new Map(marks.map((m) => [m.key as string, m]))
    for (const reach of [reaches].flat() as Reach[]) {
      if (reach === 'all') continue
      if (reach === 'record') for (const m of marks) add(m.key as string, m)
      else
        for (const { key, record } of await findReached(tx, of, reach, [...byKey.keys()]))
          add(record, byKey.get(key) as Mark)
    }
  }
  return due
}

/** Drains what is marked. Answers whether more is waiting. */
async function drainSome(tx: Conn, turn: Turn, head: Head, batch: number): Promise<boolean> {
  const { marks, taken } = await takeMarks(tx, 2 * batch)
  const bySource = Map.groupBy(marks, (m) => m.source)
  const units = ['unit.id', 'unit_version.unit_id', 'unit_successor.unit_id'].flatMap((s) => bySource.get(s) ?? [])
  if (units.length > 0)
    await drainPlaces(
      tx,
      units.map((m) => ({ unitId: m.key as string, at: m.at })),
      turn,
      true,
    )
  const turned = Map.groupBy(await findTurned(tx, turn.at), (t) => t.no)
  const again: number[] = []
  for (const fact of allFacts()) {
    const no = head.facts.get(fact.id)?.no as number
    const due = await dueOf(tx, { no, fact, at: turn.at }, bySource)
    for (const { due: d } of turned.get(no) ?? []) if (!due.has(d.record)) due.set(d.record, d)
    const all = [...due.values()]
    for (let from = 0; from < all.length; from += batch)
      await drainRecords(tx, { no, fact, known: true }, all.slice(from, from + batch), turn)
    if (Object.entries(sourcesOf(fact)).some(([s, reach]) => isAll(reach) && bySource.has(s))) again.push(no)
  }
  if (again.length > 0) await refill(tx, again)
  return taken === 2 * batch || again.length > 0
}

interface Step {
  batch: number
  /** In a job that may take minutes for one statement; a reader may not. */
  long: boolean
}

/** One short transaction of draining. Answers whether more is waiting. */
const step = ({ database }: Pick<Ground, 'database'>, district: number, { batch, long }: Step): Promise<boolean> =>
  database.transact({ district, mode: long ? 'long' : 'write' }, async ({ db }) => {
    const tx: Conn = { db, district }
    const turn = await takeTurn(tx)
    const head = await findHead(tx)
    if (!isReady(head)) {
      // Everything is about to be read as it stands: what is marked says nothing more.
      if (turn.first) await dropMarks(tx)
      await enterFacts(tx, wanted())
      for (const open of await findCursors(tx)) if (!(await fillSome(tx, turn, open, batch))) break
      return true
    }
    return drainSome(tx, turn, head, batch)
  })

const codeOf = (error: unknown) => (error as { code?: string }).code
/** Another draining takes longer than we may wait for its lock; or a job waits for another that takes minutes. */
const isHeld = (error: unknown, job: boolean) => codeOf(error) === '55P03' || (job && codeOf(error) === 'core.busy')
/** A statement ran into its limit: everything of that transaction is undone. */
const isTooLong = (error: unknown) => codeOf(error) === '57014'

interface Patience {
  /** ms */
  patience: number
  /** Records read at once, to begin with. */
  batch?: number
  /** A job: where even few records take too long, it gives the statement minutes. */
  job?: boolean
}

/** How much went in one transaction last time, by district: who comes next does not run into the same limit. */
const went = new Map<number, number>()

/**
 * Everything committed before is in the ledger afterwards. What was read stays read: each transaction goes on where the last one ended,
 * with half as much where a statement took too long.
 * @throws figure.preparing when that takes longer than a reader would wait
 */
export async function settle(
  ground: Pick<Ground, 'database'>,
  district: number,
  { patience, batch: most = BATCH, job = false }: Patience = { patience: PATIENCE_MS },
): Promise<void> {
  const end = clock.monotonic() + patience
  for (let more = true; more; ) {
    const batch = Math.min(most, went.get(district) ?? most)
    more = await step(ground, district, { batch, long: job && batch <= LEAST }).then(
      (waiting) => {
        went.set(district, Math.min(most, 2 * batch))
        return waiting
      },
      async (error: unknown) => {
        if (isTooLong(error)) went.set(district, Math.max(LEAST, Math.floor(batch / 2)))
        else if (!isHeld(error, job)) throw error
        else await sleep(HELD_MS)
        return true
      },
    )
    if (more && clock.monotonic() > end) throw fail('preparing')
  }
}

/**
 * Answers a question from an up-to-date ledger in one read-only transaction. Who asks is judged before anything is drained; what is
 * written while we drain may be missing, whatever was committed before the question came is in it.
 */
export async function ask<T>(ctx: Context, verb: string, answer: (tx: Tx, head: Head) => Promise<T>): Promise<T> {
  for (let turn = 0; ; turn++) {
    const found = await ctx.heavy(verb, async (tx) => {
      const head = await findHead(tx)
      return isReady(head) && (!head.pending || turn > 0) ? { value: await answer(tx, head) } : null
    })
    if (found) return found.value
    await settle(ctx.ground, ctx.district)
  }
}
