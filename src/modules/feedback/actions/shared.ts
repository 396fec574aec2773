import type { Context } from '#core/context.ts'
import { fail } from '../contract.ts'
import { findDistrict, firstDistrict } from '../store.ts'

/** The district somebody without an account speaks to: the one named, that of his session, or the only one. @throws feedback.unknown-district */
export async function speakingTo(ctx: Context, named: number | undefined): Promise<Context> {
  const district = named ?? (ctx.district || (await firstDistrict(ctx.ground.database)))
  const speaking = ctx.asResident(district)
  if (!(await speaking.read(null, findDistrict))) throw fail('unknown-district')
  return speaking
}
