// What a decision does to the timelines of the units it touches. Pure: the timelines come in, changed ones go out.
import { fail, type Operation, type Tree, type UnitDifference } from '../contract.ts'
import {
  endOf,
  type Fields,
  fieldsOn,
  isOpenOn,
  Paths,
  type Piece,
  set,
  type Timeline,
  type Version,
  versionsOf,
} from './timeline.ts'

export interface Closing {
  unitId: string
  on: string
  successorIds: string[]
  /** Who takes over what hangs at the unit itself; null where several carry on and none was named. */
  heirId: string | null
  by: 'close' | 'merge' | 'split'
}

export interface Outside {
  tree: Tree
  name: string
  pieces: Piece[]
}

/** What was read before deciding: timelines that may change, and the paths of the units around them. */
export interface Ground {
  timelines: Map<string, Timeline>
  outside: Map<string, Outside>
  /** Tree of each kind of the district. */
  kinds: ReadonlyMap<string, { tree: Tree }>
}

export interface Step {
  changeId: string
  effectiveOn: string
  operations: readonly Operation[]
}

/** Units an operation names, in all their parts. */
export function namedIn(op: Operation): string[] {
  switch (op.op) {
    case 'create':
      return [op.id, op.parentId].filter((id) => id !== undefined && id !== null)
    case 'move':
      return [op.unitId, ...(op.parentId === null ? [] : [op.parentId])]
    case 'merge':
      return [...op.unitIds, op.intoId]
    case 'split':
      return [op.unitId, ...op.into.flatMap((i) => [i.unitId, ...i.childIds])]
    case 'close':
      return [op.unitId, ...op.successorIds]
    default:
      return [op.unitId]
  }
}

/** Units whose subtree may get other paths. */
export function pivotsOf(op: Operation): string[] {
  if (op.op === 'merge') return op.unitIds
  return op.op === 'move' || op.op === 'split' || op.op === 'close' ? [op.unitId] : []
}

const onlyOne = (ids: readonly string[]) => (ids.length === 1 ? (ids[0] as string) : null)

export class Draft {
  readonly timelines: Map<string, Timeline>
  readonly closings: Closing[] = []
  readonly touched = new Set<string>()
  readonly moves = new Map<string, Set<string>>()
  readonly #ground: Ground

  constructor(ground: Ground) {
    this.#ground = ground
    this.timelines = new Map([...ground.timelines].map(([id, t]) => [id, structuredClone(t)]))
  }

  nameOf = (id: string, day = '9999-12-31'): string => {
    const t = this.timelines.get(id)
    return (t ? fieldsOn(t, day < t.openedOn ? t.openedOn : day).name : this.#ground.outside.get(id)?.name) ?? ''
  }

  /** Carries out one decision. @throws unit.* when an operation cannot be */
  apply(step: Step): void {
    for (const op of step.operations) {
      const on = op.on ?? step.effectiveOn
      if (on > step.effectiveOn) throw fail('operation-later', { day: on, effective: step.effectiveOn })
      this.#one(op, on, step.changeId)
    }
    this.#check()
  }

  /** For plans laid earlier: carries it out, or leaves everything as it was. */
  attempt(step: Step): boolean {
    const before = [...this.timelines].map(([id, t]): [string, Timeline] => [id, structuredClone(t)])
    const closings = this.closings.length
    try {
      this.apply(step)
      return true
    } catch {
      this.timelines.clear()
      for (const [id, t] of before) this.timelines.set(id, t)
      this.closings.length = closings
      return false
    }
  }

  paths(): Paths {
    return new Paths(this.timelines, new Map([...this.#ground.outside].map(([id, o]) => [id, o.pieces])), this.nameOf)
  }

  #one(op: Operation, on: string, changeId: string) {
    switch (op.op) {
      case 'create':
        return this.#create(op, on, changeId)
      case 'rename':
        return this.#set(op.unitId, on, { name: op.name }, changeId)
      case 're-kind':
        this.#needKind(op.kind, this.#open(op.unitId, on).tree)
        return this.#set(op.unitId, on, { kind: op.kind }, changeId)
      case 'recode':
        return this.#set(op.unitId, on, { code: op.code }, changeId)
      case 'move':
        return this.#move(op.unitId, op.parentId, on, changeId)
      case 'merge':
        for (const unitId of op.unitIds) this.#merge(unitId, op.intoId, on, changeId)
        return
      case 'split':
        return this.#split(op, on, changeId)
      case 'close':
        for (const id of op.successorIds) this.#needTree(id, this.#open(op.unitId, on).tree, op.unitId)
        return this.#close({
          unitId: op.unitId,
          on,
          successorIds: op.successorIds,
          heirId: onlyOne(op.successorIds),
          by: 'close',
        })
    }
  }

  #open(id: string, on: string): Timeline {
    const t = this.timelines.get(id)
    if (!t) throw fail('not-found')
    if (!isOpenOn(t, on)) throw fail('outside-life', { unit: this.nameOf(id, on), day: on, opened: t.openedOn })
    return t
  }

