// Where and when a number is asked for: the unit as far as the asker may see it, and the question to the ledger.
import { dayOf } from '#core/calendar.ts'
import type { Tx } from '#core/context.ts'
import type { Counted } from '#core/facts.ts'
import { underEdition } from '#core/kept.ts'
import { can, cut, type Range, subtree } from '#core/permissions.ts'
import { findPlan, findUnit, type UnitNow } from '#modules/units/index.ts'
import { factOf } from '../catalogue.ts'
import type { Placing } from '../compile.ts'
import { fail } from '../contract.ts'
import type { Stretch } from '../period.ts'
import type { Planned } from '../rules/plan.ts'
import type { Head } from '../store/ledger.ts'
import { findPaths, findServed, findStands, once, type Asked as Question, type Place } from '../store/questions.ts'

/** Where a unit may be asked about: where it stands or last stood; one that is no more also where its records are counted today. */
async function standings(tx: Tx, unit: UnitNow): Promise<string[]> {
  if (!unit.closedOn || unit.closedOn > tx.today) return [unit.path]
  const today = { placing: { on: tx.today }, known: null, period: { from: tx.today, to: tx.today }, seen: new Map() }
  return [unit.path, ...(await findPaths(tx, [noOf(unit.path)], today)).map((p) => p.path)]
}

/** The unit asked about, visible to the asker; his own unit when none is named. Unknown and unseen are the same. */
export async function unitOf(tx: Tx, id: string | undefined): Promise<UnitNow> {
  const own = tx.actor.grants.find((g) => g.verbs.includes('figure.read'))?.unitId
  const wanted = id === undefined || id === 'own' ? (own ?? '') : id
  const unit = await underEdition(tx, ['unit', wanted], () => findUnit(tx, wanted))
  const path = unit && (await standings(tx, unit)).find((p) => can(tx.actor, 'figure.read', p))
  if (!unit || !path) throw fail('unit-not-found')
  return { ...unit, path }
}

export interface Asked {
  stretch: Stretch
  /** day: the tree of each record's day; today; or the tree of one day. */
  tree: string
  /** Instant as of which it is asked; null: now. */
  known: string | null
  head: Head
  by?: string | undefined
  /** All that is counted for one answer: of one fact it is counted at once. */
  together?: readonly Counted[]
}

/** Measures of one kin differ by their filters only. */
export const kinOf = (m: Counted) => JSON.stringify([m.fact, m.aggregate, m.moment, m.since])
export const kinIn = (parts: readonly Counted[], m: Counted) => parts.filter((p) => kinOf(p) === kinOf(m))

/** The day whose tree is shown: of the tree of each record's day, as it stands when the period ends. */
export const treeDay = (tx: Tx, { tree, known, stretch }: Asked): string => {
  if (tree === 'today') return known ? dayOf(known) : tx.today
  return tree === 'day' ? stretch.to : tree
}

/** The tree of a day to come, as far as it is decided and the asker may see what it moves; null where nothing is planned. */
export async function plannedFor(tx: Tx, asked: Asked): Promise<Planned | null> {
  const on = treeDay(tx, asked)
  if (asked.tree === 'day' || asked.known || on <= tx.today) return null
  return once(asked.head.seen, ['plan', on], async () => {
    const plan = await findPlan(tx, on)
    const found = plan && (await findStands(tx, plan, on))
    // What comes from out of the asker's sight is not counted before it is there.
    const seen = (path: string) => can(tx.actor, 'figure.read', path)
    return found && { ...found, units: found.units.map((u) => (seen(u.was) ? u : { ...u, path: '' })) }
  })
}

/** Paths: a letter and a dot for the tree, then five digits and a dot for every unit. */
export const LABEL = 6
export const prefixOf = (depth: number) => 2 + LABEL * depth
export const depthOf = (path: string) => path.split('.').length - 2
export const noOf = (path: string) => Number.parseInt(path.slice(-LABEL, -1), 36)

export interface Where {
  unit: UnitNow
  /** Units whose subtrees are counted, in the tree that is shown: the unit itself or the places it serves, as far as the asker may see. */
  nodes: readonly Place[]
  /** Path of the first of them, which is the unit itself unless it serves others. */
  root: string
  /** how many places an organisation's number is made of; 1 for a unit itself */
  served: number
}

const within = (outer: Range, path: string) => path >= outer.from && path < outer.to

/** What the asker may see of subtrees is always a subtree itself; one that lies in another is counted with it. */
function outermost(tx: Tx, paths: readonly string[]): string[] {
  const seen = new Set(paths.flatMap((p) => cut(tx.actor, 'figure.read', subtree(p))).map((r) => r.from))
  return [...seen].filter((path) => ![...seen].some((o) => o !== path && within(subtree(o), path)))
}

/**
 * Where a fact of one tree is counted for a unit of the other: an organisation's figures are those of the places it serves; a
 * place's those of the organisations that serve it, and what is held of the place itself (a post, a mark).
 */
export async function whereOf(tx: Tx, unit: UnitNow, m: Counted, asked: Asked): Promise<Where> {
  const same = factOf(m).tree === unit.tree
  const served = same ? [] : await findServed(tx, unit, tx.today)
  const paths = [...served, ...(same || unit.tree === 'place' ? [unit.path] : [])]
  if (paths.length === 0) throw fail('no-place', { unit: unit.name, measure: m.name })
  const nodes = await placesOn(tx, outermost(tx, paths).map(noOf), asked)
  return { unit, nodes, root: nodes[0]?.path ?? (paths[0] as string), served: paths.length }
}

export const placesOn = async (tx: Tx, nos: readonly number[], asked: Asked): Promise<readonly Place[]> =>
  findPaths(tx, nos, {
    planned: (await plannedFor(tx, asked))?.units,
    placing: { on: treeDay(tx, asked) },
    known: asked.known,
    period: asked.stretch,
    seen: asked.head.seen,
    places: asked.head.counted.places,
  })

/** @throws figure.not-known-then when the ledger began later */
export async function question(tx: Tx, where: Where, m: Counted, asked: Asked): Promise<Question> {
  const planned = await plannedFor(tx, asked)
  const fact = asked.head.facts.get(m.fact)
  if (asked.known && (!fact?.since || fact.since > asked.known))
    throw fail('not-known-then', { since: dayOf(fact?.since ?? asked.head.at) })
  const placing: Placing = asked.tree === 'day' ? 'own-day' : { on: treeDay(tx, asked) }
  const period = m.since && m.since < asked.stretch.from ? { from: m.since, to: asked.stretch.to } : asked.stretch
  const q = { placing, known: asked.known, period, seen: asked.head.seen }
  const paths =
    placing === 'own-day'
      ? await findPaths(
          tx,
          where.nodes.map((n) => n.no),
          q,
        )
      : where.nodes
  return {
    district: tx.district,
    fact: fact?.no ?? 0,
    placing,
    known: asked.known,
    period: asked.stretch,
    nodes: where.nodes,
    ranges: paths.map((p) => subtree(p.path)),
    seen: asked.head.seen,
    numbers: planned ? asked.head.plannedNumbers : asked.head.counted.numbers,
    planned: planned?.units,
  }
}
