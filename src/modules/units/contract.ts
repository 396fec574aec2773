import { z } from 'zod'
import { can, day, id, listOf, paging, queryFlag, text } from '#core/contract.ts'
import { problems } from '#core/errors.ts'

export const verbs = ['unit.read', 'unit.reorganise', 'unit.import'] as const

export const fail = problems('unit', {
  'not-found': { status: 404, text: '没有找到这个单位，或者不在您的查看范围内。' },
  'not-on-day': { status: 404, text: '这个单位在{day}尚未设立或已经撤销。' },
  'unknown-kind': { status: 422, text: '没有“{kind}”这种单位类别。' },
})

export const Tree = z.enum(['place', 'org'])
export type Tree = z.infer<typeof Tree>

export const Unit = z
  .strictObject({
    id,
    tree: Tree,
    kind: z.string().meta({ description: 'kind id of the district, e.g. street, community, estate, branch' }),
    kindName: z.string(),
    code: z.string().nullable(),
    name: z.string(),
    parentId: id.nullable(),
    path: z.string(),
    openedOn: day,
    closedOn: day.nullable(),
    children: z.int().meta({ description: 'number of child units on that day' }),
    can,
  })
  .meta({ id: 'Unit' })
export type Unit = z.infer<typeof Unit>

export const ListUnitsQuery = z.strictObject({
  tree: Tree.optional(),
  parent: id.optional().meta({ description: 'children of this unit; without it and without search the roots' }),
  search: text(40).optional().meta({ description: 'part of a name, pinyin initials or code' }),
  kind: z.string().max(40).optional(),
  on: day.optional().meta({ description: 'the tree of that day; today when absent' }),
  closed: queryFlag.optional(),
  ...paging,
})
export type ListUnitsQuery = z.infer<typeof ListUnitsQuery>

export const UnitList = listOf(Unit)

/** Kinds are data of the district (pack): id, name, tree, and the level at which a demand may be dispatched to it. */
export const UnitKind = z.strictObject({
  id: z.string().regex(/^[a-z-]{2,30}$/),
  name: text(20),
  tree: Tree,
  level: z.enum(['district', 'street', 'community', 'estate', 'building', 'household', 'department', 'branch', 'group']),
  partyOrg: z.boolean().default(false).meta({ description: 'counted as a Party organisation' }),
})
export type UnitKind = z.infer<typeof UnitKind>