  #needTree(id: string, tree: Tree, other: string) {
    const found = this.timelines.get(id)?.tree ?? this.#ground.outside.get(id)?.tree
    if (!found) throw fail('not-found')
    if (found !== tree) throw fail('other-tree', { unit: this.nameOf(id), other: this.nameOf(other) })
  }

  #needKind(kind: string, tree: Tree) {
    if (this.#ground.kinds.get(kind)?.tree !== tree) throw fail('unknown-kind', { kind })
  }

  #set(id: string, on: string, sets: Partial<Fields>, changeId: string) {
    set(this.#open(id, on), on, sets, changeId)
    this.touched.add(id)
  }

  #create(op: Extract<Operation, { op: 'create' }>, on: string, changeId: string) {
    const id = op.id as string
    if (this.timelines.has(id) || this.#ground.outside.has(id)) throw fail('id-taken')
    if (op.parentId === null) throw fail('second-root')
    const tree = this.timelines.get(op.parentId)?.tree ?? this.#ground.outside.get(op.parentId)?.tree
    if (!tree) throw fail('not-found')
    this.#needKind(op.kind, tree)
    const sets = { kind: op.kind, code: op.code, name: op.name, parentId: op.parentId }
    this.timelines.set(id, {
      id,
      no: 0,
      tree,
      sort: op.sort,
      openedOn: on,
      closedOn: null,
      settings: [{ on, sets, changeId }],
    })
    this.touched.add(id)
  }

  #move(id: string, parentId: string | null, on: string, changeId: string) {
    const t = this.#open(id, on)
    if (fieldsOn(t, on).parentId === null) throw fail('root-stays', { unit: this.nameOf(id, on) })
    if (parentId === null) throw fail('second-root')
    this.#needTree(parentId, t.tree, id)
    if (parentId === id) throw fail('cycle', { unit: this.nameOf(id, on), day: on })
    this.#set(id, on, { parentId }, changeId)
  }

  #childrenOf(id: string, on: string): Timeline[] {
    return [...this.timelines.values()].filter((t) => isOpenOn(t, on) && fieldsOn(t, on).parentId === id)
  }

  #merge(id: string, intoId: string, on: string, changeId: string) {
    const t = this.#open(id, on)
    if (id === intoId) throw fail('same-unit', { unit: this.nameOf(id, on) })
    this.#needTree(intoId, t.tree, id)
    for (const child of this.#childrenOf(id, on)) this.#set(child.id, on, { parentId: intoId }, changeId)
    this.#close({ unitId: id, on, successorIds: [intoId], heirId: intoId, by: 'merge' })
  }

  #split(op: Extract<Operation, { op: 'split' }>, on: string, changeId: string) {
    const t = this.#open(op.unitId, on)
    const homes = new Map<string, string>()
    for (const { unitId, childIds } of op.into) {
      this.#needTree(unitId, t.tree, op.unitId)
      for (const child of childIds) {
        if (homes.has(child))
          throw fail('child-unassigned', { unit: this.nameOf(op.unitId, on), child: this.nameOf(child, on) })
        homes.set(child, unitId)
      }
    }
    const children = this.#childrenOf(op.unitId, on)
    const stray =
      children.find((c) => !homes.has(c.id))?.id ?? [...homes.keys()].find((id) => !children.some((c) => c.id === id))
    if (stray) throw fail('child-unassigned', { unit: this.nameOf(op.unitId, on), child: this.nameOf(stray, on) })
    for (const child of children) this.#set(child.id, on, { parentId: homes.get(child.id) as string }, changeId)
    const successorIds = op.into.map((i) => i.unitId)
    if (op.restId && !successorIds.includes(op.restId))
      throw fail('rest-unassigned', { unit: this.nameOf(op.unitId, on) })
    this.#close({ unitId: op.unitId, on, successorIds, heirId: op.restId ?? onlyOne(successorIds), by: 'split' })
  }

  #close(closing: Closing) {
    const { unitId, on, successorIds } = closing
    const t = this.#open(unitId, on)
    const unit = this.nameOf(unitId, on)
    if (fieldsOn(t, on).parentId === null) throw fail('root-stays', { unit })
    if (successorIds.includes(unitId)) throw fail('same-unit', { unit })
    if (t.openedOn === on) throw fail('outside-life', { unit, day: on, opened: t.openedOn })
    const later = t.settings.find((s) => s.on >= on)
    if (later) throw fail('later-changes', { unit, day: later.on })
    t.closedOn = on
    this.touched.add(unitId)
    this.closings.push({ ...closing, successorIds: [...new Set(successorIds)] })
  }

  /** Whole-tree rules, judged after all operations: their order within a decision does not matter. */
  #check() {
    for (const { unitId, on, successorIds } of this.closings) {
      const child = [...this.timelines.values()].find(
        (t) =>
          endOf(t) > on &&
          t.settings.some(
            (s, i) =>
              s.sets.parentId !== undefined &&
              fieldsOn(t, s.on).parentId === unitId &&
              (nextParentDay(t, i) ?? endOf(t)) > on,
          ),
      )
      if (child) throw fail('has-children', { unit: this.nameOf(unitId), child: this.nameOf(child.id) })
      for (const s of successorIds) {
        const heir = this.timelines.get(s)
        const open = heir
          ? isOpenOn(heir, on)
          : this.#ground.outside.get(s)?.pieces.some((p) => p.from <= on && p.to > on)
        if (!open) throw fail('outside-life', { unit: this.nameOf(s), day: on, opened: heir?.openedOn ?? '' })
      }
    }
    const paths = this.paths()
    for (const t of this.timelines.values()) paths.pieces(t.id, t.openedOn, endOf(t))
  }
}

