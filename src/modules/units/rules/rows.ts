// Rows from outside become operations: what is new is created, what is known by its code is changed where it differs. Pure.
import { isWithinRegion, padRegionCode, regionAncestors, regionKind, regionLevel } from '../codes.ts'
import type { DivisionRow, Operation, RowProblem, Tree } from '../contract.ts'

export interface Known {
  id: string
  tree: Tree
  kind: string
  code: string
  name: string
  parentId: string | null
}

export interface Verdict {
  operations: Operation[]
  created: number
  changed: number
  unchanged: number
  problems: RowProblem[]
}

export interface Kind {
  id: string
  name: string
  tree: Tree
}

const TEXTS = {
  'bad-code': '不是2、4、6、9或12位的区划代码',
  'bad-name': '名称须为1至60个字，且不含特殊字符',
  'outside-code': '不在要导入的区划范围内',
  'no-parent': '没有找到上级区划，请先导入上级',
  'no-kind': '本区没有设置这一级的单位类别',
  'no-code': '代码必填，只能用字母、数字和 . _ -，最多30位',
  'code-as-number': '代码过长又存成了数字，末尾几位已丢失，请把该列设为文本后重新填写',
  twice: '代码在文件中出现了不止一次',
  'unknown-kind': '没有这种单位类别',
  'unknown-parent': '没有找到上级代码',
  'other-tree': '与上级不属于同一棵树，行政区划和党组织不能互相隶属',
  cycle: '上级关系形成循环，或层级超过32级',
  'kind-changed-tree': '同一代码的单位属于另一棵树',
  'no-right': '您没有在这个单位下导入的权限',
  'bad-sort': '排序须为0至1000000的整数',
} as const
export type RowCode = keyof typeof TEXTS

export const problem = (code: RowCode, cell: string, sheet: string | null = null): RowProblem => ({
  sheet,
  cell,
  code,
  text: TEXTS[code],
})

// biome-ignore lint: control characters are what we look for
const isName = (name: string) => name !== '' && [...name].length <= 60 && !/[\u0000-\u001f\u007f]|\p{Cs}/u.test(name)

const COUNTY_AND_ABOVE = { province: 'province', city: 'city', county: 'district' } as const

/** Kind of a code by domain 2.2; the district has to have it. */
function kindOf(code: string): string | null {
  const level = regionLevel(code)
  return level === null
    ? null
    : level === 'township' || level === 'village'
      ? regionKind(code)
      : COUNTY_AND_ABOVE[level]
}

export interface DivisionGround {
  under: { id: string; code: string | null }
  known: ReadonlyMap<string, Known>
  kinds: ReadonlyMap<string, Kind>
  newId(): string
}

/** Rows of the national table, parents before children. A village whose township is missing is reported, not hung elsewhere. */
export function judgeDivisions(rows: readonly DivisionRow[], ground: DivisionGround): Verdict {
  const verdict: Verdict = { operations: [], created: 0, changed: 0, unchanged: 0, problems: [] }
  const ids = new Map<string, string>([...ground.known].map(([code, k]) => [code, k.id]))
  const { under } = ground
  const parentOf = (code: string): string | null => {
    const [above, ...further] = regionAncestors(code)
    if (above === undefined || above === under.code) return under.id
    if (ids.has(above)) return ids.get(above) as string
    // Below a unit without a code the topmost rows hang directly.
    return under.code === null && ![above, ...further].some((a) => ids.has(a)) && regionLevel(code) === 'province'
      ? under.id
      : null
  }
  const judge = (row: DivisionRow): RowCode | 'created' | 'changed' | 'unchanged' => {
    const code = padRegionCode(row.code)
    const name = row.name.normalize('NFC').trim()
    if (code === null) return 'bad-code'
    if (!isName(name)) return 'bad-name'
    if (under.code !== null && (code === under.code || !isWithinRegion(code, under.code))) return 'outside-code'
    const known = ground.known.get(code)
    if (known) {
      if (known.name === name) return 'unchanged'
      verdict.operations.push({ op: 'rename', unitId: known.id, name })
      return 'changed'
    }
    // 东莞 and its like stand in the table twice: as city and, under the same code, as county.
    if (ids.has(code)) return 'unchanged'
    const kind = kindOf(code)
    if (kind === null || ground.kinds.get(kind)?.tree !== 'place') return 'no-kind'
    const parentId = parentOf(code)
    if (parentId === null) return 'no-parent'
    const id = ground.newId()
    ids.set(code, id)
    verdict.operations.push({ op: 'create', id, parentId, kind, name, code, sort: 0 })
    return 'created'
  }
  for (const row of rows) {
    const found = judge(row)
    if (found === 'created' || found === 'changed' || found === 'unchanged') verdict[found]++
    else verdict.problems.push(problem(found, row.code))
  }
  return verdict
}

