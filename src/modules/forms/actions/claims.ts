// What units answered, for whoever asked; and what they say is wrong in what the system holds: corrected at its source, or kept.
import type { Context } from '#core/context.ts'
import { type FormAnswerRow, fail, type ListAnswersQuery, type ResolveClaim } from '../contract.ts'
import { findAnswers, findAnsweredAsks, getClaim, getForm, settleClaim } from '../store.ts'
import { answered } from './ask.ts'

export const listAnswers = (ctx: Context, formId: string, query: ListAnswersQuery) =>
  ctx.read('form.read', async (tx) => {
    await getForm(tx, formId)
    const { rows, total } = await findAnsweredAsks(tx, formId, query)
    const answers = Map.groupBy(
      await findAnswers(
        tx,
        rows.map((r) => r.id),
      ),
      (a) => a.ask_id,
    )
    return {
      rows: rows.map(
        (r): FormAnswerRow => ({
          askId: r.id,
          period: r.period,
          unitName: r.unitName,
          state: r.state as 'open',
          filledAt: r.filledAt,
          answers: (answers.get(r.id) ?? []).map((a) => ({
            ...answered(a),
            id: a.id,
            fieldId: a.field_id,
            shown: a.shown,
          })),
          can: tx.allowed(['form.write'], r.ownerPath),
        }),
      ),
      total,
    }
  })

export const resolveClaim = (ctx: Context, answerId: string, input: ResolveClaim) =>
  ctx.write('form.write', 'form.resolve-claim', async (tx) => {
    const claim = await getClaim(tx, answerId)
    tx.must('form.write', claim.ownerPath)
    if (claim.resolved_at) throw fail('no-claim')
    const by = tx.actor.accountId
    await settleClaim(tx, answerId, { resolution: input.resolution, resolved_words: input.words, resolved_by: by })
    tx.record({
      subject: { kind: 'form-ask', id: claim.ask_id },
      path: claim.unitPath,
      change: { field: claim.label, resolution: input.resolution, claimed: [claim.shown, claim.claimed] },
      reason: input.words,
      also: [claim.ownerPath],
    })
    return { resolution: input.resolution }
  })
