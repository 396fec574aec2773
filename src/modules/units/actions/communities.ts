// Whoever reports in must find his community before he may see anything of it: names that hang on every gate, nothing more. [SB-01]
import type { Context } from '#core/context.ts'
import type { UnitKind } from '../contract.ts'
import { type CommunityRow, findCommunities } from '../store/communities.ts'
import { findKinds } from '../store/units.ts'

export const listCommunities = (
  ctx: Context,
  search: string | undefined,
): Promise<{ rows: CommunityRow[]; total: number }> =>
  ctx.read(null, async (tx) => {
    const kinds = [...(await findKinds(tx)).values()].filter((k) => k.tree === 'place' && k.level === 'community')
    if (kinds.length === 0) return { rows: [], total: 0 }
    return findCommunities(
      tx,
      kinds.map((k) => k.id),
      search ?? '',
    )
  })

/** The words of the district's own order: whoever sees units at all may know which kinds there are. */
export const listKinds = (ctx: Context): Promise<{ rows: UnitKind[]; total: number }> =>
  ctx.read('unit.read', async (tx) => {
    const rows = [...(await findKinds(tx)).values()].map((k) => ({ ...k, level: k.level as UnitKind['level'] }))
    return { rows, total: rows.length }
  })