export interface TreeRow {
  sheet: string
  /** Address of a column's cell in this row. */
  at(column: 'code' | 'name' | 'kind' | 'parent' | 'sort'): string
  code: string | null
  codeLost: boolean
  name: string
  kind: string
  parent: string
  parentLost: boolean
  sort: number | null
}

export interface TreeGround {
  under: { id: string; tree: Tree }
  known: ReadonlyMap<string, Known>
  kinds: ReadonlyMap<string, Kind>
  /** Whether the asker may import at a unit that exists. */
  mayAt(id: string): boolean
  newId(): string
}

/** A district's own tree: any order of rows, parents by code in the file or in the district. */
export function judgeTree(rows: readonly TreeRow[], ground: TreeGround): Verdict {
  const verdict: Verdict = { operations: [], created: 0, changed: 0, unchanged: 0, problems: [] }
  const report = (row: TreeRow, column: Parameters<TreeRow['at']>[0], code: RowCode) => {
    verdict.problems.push(problem(code, row.at(column), row.sheet))
  }
  const good = new Map<string, { row: TreeRow; id: string; kind: Kind; known: Known | undefined }>()
  const byName = new Map([...ground.kinds.values()].map((k) => [k.name, k]))
  for (const row of rows) {
    const kind = byName.get(row.kind) ?? ground.kinds.get(row.kind)
    const known = row.code ? ground.known.get(row.code) : undefined
    if (row.codeLost || row.parentLost) report(row, row.codeLost ? 'code' : 'parent', 'code-as-number')
    else if (!row.code || !/^[\w.-]{1,30}$/.test(row.code)) report(row, 'code', 'no-code')
    else if (good.has(row.code)) report(row, 'code', 'twice')
    else if (!isName(row.name)) report(row, 'name', 'bad-name')
    else if (!kind) report(row, 'kind', 'unknown-kind')
    else if (row.sort === null) report(row, 'sort', 'bad-sort')
    else if (known && known.tree !== kind.tree) report(row, 'kind', 'kind-changed-tree')
    else if (known && !ground.mayAt(known.id)) report(row, 'code', 'no-right')
    else good.set(row.code, { row, id: known?.id ?? ground.newId(), kind, known })
  }
  const placed = new Map<string, boolean>()
  const place = (code: string, above: readonly string[]): boolean => {
    const done = placed.get(code)
    if (done !== undefined) return done
    const one = good.get(code) as NonNullable<ReturnType<typeof good.get>>
    const fine = placeOne(one, code, above)
    placed.set(code, fine)
    return fine
  }
  const placeOne = (
    { row, id, kind, known }: NonNullable<ReturnType<typeof good.get>>,
    code: string,
    above: readonly string[],
  ): boolean => {
    if (above.includes(code) || above.length > 32) {
      report(row, 'parent', 'cycle')
      return false
    }
    const inFile = row.parent ? good.get(row.parent) : undefined
    const inTree = row.parent ? ground.known.get(row.parent) : ground.under
    const parent = inFile ? { id: inFile.id, tree: inFile.kind.tree } : inTree
    if (!parent) report(row, 'parent', 'unknown-parent')
    else if (parent.tree !== kind.tree) report(row, 'parent', 'other-tree')
    else if (!inFile && !ground.mayAt(parent.id)) report(row, 'parent', 'no-right')
    else if (!inFile || place(row.parent, [...above, code])) {
      state(verdict, { row, id, kind, known }, parent.id)
      return true
    }
    return false
  }
  for (const code of good.keys()) place(code, [])
  return verdict
}

function state(
  verdict: Verdict,
  one: { row: TreeRow; id: string; kind: Kind; known: Known | undefined },
  parentId: string,
) {
  const { row, id, kind, known } = one
  if (!known) {
    verdict.created++
    verdict.operations.push({
      op: 'create',
      id,
      parentId,
      kind: kind.id,
      name: row.name,
      code: row.code,
      sort: row.sort ?? 0,
    })
    return
  }
  const before = verdict.operations.length
  if (known.name !== row.name) verdict.operations.push({ op: 'rename', unitId: id, name: row.name })
  if (known.kind !== kind.id) verdict.operations.push({ op: 're-kind', unitId: id, kind: kind.id })
  if (known.parentId !== parentId) verdict.operations.push({ op: 'move', unitId: id, parentId })
  verdict[verdict.operations.length > before ? 'changed' : 'unchanged']++
}
