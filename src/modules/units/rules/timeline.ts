// A unit's life as pure data. What somebody decided (a setting) is kept apart from what follows from it (the path), so a
// back-dated correction changes the past and leaves every later decision standing. [ORG-03]
import type { Tree } from '../contract.ts'
import { fail } from '../contract.ts'
import { depthOf, pathBelow, rootPath } from '../paths.ts'

export const FOREVER = 'infinity'
export const DEEPEST = 32

export interface Fields {
  kind: string
  code: string | null
  name: string
  parentId: string | null
}

export type Field = keyof Fields

export interface Setting {
  on: string
  sets: Partial<Fields>
  changeId: string | null
}

export interface Timeline {
  id: string
  /** 0 while planned: the number is taken when the unit is opened. */
  no: number
  tree: Tree
  sort: number
  openedOn: string
  closedOn: string | null
  /** By day; the first one sets every field. */
  settings: Setting[]
}

export interface Version extends Fields {
  from: string
  to: string
  path: string
  sets: Field[]
  changeId: string | null
}

export interface Piece {
  from: string
  to: string
  path: string
  changeId: string | null
}

const FIELDS: Field[] = ['kind', 'code', 'name', 'parentId']
export const endOf = (t: Timeline) => t.closedOn ?? FOREVER
export const isOpenOn = (t: Timeline, day: string) => t.openedOn <= day && day < endOf(t)

/** The fields as they stood on a day of the unit's life. */
export function fieldsOn(t: Timeline, day: string): Fields {
  const fields = {} as Fields
  for (const s of t.settings) if (s.on <= day) Object.assign(fields, s.sets)
  return fields
}

/** The unit's own intervals: they begin where something was decided. */
export function ownIntervals(
  t: Timeline,
): (Fields & { from: string; to: string; sets: Field[]; changeId: string | null })[] {
  const fields = {} as Fields
  return t.settings.map((s, i) => {
    Object.assign(fields, s.sets)
    const to = t.settings[i + 1]?.on ?? endOf(t)
    return { ...fields, from: s.on, to, sets: FIELDS.filter((f) => f in s.sets), changeId: s.changeId }
  })
}

/** States fields from a day on. On one day the later statement wins; later days keep what they state themselves. */
export function set(t: Timeline, on: string, sets: Partial<Fields>, changeId: string | null): void {
  const same = t.settings.find((s) => s.on === on)
  if (same) {
    Object.assign(same.sets, sets)
    same.changeId = changeId
    return
  }
  t.settings.push({ on, sets: { ...sets }, changeId })
  t.settings.sort((a, b) => (a.on < b.on ? -1 : 1))
}

/** Timelines from stored versions: a version that sets nothing only followed the path of its parent. */
export const settingsOf = (versions: readonly Version[]): Setting[] =>
  versions
    .filter((v) => v.sets.length > 0)
    .map((v) => ({ on: v.from, sets: Object.fromEntries(v.sets.map((f) => [f, v[f]])), changeId: v.changeId }))

const clip = (pieces: readonly Piece[], from: string, to: string): Piece[] =>
  pieces
    .filter((p) => p.from < to && p.to > from)
    .map((p) => ({ ...p, from: p.from > from ? p.from : from, to: p.to < to ? p.to : to }))

/** Works out paths along the parents' timelines, interval by interval, and refuses trees that are none (AZ-36). */
export class Paths {
  readonly #timelines: ReadonlyMap<string, Timeline>
  readonly #outside: ReadonlyMap<string, readonly Piece[]>
  readonly #nameOf: (id: string) => string
  readonly #known = new Map<string, Piece[]>()

  constructor(
    timelines: ReadonlyMap<string, Timeline>,
    outside: ReadonlyMap<string, readonly Piece[]>,
    nameOf: (id: string) => string,
  ) {
    this.#timelines = timelines
    this.#outside = outside
    this.#nameOf = nameOf
  }

  /** @throws unit.cycle, unit.too-deep, unit.parent-not-open */
  pieces(id: string, from: string, to: string, above: readonly string[] = []): Piece[] {
    const timeline = this.#timelines.get(id)
    if (!timeline) return clip(this.#outside.get(id) ?? [], from, to)
    if (above.includes(id)) throw fail('cycle', { unit: this.#nameOf(id), day: from })
    const key = `${id} ${from} ${to}`
    const known = this.#known.get(key)
    if (known) return known
    const found = ownIntervals(timeline)
      .filter((own) => own.from < to && own.to > from)
      .flatMap((own) =>
        this.#below(timeline, { ...own, from: own.from > from ? own.from : from, to: own.to < to ? own.to : to }, [
          ...above,
          id,
        ]),
      )
    this.#known.set(key, found)
    return found
  }

  #below(
    t: Timeline,
    own: { from: string; to: string; parentId: string | null; changeId: string | null },
    above: readonly string[],
  ): Piece[] {
    const ground = { from: own.from, to: own.to, path: rootPath(t.tree), changeId: own.changeId }
    const parents = own.parentId === null ? [ground] : this.pieces(own.parentId, own.from, own.to, above)
    let reached = own.from
    for (const p of parents) {
      if (p.from !== reached) break
      reached = p.to
    }
    if (reached !== own.to)
      throw fail('parent-not-open', {
        unit: this.#nameOf(t.id),
        parent: this.#nameOf(own.parentId as string),
        day: reached,
      })
    return parents.map((p, i) => {
      const path = pathBelow(p.path, t.no)
      if (depthOf(path) > DEEPEST) throw fail('too-deep', { unit: this.#nameOf(t.id) })
      return { from: p.from, to: p.to, path, changeId: i === 0 ? own.changeId : p.changeId }
    })
  }
}

/** The dated versions to store: cut where something was decided and where the path changes, nowhere else. */
export function versionsOf(t: Timeline, paths: Paths): Version[] {
  const versions: Version[] = []
  for (const own of ownIntervals(t)) {
    const { from, sets, changeId, ...fields } = own
    for (const [i, piece] of paths.pieces(t.id, from, own.to).entries()) {
      const last = versions.at(-1)
      if (i > 0 && last?.path === piece.path) last.to = piece.to
      else
        versions.push({ ...fields, ...piece, sets: i === 0 ? sets : [], changeId: i === 0 ? changeId : piece.changeId })
    }
  }
  return versions
}
