// Plates of places: the code a resident scans to speak for that place. Nothing on it changes when the place is renamed or moved.
import type { Context } from '#core/context.ts'
import { fail, type ListPlatesQuery, type UnitPlate } from '../contract.ts'
import { pathsAbove } from '../paths.ts'
import { findKinds, findPathsOf, findPlates, lineOf } from '../store/units.ts'
import { visibleTo } from '#core/permissions.ts'

export const listPlates = (ctx: Context, query: ListPlatesQuery): Promise<{ rows: UnitPlate[]; total: number }> =>
  ctx.read('unit.read', async (tx) => {
    const [under] = await findPathsOf(tx, [query.under], visibleTo(tx.actor, 'unit.read', 'path'))
    if (!under) throw fail('not-found')
    const { rows, total } = await findPlates(tx, query, under.path)
    const above = await lineOf(tx, [...new Set(rows.flatMap((r) => pathsAbove(r.path)))])
    const names = new Map(above.map((u) => [u.path, u.name]))
    const kinds = await findKinds(tx)
    return {
      total,
      rows: rows.map(({ path, no, kind, ...r }) => {
        const code = `${tx.district}-${no.toString(36)}`
        const line = pathsAbove(path)
          .slice(1)
          .map((p) => names.get(p) ?? '')
        const kindName = kinds.get(kind)?.name ?? kind
        return { ...r, kindName, line, code, url: `${ctx.ground.publicUrl.replace(/\/$/, '')}/p/${code}` }
      }),
    }
  })
