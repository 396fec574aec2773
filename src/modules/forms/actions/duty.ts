// What happens by itself: forms are asked when their month comes, and no longer asked of units that are gone.
import type { Context, Tx } from '#core/context.ts'
import { NOTHING, unlessNothing } from '#core/nothing.ts'
import { newId } from '#core/ids.ts'
import { within } from '#core/permissions.ts'
import { queueUp } from '#core/queue-up.ts'
import { openOn } from '../rules.ts'
import {
  addToAsks,
  findFields,
  findInForce,
  findSupplements,
  type FormRow,
  openAsks,
  type Sizes,
  voidClosed,
} from '../store.ts'
import { sizesOf, termsOf } from './shared.ts'

const add = (a: Sizes, b: Sizes): Sizes => ({
  minutes: a.minutes + b.minutes,
  typed: a.typed + b.typed,
  confirmed: a.confirmed + b.confirmed,
})

/** What a supplement adds: its fields, not another opening and sending. */
const EACH = sizesOf([]).minutes
async function addedBy(tx: Tx, supplement: FormRow): Promise<Sizes> {
  const sizes = sizesOf(await findFields(tx, [supplement.id]))
  return { ...sizes, minutes: sizes.minutes - EACH }
}

async function sizeAt(tx: Tx, base: FormRow): Promise<(path: string) => Sizes> {
  const own = sizesOf(await findFields(tx, [base.id]))
  const more: { path: string; sizes: Sizes }[] = []
  for (const s of await findSupplements(tx, base.id))
    if (s.state === 'approved' && s.ends_on > tx.today && s.valid_from <= tx.today)
      more.push({ path: s.belowPath, sizes: await addedBy(tx, s) })
  return (path) => more.filter((m) => within(path, m.path)).reduce((sum, m) => add(sum, m.sizes), own)
}

/** Asks a form of every unit whose turn has come; a supplement is added to what its base asks already. Returns how many units. */
export async function askNow(tx: Tx, form: FormRow): Promise<number> {
  if (form.base_id) {
    const sizes = await addedBy(tx, form)
    await addToAsks(tx, { baseId: form.base_id, kinds: form.kinds, belowPath: form.belowPath, sizes })
    return 0
  }
  const size = await sizeAt(tx, form)
  let asked = 0
  for (const due of openOn(termsOf(form), form.decided_on ?? tx.today, tx.today))
    asked += await openAsks(tx, { formId: form.id, kinds: form.kinds, belowPath: form.belowPath, due, sizeAt: size })
  return asked
}

/** Daily: finds what is due by state, so a second run finds nothing. */
export async function askWhatIsDue(ctx: Context): Promise<{ forms: number; asks: number }> {
  const done = { forms: 0, asks: 0 }
  const forms = await ctx.read(null, (tx) => findInForce(tx, tx.today))
  for (const form of forms.filter((f) => !f.base_id)) {
    const asked = await unlessNothing(
      ctx.write(null, 'form.ask', async (tx) => {
        await queueUp(tx, 'form registry')
        const [fresh] = (await findInForce(tx, tx.today)).filter((f) => f.id === form.id)
        const n = fresh ? await askNow(tx, fresh) : 0
        if (n === 0) throw NOTHING
        tx.record({ subject: { kind: 'form', id: form.id }, path: form.ownerPath, change: { asked: n } })
        return n
      }),
    )
    if (asked) {
      done.forms++
      done.asks += asked
    }
  }
  await unlessNothing(
    ctx.write(null, 'form.void-asks', async (tx) => {
      const freed = await voidClosed(tx)
      if (freed === 0) throw NOTHING
      tx.record({ subject: { kind: 'form-upkeep', id: newId() }, path: '', change: { freed } })
    }),
  )
  return done
}
