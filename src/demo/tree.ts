// The invented district 青石区: 13 streets and towns, 62 communities, 750 estates with a branch each, 2,480 buildings with a group each.
import type { WriteTx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { insertLinks, insertUnits, type NewUnit } from '#modules/units/index.ts'
import type { Chance } from './chance.ts'
import { communityName, departments, estateName, streets } from './words.ts'

export const SIZE = { communities: 62, estates: 750, groups: 2480 }
const OPENED = '2018-01-01'

export interface Place {
  id: string
  path: string
  name: string
  /** path of the community above (estates) or of itself */
  community: number
}

export interface DemoTree {
  district: { id: string; path: string }
  committee: { id: string; path: string }
  streets: { place: string; org: string; name: string }[]
  communities: (Place & { org: string; street: number })[]
  estates: (Place & { org: string })[]
  buildings: { id: string; org: string; community: number }[]
  departments: { id: string; path: string; name: string }[]
}

interface Draft {
  units: NewUnit[]
  serves: [org: string, place: string][]
}

const add = (draft: Draft, unit: Omit<NewUnit, 'openedOn' | 'id'>, openedOn = OPENED): string => {
  const id = newId()
  draft.units.push({ ...unit, id, openedOn })
  return id
}

/** A place and the organisation that serves it, side by side in the two trees. */
function pair(
  draft: Draft,
  parent: { place: string | null; org: string | null },
  place: { kind: string; name: string },
  org: { kind: string; name: string },
) {
  const ids = {
    place: add(draft, { tree: 'place', kind: place.kind, name: place.name, parentId: parent.place }),
    org: add(draft, { tree: 'org', kind: org.kind, name: org.name, parentId: parent.org }),
  }
  draft.serves.push([ids.org, ids.place])
  return ids
}

type Pair = ReturnType<typeof pair>

function draftStreets(draft: Draft, root: Pair) {
  return streets.map((name) => {
    const town = name.endsWith('镇')
    const org = town ? { kind: 'committee', name: `${name}党委` } : { kind: 'working-committee', name: `${name}党工委` }
    return { ...pair(draft, root, { kind: town ? 'town' : 'street', name }, org), name }
  })
}

function draftCommunities(draft: Draft, above: readonly Pair[]) {
  return Array.from({ length: SIZE.communities }, (_, i) => {
    const street = i % above.length
    const name = `${communityName(i)}社区`
    const org = { kind: 'general-branch', name: `${name}党总支` }
    return { ...pair(draft, above[street] as Pair, { kind: 'community', name }, org), name, street }
  })
}

/** Every community has an estate; the others fall where chance wills. */
function draftEstates(draft: Draft, above: readonly Pair[], luck: Chance) {
  return Array.from({ length: SIZE.estates }, (_, i) => {
    const community = i < above.length ? i : luck.below(above.length)
    const name = estateName(i)
    const org = { kind: 'estate-branch', name: `${name}党支部` }
    return { ...pair(draft, above[community] as Pair, { kind: 'estate', name }, org), name, community }
  })
}

function draftBuildings(draft: Draft, above: readonly ReturnType<typeof draftEstates>[number][], luck: Chance) {
  return Array.from({ length: SIZE.groups }, (_, g) => {
    const up = above[g < above.length ? g : luck.below(above.length)] as (typeof above)[number]
    const name = `${up.name}${Math.floor(g / above.length) + 1}-${(g % 9) + 1}号楼`
    const { place, org } = pair(
      draft,
      up,
      { kind: 'building', name },
      { kind: 'building-group', name: `${name}党小组` },
    )
    return { id: place, org, community: up.community }
  })
}

export async function plantTree(tx: WriteTx, luck: Chance): Promise<DemoTree> {
  const draft: Draft = { units: [], serves: [] }
  const root = pair(
    draft,
    { place: null, org: null },
    { kind: 'district', name: '青石区' },
    { kind: 'committee', name: '中共青石区委员会' },
  )
  const offices = departments.map((name) => ({
    id: add(draft, { tree: 'org', kind: 'department', name, parentId: root.org }),
    name,
  }))
  const street = draftStreets(draft, root)
  const communities = draftCommunities(draft, street)
  const estates = draftEstates(draft, communities, luck)
  const buildings = draftBuildings(draft, estates, luck)
  const paths = new Map((await insertUnits(tx, draft.units)).map((u) => [u.id, u.path]))
  await insertLinks(
    tx,
    draft.serves.map(([fromId, toId]) => ({ kind: 'serves' as const, fromId, toId, validFrom: OPENED })),
  )
  const path = (id: string) => paths.get(id) ?? ''
  return {
    district: { id: root.place, path: path(root.place) },
    committee: { id: root.org, path: path(root.org) },
    streets: street,
    communities: communities.map((c, i) => ({
      id: c.place,
      org: c.org,
      path: path(c.place),
      name: c.name,
      street: c.street,
      community: i,
    })),
    estates: estates.map((e) => ({
      id: e.place,
      org: e.org,
      path: path(e.place),
      name: e.name,
      community: e.community,
    })),
    buildings,
    departments: offices.map((o) => ({ ...o, path: path(o.id) })),
  }
}
