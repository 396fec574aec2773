import type { Context, Tx } from '#core/context.ts'
import { fail, type ListUnitsQuery, type Unit, registerVerbs, type UnitPage, verbs } from '../contract.ts'
import { pathsAbove } from '../paths.ts'
import { Draft, namedIn, pivotsOf } from '../rules/reorganise.ts'
import { fieldsOn, isOpenOn } from '../rules/timeline.ts'
import { findPlanned, findPlannedAt } from '../store/changes.ts'
import { findHistory, findLinks, findSuccessions } from '../store/links.ts'
import { loadTimelines } from '../store/timelines.ts'
import { findKinds, findUnitOn, findUnits, lineOf, type Projection, type UnitRow } from '../store/units.ts'

/** What is planned for a day to come, carried out in thought; null when nothing is. */
async function draftOf(tx: Tx, on: string) {
  const planned = on > tx.today ? await findPlanned(tx, on) : []
  if (planned.length === 0) return null
  const operations = planned.flatMap((p) => p.operations)
  const loaded = await loadTimelines(tx, operations.flatMap(namedIn), operations.flatMap(pivotsOf), false)
  const draft = new Draft({ timelines: loaded.timelines, outside: loaded.outside, kinds: await findKinds(tx) })
  for (const p of planned) draft.attempt({ changeId: p.id, effectiveOn: p.effectiveOn, operations: p.operations })
  const paths = draft.paths()
  const pathOf = (id: string) => paths.pieces(id, on, 'infinity')[0]?.path
  const replaced = [...draft.timelines.values()].filter(
    (t) => draft.touched.has(t.id) || pathOf(t.id) !== loaded.paths.get(t.id),
  )
  return { planned, draft, replaced, pathOf }
}

/** The units that plans will have changed by a day to come, as they will be then; null when nothing is planned. */
async function projectTo(tx: Tx, on: string): Promise<Projection | null> {
  const found = await draftOf(tx, on)
  if (!found) return null
  const rows = found.replaced
    .filter((t) => isOpenOn(t, on))
    .map((t) => {
      const { parentId, ...fields } = fieldsOn(t, on)
      return {
        unit_id: t.id,
        tree: t.tree,
        ...fields,
        parent_id: parentId,
        path: found.pathOf(t.id) ?? '',
        sort: t.sort,
        opened_on: t.openedOn,
      }
    })
  return { rows, replaced: found.replaced.map((t) => t.id) }
}

/** A unit that a plan changes, as it will be on a day to come. */
export interface PlannedUnit {
  id: string
  /** 0: it will be opened, and takes its number then. */
  no: number
  open: boolean
  name: string
  kind: string
  /** Above it; of a unit that will be closed its only successor, else where it stood last. */
  aboveId: string | null
}

export interface Plan {
  /** Days of the decisions. */
  days: string[]
  units: PlannedUnit[]
}

/** What is planned until a day to come, for whoever counts in the tree of that day; null when nothing is. */
export async function findPlan(tx: Tx, on: string): Promise<Plan | null> {
  const found = await draftOf(tx, on)
  if (!found) return null
  const { draft, planned, replaced } = found
  const units = replaced.map((t): PlannedUnit => {
    const { name, kind, parentId } = fieldsOn(t, t.closedOn ?? on)
    const closing = draft.closings.find((c) => c.unitId === t.id)
    const [heir, more] = closing?.successorIds ?? []
    return { id: t.id, no: t.no, open: isOpenOn(t, on), name, kind, aboveId: heir && !more ? heir : parentId }
  })
  return { days: [...new Set(planned.map((p) => p.effectiveOn))], units }
}

type Kinds = Awaited<ReturnType<typeof findKinds>>

const present = (tx: Tx, kinds: Kinds, row: UnitRow): Unit => ({
  ...row,
  kindName: kinds.get(row.kind)?.name ?? row.kind,
  can: row.closedOn ? [] : tx.allowed([...verbs, ...registerVerbs], row.path),
})

/** Children, roots or search hits of a day, past or planned, cut to what the asker may see. */
export const listUnits = (ctx: Context, query: ListUnitsQuery): Promise<{ rows: Unit[]; total: number }> =>
  ctx.read('unit.read', async (tx) => {
    const on = query.on ?? tx.today
    const projection = await projectTo(tx, on)
    const under = query.under ? await findUnitOn(tx, query.under, on, projection) : null
    if (under === undefined) return { total: 0, rows: [] }
    const { rows, total, more } = await findUnits(tx, query, { on, below: under?.path }, projection)
    const kinds = await findKinds(tx)
    return { total, rows: rows.map((r) => present(tx, kinds, r)), ...(more ? { more } : {}) }
  })

/** A unit with its whole life: versions, who came before and after, links, what is planned. */
export const readUnit = (ctx: Context, id: string, day?: string): Promise<UnitPage> =>
  ctx.read('unit.read', async (tx) => {
    const on = day ?? tx.today
    const row = await findUnitOn(tx, id, on, await projectTo(tx, on))
    if (!row) throw (await findUnitOn(tx, id, tx.today, null)) ? fail('not-on-day', { day: on }) : fail('not-found')
    const kinds = await findKinds(tx)
    const named = (u: { id: string; name: string; kind: string; closedOn: string | null }) => ({
      id: u.id,
      name: u.name,
      kindName: kinds.get(u.kind)?.name ?? u.kind,
      closedOn: u.closedOn,
    })
    const planned = await findPlannedAt(tx, id)
    const { predecessors, successors } = await findSuccessions(tx, id)
    const succession = (s: (typeof successors)[number]) => ({ on: s.on, changeId: s.changeId, unit: named(s) })
    return {
      unit: present(tx, kinds, row),
      line: (await lineOf(tx, pathsAbove(row.path))).map(named),
      versions: (await findHistory(tx, id)).map(({ parent, ...v }) => ({
        ...v,
        kindName: kinds.get(v.kind)?.name ?? v.kind,
        parent: parent && named(parent),
      })),
      predecessors: predecessors.map(succession),
      successors: successors.map(succession),
      links: (await findLinks(tx, id)).map(({ from, to, ...l }) => ({
        ...l,
        from: named(from),
        to: named(to),
        can: l.validTo === null ? tx.allowed(['unit.link'], from.path) : [],
      })),
      planned: planned.map((p) => ({ changeId: p.id, on: p.effectiveOn, reason: p.reason })),
    }
  })
