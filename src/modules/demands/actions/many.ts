// The same step for many demands: each its own transaction and history entry, so one refusal stops no other.
import type { Context } from '#core/context.ts'
import { Problem, present } from '#core/errors.ts'
import type { DispatchMany, ManyResults, SignMany } from '../contract.ts'
import { dispatchDemand, signDemand } from './handle.ts'

async function each(
  ctx: Context,
  ids: readonly string[],
  step: (own: Context, id: string) => Promise<unknown>,
): Promise<ManyResults> {
  const results: ManyResults['results'] = []
  for (const id of new Set(ids)) {
    try {
      await step(ctx.apart(), id)
      results.push({ id, ok: true, code: null, text: null })
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500 || error.status === 401) throw error
      results.push({ id, ok: false, code: error.code, text: present(error, ctx.asker.requestId).title })
    }
  }
  return { done: results.filter((r) => r.ok).length, results }
}

export const dispatchMany = (ctx: Context, input: DispatchMany) =>
  each(ctx, input.ids, (own, id) => dispatchDemand(own, id, { leadId: input.leadId, note: input.note }))

export const signMany = (ctx: Context, input: SignMany) => each(ctx, input.ids, signDemand)
