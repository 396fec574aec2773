// What nobody should ever find: a record the ledger tells otherwise than its source, a kept sum other than its rows. Looked for every
// night; what is found is written into history, counted, logged, and mended.
import { addDays, daysBetween } from '#core/calendar.ts'
import type { Context } from '#core/context.ts'
import type { Fact } from '#core/facts.ts'
import { newId } from '#core/ids.ts'
import { log } from '#core/log.ts'
import type { Metrics } from '#core/metrics.ts'
import { allFacts } from './catalogue.ts'
import { mend, planOf } from './roll.ts'
import { settle } from './settle.ts'
import { drainRecords, findDrifted, findHead, findNext, NIL, takeTurn } from './store/ledger.ts'
import { countWrong } from './store/rolls.ts'

const CHUNK = 5000
/** A seventh of what is large is looked at every night. */
const NIGHTS = 7

const seen = { records: 0, sums: 0, 'wrong records': 0, 'wrong sums': 0 }

export function watchFigures(metrics: Metrics): void {
  metrics.source(
    {
      jishi_figures_verified_total:
        'counter Records of the ledger and days of kept sums that were verified, and how many were wrong.',
    },
    () =>
      Object.entries(seen).map(([what, value]) => ({ name: 'jishi_figures_verified_total', labels: { what }, value })),
  )
}

async function alarm(
  ctx: Context,
  fact: Fact,
  what: 'records' | 'sums',
  found: { count: number; some: readonly string[] },
) {
  seen[`wrong ${what}`] += found.count
  log.error({ district: ctx.district, fact: fact.id, what, count: found.count }, 'figures differ from their source')
  await ctx.write(null, 'figures.alarm', async (tx) => {
    tx.record({ subject: { kind: 'figures', id: newId() }, path: '', change: { fact: fact.id, what, ...found } })
  })
}

const tonight = (today: string, n: number) => n % NIGHTS === daysBetween('2020-01-01', today) % NIGHTS

/** Records that still differ when everything that was marked has been drained: a change nobody marked. */
async function drifted(ctx: Context, at: { no: number; fact: Fact }, records: readonly string[]): Promise<string[]> {
  let left = [...records]
  for (let turn = 0; turn < 3 && left.length > 0; turn++) {
    if (turn > 0) await settle(ctx.ground, ctx.district, { patience: 60_000, job: true })
    left = await ctx.heavy(null, async (tx) => findDrifted(tx, at, left, (await findHead(tx))?.at ?? tx.now))
  }
  return left
}

async function verifyRecords(ctx: Context, fact: Fact): Promise<void> {
  const start = await ctx.heavy(null, async (tx) => ({ head: await findHead(tx), today: tx.today }))
  const no = start.head?.facts.get(fact.id)?.no
  if (no === undefined || !start.head) return
  const at = start.head.at
  let cursor = NIL
  for (let n = 0; ; n++) {
    const next = await ctx.heavy(null, (tx) => findNext(tx, { no, fact, at }, cursor, CHUNK))
    if (next.length > 0 && (next.length < CHUNK || tonight(start.today, n))) {
      seen.records += next.length
      const wrong = await drifted(ctx, { no, fact }, next)
      if (wrong.length > 0) {
        await alarm(ctx, fact, 'records', { count: wrong.length, some: wrong.slice(0, 20) })
        await ctx.ground.database.transact({ district: ctx.district, mode: 'long' }, async ({ db }) => {
          const tx = { db, district: ctx.district }
          const turn = await takeTurn(tx)
          await drainRecords(
            tx,
            { no, fact, known: true },
            wrong.map((record) => ({ record, at: turn.at, work: null })),
            turn,
          )
        })
      }
    }
    if (next.length < CHUNK) return
    cursor = next.at(-1) as string
  }
}

async function verifySums(ctx: Context, fact: Fact): Promise<void> {
  const found = await ctx.heavy(null, async (tx) => ({ plan: await planOf(tx, fact), today: tx.today }))
  if (!found.plan) return
  const wrong: string[] = []
  for (const [n, day] of found.plan.days.entries()) {
    const recent = day >= addDays(found.today, -70)
    if (!recent && !tonight(found.today, n)) continue
    const { plan } = found.plan
    const count = await ctx.ground.database.transact({ district: ctx.district, mode: 'long' }, ({ db }) =>
      countWrong({ db, district: ctx.district }, plan, [day]),
    )
    seen.sums++
    if (count > 0) wrong.push(day)
  }
  if (wrong.length === 0) return
  await alarm(ctx, fact, 'sums', { count: wrong.length, some: wrong.slice(0, 20) })
  await mend(ctx, fact)
  // moves the ledger's instant on: numbers made of the wrong sums are not told again
  await settle(ctx.ground, ctx.district, { patience: 240_000, job: true })
}

/** One night's look at a district. */
export async function verifyFigures(ctx: Context): Promise<void> {
  await settle(ctx.ground, ctx.district, { patience: 240_000, job: true })
  for (const fact of allFacts()) {
    await verifyRecords(ctx, fact)
    await verifySums(ctx, fact)
  }
}
