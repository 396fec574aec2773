// Dated links between units: who serves a place, who belongs to an alliance (1+X+N), who is whose contact.
import type { Context, Tx } from '#core/context.ts'
import { visibleTo } from '#core/permissions.ts'
import { fail, type ListLinksQuery, type NewUnitLink, type UnitLink } from '../contract.ts'
import { findLink, findLinksAt, insertLink, type LinkRow, linkHolds, setLinkEnd } from '../store/links.ts'
import { findKinds, findPathsOf, getUnit } from '../store/units.ts'

function presentWith(tx: Tx, kinds: Awaited<ReturnType<typeof findKinds>>, l: LinkRow): UnitLink {
  const named = ({ path: _, kind, ...u }: LinkRow['from']) => ({ ...u, kindName: kinds.get(kind)?.name ?? kind })
  return {
    ...l,
    from: named(l.from),
    to: named(l.to),
    can: l.validTo === null ? tx.allowed(['unit.link'], l.from.path) : [],
  }
}

const present = async (tx: Tx, l: LinkRow) => presentWith(tx, await findKinds(tx), l)

/** Links of a unit in sight, in force or ever. */
export const listLinks = (ctx: Context, query: ListLinksQuery): Promise<{ rows: UnitLink[]; total: number }> =>
  ctx.read('unit.read', async (tx) => {
    const [unit] = await findPathsOf(tx, [query.unit], visibleTo(tx.actor, 'unit.read', 'path'))
    if (!unit) throw fail('not-found')
    const { rows, total } = await findLinksAt(tx, query, unit.path)
    const kinds = await findKinds(tx)
    return { total, rows: rows.map((l) => presentWith(tx, kinds, l)) }
  })

/** Both ends must be in sight; the right is needed where the link starts. A `serves` link widens what its organisation may see, so it asks for the right at the place too. */
async function mustLink(tx: Tx, kind: string, fromId: string, toId: string) {
  const seen = await findPathsOf(tx, [fromId, toId], visibleTo(tx.actor, 'unit.read', 'path'))
  const from = seen.find((u) => u.id === fromId)
  const to = seen.find((u) => u.id === toId)
  if (!from || !to) throw fail('not-found')
  tx.must('unit.link', from.path)
  if (kind === 'serves') tx.must('unit.link', to.path)
  return from.path
}

export const linkUnits = (ctx: Context, input: NewUnitLink): Promise<UnitLink> =>
  ctx.write('unit.link', 'unit.link', async (tx) => {
    const path = await mustLink(tx, input.kind, input.fromId, input.toId)
    const [from, to] = [await getUnit(tx, input.fromId), await getUnit(tx, input.toId)]
    if (from.id === to.id) throw fail('same-unit', { unit: from.name })
    if (input.kind === 'serves' && (from.tree !== 'org' || to.tree !== 'place')) throw fail('link-shape')
    if (input.validTo && input.validTo <= input.validFrom) throw fail('link-days', { from: input.validFrom })
    for (const u of [from, to]) {
      if (input.validFrom < u.openedOn || (u.closedOn !== null && (input.validTo ?? 'infinity') > u.closedOn))
        throw fail('outside-life', { unit: u.name, day: input.validFrom, opened: u.openedOn })
    }
    if (await linkHolds(tx, input)) throw fail('link-exists')
    const id = await insertLink(tx, input)
    tx.record({ subject: { kind: 'unit-link', id }, path, change: { ...input }, also: [to.path] })
    return present(tx, (await findLink(tx, id)) as LinkRow)
  })

export const endLink = (
  ctx: Context,
  id: string,
  input: { endsOn: string; reason?: string | undefined },
): Promise<UnitLink> =>
  ctx.write('unit.link', 'unit.end-link', async (tx) => {
    const link = await findLink(tx, id)
    if (!link) throw fail('not-found')
    const path = await mustLink(tx, link.kind, link.from.id, link.to.id)
    if (link.validTo !== null && link.validTo <= tx.today) throw fail('link-ended')
    if (input.endsOn <= link.validFrom) throw fail('link-days', { from: link.validFrom })
    await setLinkEnd(tx, id, input.endsOn)
    tx.record({
      subject: { kind: 'unit-link', id },
      path,
      reason: input.reason,
      change: { validTo: [link.validTo, input.endsOn] },
      also: [link.to.path],
    })
    return present(tx, { ...link, validTo: input.endsOn })
  })