const nextParentDay = (t: Timeline, at: number) =>
  t.settings.slice(at + 1).find((s) => s.sets.parentId !== undefined)?.on

/** The versions that differ from the stored ones. */
export function changedVersions(draft: Draft, stored: ReadonlyMap<string, readonly Version[]>): Map<string, Version[]> {
  const paths = draft.paths()
  const changed = new Map<string, Version[]>()
  for (const t of draft.timelines.values()) {
    const versions = versionsOf(t, paths)
    if (JSON.stringify(versions.map(plain)) !== JSON.stringify(stored.get(t.id)?.map(plain)))
      changed.set(t.id, versions)
  }
  return changed
}

const plain = (v: Version) => [v.from, v.to, v.kind, v.code, v.name, v.parentId, v.path, v.sets, v.changeId]

const WORDS: Record<keyof Fields, UnitDifference['what'][number]> = {
  kind: 're-kinded',
  code: 'recoded',
  name: 'renamed',
  parentId: 'moved',
}

/** Each touched unit as it would have been and as it will be, both on the day of the change. */
export function differencesOf(
  before: ReadonlyMap<string, Timeline>,
  draft: Draft,
  on: string,
  describe: (f: Fields | null) => UnitDifference['before'],
): UnitDifference[] {
  const below = countBelow(draft, on)
  return [...draft.touched].map((unitId) => {
    const state = (t: Timeline | undefined, day: string) => (t && isOpenOn(t, day) ? fieldsOn(t, day) : null)
    const old = state(before.get(unitId), on)
    const now = state(draft.timelines.get(unitId), on)
    const closing = draft.closings.find((c) => c.unitId === unitId)
    const what: UnitDifference['what'] = []
    if (!old && now) what.push('created')
    if (closing) what.push(closing.by === 'merge' ? 'merged' : closing.by === 'split' ? 'split' : 'closed')
    if (old && now)
      for (const [field, word] of Object.entries(WORDS))
        if (old[field as keyof Fields] !== now[field as keyof Fields]) what.push(word)
    return {
      unitId,
      what,
      before: describe(old),
      after: describe(now),
      successorIds: closing?.successorIds ?? [],
      successorNames: (closing?.successorIds ?? []).map((id) => draft.nameOf(id, on)),
      below: what.includes('moved') ? (below.get(unitId) ?? 0) : 0,
    }
  })
}

/** Units below each unit on a day, in one pass upwards. */
function countBelow(draft: Draft, on: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const t of draft.timelines.values()) {
    if (!isOpenOn(t, on)) continue
    for (let above = fieldsOn(t, on).parentId; above; ) {
      counts.set(above, (counts.get(above) ?? 0) + 1)
      const parent = draft.timelines.get(above)
      above = parent && isOpenOn(parent, on) ? fieldsOn(parent, on).parentId : null
    }
  }
  return counts
}
