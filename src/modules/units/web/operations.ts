// What one decision consists of, as it is written on the screen, and as it is sent.
import type { Operation } from '../contract.ts'

export type Op = 'rename' | 'move' | 'merge' | 'split' | 'close' | 'create' | 're-kind' | 'recode'

export interface Part {
  /** id of the unit: chosen here for a new one, so that the rest of the decision can name it */
  id: string
  fresh: boolean
  name: string
}

export interface Draft {
  key: string
  op: Op
  unitIds: string[]
  otherId: string | undefined
  successorIds: string[]
  name: string
  kind: string | undefined
  code: string
  /** of a unit that is set up here */
  freshId: string
  parts: Part[]
  /** child → part */
  homes: Record<string, string>
  restId: string | undefined
}

export const opWords: Record<Op, string> = {
  rename: '更名',
  move: '调整隶属',
  merge: '并入另一单位',
  split: '拆分',
  close: '撤销',
  create: '设立',
  're-kind': '变更类别',
  recode: '变更代码',
}

/** A UUID (version 4) also where the page has no secure context. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export const newPart = (): Part => ({ id: freshId(), fresh: true, name: '' })

export const newDraft = (op: Op, unitIds: string[] = []): Draft => ({
  key: freshId(),
  op,
  unitIds,
  otherId: undefined,
  successorIds: [],
  name: '',
  kind: undefined,
  code: '',
  freshId: freshId(),
  parts: [newPart(), newPart()],
  homes: {},
  restId: undefined,
})

/** What is not filled in is sent as it is: the server says which field it misses. */
const missing = undefined as unknown as string

function splitOf(d: Draft, parentId: string | null | undefined): Operation[] {
  const unitId = d.unitIds[0] ?? missing
  const kind = d.kind ?? missing
  const fresh = d.parts.filter((p) => p.fresh)
  return [
    ...fresh.map(
      (p): Operation => ({
        op: 'create',
        id: p.id,
        parentId: parentId ?? missing,
        kind,
        name: p.name,
        code: null,
        sort: 0,
      }),
    ),
    {
      op: 'split',
      unitId,
      into: d.parts.map((p) => ({
        unitId: p.id,
        childIds: Object.keys(d.homes).filter((child) => d.homes[child] === p.id),
      })),
      ...(d.restId ? { restId: d.restId } : {}),
    },
  ]
}

/** One part of the screen may be several operations of the decision. */
export function operationsOf(d: Draft, parentId?: string | null): Operation[] {
  const unitId = d.unitIds[0] ?? missing
  switch (d.op) {
    case 'rename':
      return [{ op: 'rename', unitId, name: d.name }]
    case 're-kind':
      return [{ op: 're-kind', unitId, kind: d.kind ?? missing }]
    case 'recode':
      return [{ op: 'recode', unitId, code: d.code.trim() || null }]
    case 'move':
      return (d.unitIds.length > 0 ? d.unitIds : [missing]).map((id) => ({
        op: 'move',
        unitId: id,
        parentId: d.otherId ?? missing,
      }))
    case 'merge':
      return [{ op: 'merge', unitIds: d.unitIds, intoId: d.otherId ?? missing }]
    case 'close':
      return [{ op: 'close', unitId, successorIds: d.successorIds }]
    case 'create':
      return [
        {
          op: 'create',
          id: d.freshId,
          parentId: unitId,
          kind: d.kind ?? missing,
          name: d.name,
          code: d.code.trim() || null,
          sort: 0,
        },
      ]
    case 'split':
      return splitOf(d, parentId)
  }
}
