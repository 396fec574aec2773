import type { Context } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { NOTHING, unlessNothing } from '#core/nothing.ts'
import { erasedBefore } from '../rules.ts'
import { countOldContacts, eraseFeedbackContacts, readAboutRow } from '../store.ts'

const BATCH = 200

/** How many contacts should be gone and are not. */
export const countOverdueFeedbackContacts = (ctx: Context): Promise<number> =>
  ctx.read(null, async (tx) => {
    const { settings } = await readAboutRow(tx)
    return countOldContacts(tx, erasedBefore(tx.today, settings.retentionMonths))
  })

/** Contacts left with feedback go when their time is over; the matter stays. [PRV-04] */
export async function eraseOldFeedbackContacts(ctx: Context): Promise<{ erased: number }> {
  for (let erased = 0; ; ) {
    const ids = await unlessNothing(
      ctx.write(null, 'feedback.erase-contacts', async (tx) => {
        const { settings } = await readAboutRow(tx)
        const before = erasedBefore(tx.today, settings.retentionMonths)
        const gone = await eraseFeedbackContacts(tx, { before, at: tx.now, limit: BATCH })
        if (gone.length === 0) throw NOTHING
        tx.record({
          subject: { kind: 'retention', id: newId() },
          path: '',
          change: { spokenBefore: before, feedback: gone },
        })
        return gone
      }),
    )
    erased += ids?.length ?? 0
    if (!ids || ids.length < BATCH) return { erased }
  }
}
