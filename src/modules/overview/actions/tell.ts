// Tells people of the numbers they watch, each with his own eyes: what he may not see is not told him, small groups stay hidden.
import type { Period } from '#core/calendar.ts'
import { Context } from '#core/context.ts'
import { Problem } from '#core/errors.ts'
import { NOTHING, unlessNothing } from '#core/nothing.ts'
import { actorNow } from '#modules/access/index.ts'
import { ask, measuresIn, readIn } from '#modules/figures/index.ts'
import type { Watch } from '../contract.ts'
import { isBeyond, judgedOn, overOn } from '../rules.ts'
import { findAllWatches, findTold, insertNote, type NewNote } from '../store.ts'

type Held = Watch & { accountId: string; path: string }

/** The number as its watcher sees it now; null where he does not any more. */
async function readAs(ctx: Context, watch: Held, period: string) {
  const actor = await ctx.read(null, (tx) => actorNow(tx, watch.accountId))
  if (!actor) return null
  const his = new Context(ctx.ground, ctx.asker, { district: ctx.district, actor })
  const question = { measures: watch.measure, unit: watch.unit.id, period, compare: 'previous' as const }
  try {
    const answer = await ask(his, 'figure.read', (tx, head) => readIn({ tx, head }, question))
    return answer.figures[0] ?? null
  } catch (error) {
    // Retired since, moved out of his sight, no right any more: there is nothing to tell.
    if (error instanceof Problem && error.status < 500) return null
    throw error
  }
}

async function tell(ctx: Context, watch: Held, kind: NewNote['kind'], period: Period): Promise<boolean> {
  const figure = await readAs(ctx, watch, period.key)
  if (!figure) return false
  if (kind === 'crossed' && (!watch.line || !isBeyond(watch.line, figure.value))) return false
  const { value, measure, before } = figure
  const { name, classifier } = measure
  const said = await unlessNothing(
    ctx.write(null, 'watch.tell', async (tx) => {
      const fresh = await insertNote(tx, {
        watch,
        kind,
        period: period.key,
        name,
        classifier,
        value,
        before: before?.value ?? null,
      })
      if (!fresh) throw NOTHING
      tx.record({
        subject: { kind: 'watch', id: watch.id },
        path: watch.path,
        change: { measure: watch.measure, period: period.key, value },
      })
      return true
    }),
  )
  return said === true
}

/** Safe to run again: what was told of a week or month is not told twice. */
export async function tellWatchers(ctx: Context): Promise<{ told: number }> {
  const { watches, told, today, flows } = await ctx.read(null, async (tx) => {
    const all = await findAllWatches(tx)
    const measures = all.length > 0 ? await measuresIn(tx) : []
    return {
      flows: new Set(measures.filter((m) => m.kind === 'flow').map((m) => m.id)),
      watches: all,
      told: await findTold(
        tx,
        all.map((w) => w.id),
      ),
      today: tx.today,
    }
  })
  let count = 0
  for (const watch of watches)
    for (const [kind, period] of [
      ['closed', overOn(watch, today)],
      ['crossed', judgedOn(watch, today, flows.has(watch.measure))],
    ] as const)
      if (period && !told.has(`${watch.id} ${kind} ${period.key}`) && (await tell(ctx, watch, kind, period))) count++
  return { told: count }
}
