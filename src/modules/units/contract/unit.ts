import { z } from 'zod'
import { can, day, id, listOf, paging, queryFlag, text } from '#core/contract.ts'

export const Tree = z.enum(['place', 'org'])
export type Tree = z.infer<typeof Tree>

export const unitName = text(60)
export const unitCode = z.string().regex(/^[\w.-]{1,30}$/, { error: 'format' })
export const kindId = z.string().regex(/^[a-z-]{2,30}$/)
export const mechanismId = z.string().max(60)

export const Unit = z
  .strictObject({
    id,
    tree: Tree,
    kind: z.string().meta({ description: 'kind id of the district, e.g. street, community, estate, branch' }),
    kindName: z.string(),
    code: z.string().nullable(),
    name: z.string(),
    parentId: id.nullable(),
    parentName: z.string().nullable().meta({ description: 'on that day: tells units of one name apart' }),
    path: z.string(),
    openedOn: day,
    closedOn: day.nullable(),
    children: z.int().meta({ description: 'number of child units on that day' }),
    planned: z.boolean().meta({ description: 'differs from today by a planned reorganisation' }),
    can,
  })
  .meta({ id: 'Unit' })
export type Unit = z.infer<typeof Unit>

export const ListUnitsQuery = z.strictObject({
  tree: Tree.optional(),
  parent: id.optional().meta({ description: 'children of this unit; without it and without search the roots' }),
  search: text(40)
    .optional()
    .meta({ description: 'part of a name, pinyin, pinyin initials, or the beginning of a code' }),
  kind: z.string().max(40).optional().meta({ description: 'only units of this kind' }),
  on: day.optional().meta({ description: 'the tree of that day, past or planned; today when absent' }),
  closed: queryFlag.optional().meta({ description: 'also units closed before that day, as they last stood' }),
  under: id.optional().meta({ description: 'with a search or a kind: this unit and everything below it' }),
  ...paging,
  limit: paging.limit.meta({ description: 'rows at once, 1 … 500; 200 when absent' }),
})
export type ListUnitsQuery = z.infer<typeof ListUnitsQuery>

/** So many units a search finds at most: whoever finds more types more. */
export const MOST_FOUND = 1000

export const UnitList = listOf(Unit).extend({
  more: z
    .literal(true)
    .optional()
    .meta({ description: 'a search hit more than `total` units; those first in the tree are listed' }),
})

const Related = z.strictObject({ id, name: z.string(), kindName: z.string(), closedOn: day.nullable() })
export type Related = z.infer<typeof Related>

/** One dated stretch of a unit's life, with the decision it began with. */
export const UnitVersion = z
  .strictObject({
    from: day,
    to: day.nullable(),
    kind: z.string(),
    kindName: z.string(),
    code: z.string().nullable(),
    name: z.string(),
    parent: Related.nullable(),
    changed: z
      .array(z.enum(['kind', 'code', 'name', 'parentId']))
      .meta({ description: 'decided on that day; empty when only units above moved' }),
    changeId: id.nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'UnitVersion' })
export type UnitVersion = z.infer<typeof UnitVersion>

const Succession = z.strictObject({ on: day, changeId: id, unit: Related })

export const LinkKind = z.enum(['serves', 'alliance', 'contact'])
export type LinkKind = z.infer<typeof LinkKind>

export const UnitLink = z
  .strictObject({
    id,
    kind: LinkKind,
    role: z.string(),
    mechanismId: z.string().nullable().meta({ description: 'the mechanism whose roles it speaks of' }),
    from: Related,
    to: Related,
    validFrom: day,
    validTo: day.nullable(),
    can,
  })
  .meta({ id: 'UnitLink' })
export type UnitLink = z.infer<typeof UnitLink>

export const UnitLinkList = listOf(UnitLink)
export const ListLinksQuery = z.strictObject({
  unit: id.meta({ description: 'either end is this unit' }),
  under: queryFlag.optional().meta({ description: 'or any unit below it' }),
  kind: LinkKind.optional(),
  ended: queryFlag.optional().meta({ description: 'also links that hold no longer' }),
  ...paging,
})
export type ListLinksQuery = z.infer<typeof ListLinksQuery>

export const UnitPage = z
  .strictObject({
    unit: Unit,
    line: z.array(Related).meta({ description: 'units above, outermost first' }),
    versions: z.array(UnitVersion),
    predecessors: z.array(Succession),
    successors: z.array(Succession),
    links: z.array(UnitLink),
    planned: z
      .array(z.strictObject({ changeId: id, on: day, reason: z.string() }))
      .meta({ description: 'planned reorganisations that touch it' }),
  })
  .meta({ id: 'UnitPage' })
export type UnitPage = z.infer<typeof UnitPage>

export const ReadUnitQuery = z.strictObject({ on: day.optional() })

export const NewUnitLink = z.strictObject({
  kind: LinkKind,
  fromId: id.meta({ description: 'the organisation that serves, leads the alliance, or is the contact' }),
  toId: id.meta({ description: 'the place or unit served, the member of the alliance, the unit contacted' }),
  role: text(20, 0).default('').meta({ description: 'in an alliance e.g. 1, X, N; free otherwise' }),
  validFrom: day,
  validTo: day.optional(),
})
export type NewUnitLink = z.infer<typeof NewUnitLink>

export const LinkEnd = z.strictObject({
  endsOn: day.meta({ description: 'first day on which it no longer holds' }),
  reason: text(200).optional(),
})

/** Kinds are data of the district (pack): id, name, tree, and the level at which a demand may be dispatched to it. */
export const UnitKind = z.strictObject({
  id: kindId,
  name: text(20),
  tree: Tree,
  level: z.enum([
    'district',
    'street',
    'community',
    'estate',
    'building',
    'household',
    'department',
    'branch',
    'group',
  ]),
  partyOrg: z.boolean().default(false).meta({ description: 'counted as a Party organisation' }),
})
export type UnitKind = z.infer<typeof UnitKind>

/** What is printed on the plate of a place: its code, the address a phone opens, and where it is. */
export const UnitPlate = z
  .strictObject({
    id,
    name: z.string(),
    kindName: z.string(),
    line: z.array(z.string()).meta({ description: 'names of the units above, outermost first, without the district' }),
    code: z.string().meta({ description: '`1-3f`: number of the district and of the place' }),
    url: z.string(),
  })
  .meta({ id: 'UnitPlate' })
export type UnitPlate = z.infer<typeof UnitPlate>
export const UnitPlateList = listOf(UnitPlate)
export const ListPlatesQuery = z.strictObject({
  under: id.meta({ description: 'a place: itself and everything below it' }),
  kind: z.string().max(40).optional(),
  search: text(40).optional(),
  ...paging,
})
export type ListPlatesQuery = z.infer<typeof ListPlatesQuery>
