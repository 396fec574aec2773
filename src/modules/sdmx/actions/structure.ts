// Structures: which dataflows there are, how they are built, what their codes mean, and what may be asked of them.
import type { Context } from '#core/context.ts'
import { ask } from '#modules/figures/index.ts'
import { fail, type StructureQuery, type StructureType, structureTypes } from '../contract.ts'
import { type Codelist, codelistsOf, frequencyItems, type Item, type Published, publishedIn } from '../model.ts'
import { AGENCY, CONCEPTS, DSD } from '../rules/codes.ts'
import { type Key, mayBe } from '../rules/key.ts'
import type { Span } from '../rules/time.ts'
import { findSender } from '../store.ts'

export interface Availability {
  flow: Item
  /** codes by dimension */
  codes: readonly (readonly [dimension: string, codes: readonly string[]])[]
  time: { from: string; to: string } | null
}

/** What one message tells. */
export interface Structures {
  sender: Published['sender']
  prepared: string
  flows: readonly Item[]
  codelists: readonly Codelist[]
  hasDsd: boolean
  hasConcepts: boolean
  hasAgency: boolean
  availability?: Availability
  /** codes and components are left out */
  stubs: boolean
}

export interface Wanted extends Pick<StructureQuery, 'references' | 'detail'> {
  type: StructureType | 'structure' | '*'
  agency?: string | undefined
  id?: string | undefined
}

const isAny = (text: string | undefined) => text === undefined || text === 'all' || text === '*'
const isOneOf = (text: string | undefined, id: string) => isAny(text) || (text as string).split(/[+,]/).includes(id)

/** What each kind of structure refers to, directly. */
const children: Record<StructureType, readonly StructureType[]> = {
  dataflow: ['datastructure'],
  datastructure: ['codelist', 'conceptscheme'],
  codelist: [],
  conceptscheme: [],
  agencyscheme: [],
}
const parents = (type: StructureType) => structureTypes.filter((t) => children[t].includes(type))

const closure = (of: StructureType, next: (type: StructureType) => readonly StructureType[]): StructureType[] =>
  next(of).flatMap((t) => [t, ...closure(t, next)])

/** Kinds of structure that come along with one kind. */
function referred(type: StructureType, references: StructureQuery['references']): readonly StructureType[] {
  const below = (t: StructureType) => children[t]
  switch (references) {
    case undefined:
    case 'none':
      return []
    case 'children':
      return below(type)
    case 'descendants':
      return closure(type, below)
    case 'parents':
      return parents(type)
    case 'parentsandsiblings':
      return parents(type).flatMap((p) => [p, ...below(p)])
    case 'ancestors':
      return closure(type, parents)
    case 'all':
      return [
        ...closure(type, below),
        ...parents(type),
        ...parents(type).flatMap((p) => [...closure(p, below), ...parents(p)]),
      ]
    default:
      return [references]
  }
}

/** @throws sdmx.unknown-structure */
export const readStructures = (ctx: Context, wanted: Wanted): Promise<Structures> =>
  ask(ctx, 'figure.read', async (tx) => {
    const { type, agency, id, references, detail = 'full' } = wanted
    const direct: readonly StructureType[] = type === 'structure' || type === '*' ? structureTypes : [type]
    const along = new Set(direct.flatMap((t) => referred(t, references)))
    const published = await publishedIn(tx, await findSender(tx))
    const mine = isOneOf(agency, AGENCY)
    const has = (kind: StructureType, one: string) =>
      along.has(kind) || (direct.includes(kind) && mine && isOneOf(id, one))
    const found = {
      flows: published.flows.filter((f) => has('dataflow', f.id)),
      codelists: codelistsOf(published).filter((c) => has('codelist', c.id)),
      hasDsd: has('datastructure', DSD),
      hasConcepts: has('conceptscheme', CONCEPTS),
      hasAgency: direct.includes('agencyscheme') && isOneOf(agency, 'SDMX') && isOneOf(id, 'AGENCIES'),
    }
    if (found.flows.length + found.codelists.length === 0 && !found.hasDsd && !found.hasConcepts && !found.hasAgency)
      throw fail('unknown-structure', { structure: `${type}/${agency ?? '*'}/${id ?? '*'}` })
    return { sender: published.sender, prepared: tx.now, ...found, stubs: detail.endsWith('stubs') }
  })

/** What can be asked of a dataflow: it does not say where nothing was counted, for that is a number as well. */
export const readAvailability = (
  ctx: Context,
  { flow, keys, about, span }: { flow: string; keys: readonly Key[]; about: string; span(today: string): Span },
): Promise<Structures> =>
  ask(ctx, 'figure.read', async (tx) => {
    const published = await publishedIn(tx, await findSender(tx))
    const found = published.flows.find((f) => f.id === flow)
    if (!found) throw fail('unknown-flow', { flow })
    const offered = published.offered.filter((o) => o.flow === flow && mayBe(keys, 'INDICATOR', o.indicator))
    const trees = new Set(offered.map((o) => o.tree))
    const areas = published.areas.filter((a) => trees.has(a.tree) && mayBe(keys, 'REF_AREA', a.area))
    const { from, to } = span(tx.today)
    const freqs = frequencyItems.map((f) => f.id).filter((f) => mayBe(keys, 'FREQ', f))
    const codes = [
      ['FREQ', freqs],
      ['REF_AREA', areas.map((a) => a.area)],
      ['INDICATOR', offered.map((o) => o.indicator)],
    ] as const
    return {
      sender: published.sender,
      prepared: tx.now,
      flows: [],
      codelists: [],
      hasDsd: false,
      hasConcepts: false,
      hasAgency: false,
      stubs: false,
      availability: {
        flow: found,
        codes: codes.filter(([dimension]) => isOneOf(about, dimension)),
        time: isOneOf(about, 'TIME_PERIOD') ? { from, to: to < tx.today ? to : tx.today } : null,
      },
    }
  })
