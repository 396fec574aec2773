// Workbooks of units brought in, and the batch taken back as a whole within a day. [IMP-6]
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { call } from '#web/api.ts'
import { Act, useRefreshAfter } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { StateTag, type Tone } from '#web/kit/clock.tsx'
import { type Column, DataTable, type ListOf } from '#web/kit/data-table.tsx'
import { LOOK_EVERY, Progress } from '#web/kit/long.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { UnitImport, UnitImportUndone } from '../contract.ts'

const number = (id: 'created' | 'changed', title: string): Column<UnitImport> => ({
  id,
  title,
  width: 76,
  align: 'right',
  render: (b) => b[id].toLocaleString('zh-CN'),
  text: (b) => b[id],
})

const states: Record<UnitImport['state'], { word: string; tone: Tone }> = {
  storing: { word: '正在存入', tone: 'soon' },
  refused: { word: '未导入', tone: 'late' },
  planned: { word: '计划中', tone: 'act' },
  committed: { word: '已导入', tone: 'done' },
  undone: { word: '已撤销', tone: 'off' },
}

function outcome(b: UnitImport): string {
  if (b.state === 'undone')
    return `收回 ${b.withdrawn ?? 0} 个，恢复 ${b.restored ?? 0} 处${b.kept ? `，保留 ${b.kept} 个` : ''}`
  if (b.state === 'storing') return '存入后可以撤销'
  if (b.state === 'refused') return `没有导入任何一行：${b.refused ?? ''}`
  if (!b.can.includes('undo')) return '已过撤销期限'
  const until = `${moment(b.undoUntil)} 前可以撤销`
  return b.state === 'planned' ? `${b.openedOn} 起生效，${until}` : until
}

const effectOf = (b: UnitImport) =>
  b.state === 'planned'
    ? `${b.openedOn} 不再新设 ${b.created} 个单位、更新 ${b.changed} 个单位；组织树中不留痕迹，记录保留。`
    : `收回这批新设的 ${b.created} 个单位，把更新过的 ${b.changed} 个恢复原样；此后已有人使用、另行改过或者不在您权限内的保留，并逐一列出。`

const columnsWith = (told: (undone: UnitImportUndone) => void): Column<UnitImport>[] => [
  { id: 'file', title: '文件', render: (b) => b.fileName, text: (b) => b.fileName },
  { id: 'under', title: '导入到', width: 170, render: (b) => b.underName, text: (b) => b.underName },
  { id: 'at', title: '导入时间', width: 140, render: (b) => moment(b.committedAt), text: (b) => moment(b.committedAt) },
  number('created', '新设'),
  number('changed', '更新'),
  {
    id: 'state',
    title: '状态',
    width: 84,
    render: (b) => <StateTag tone={states[b.state].tone}>{states[b.state].word}</StateTag>,
    text: (b) => states[b.state].word,
  },
  {
    id: 'outcome',
    title: '撤销',
    width: 240,
    render: outcome,
    text: outcome,
  },
  {
    id: 'act',
    title: '办理',
    width: 108,
    render: (b) =>
      b.can.includes('undo') ? (
        <Act
          verb="整批撤销"
          size="small"
          done="已撤销这批导入"
          ground="IMP-6"
          effect={effectOf(b)}
          run={async (_, key) =>
            told(await call('POST', `/unit-imports/${b.id}/undo`, { body: {}, idempotencyKey: key }))
          }
        />
      ) : null,
  },
]

/** A long file is stored after the answer: it goes on without this page. [IMP-10] */
function Storing() {
  const newest = useQuery({
    queryKey: ['/unit-imports', { limit: 5 }],
    queryFn: ({ signal }) => call<ListOf<UnitImport>>('GET', '/unit-imports', { query: { limit: 5 }, signal }),
    refetchInterval: ({ state: { data } }) => (isStoring(data?.rows) ? LOOK_EVERY : false),
  })
  const rows = newest.data?.rows.filter((b) => b.state === 'storing') ?? []
  useRefreshAfter(rows.length > 0)
  return rows.length === 0 ? null : (
    <div style={{ padding: '10px 12px' }}>
      {rows.map((b) => (
        <Progress
          key={b.id}
          doing={`正在存入 ${b.fileName}：${b.rows.toLocaleString('zh-CN')} 行`}
          since={b.committedAt}
        />
      ))}
      <p className="quiet">可以离开本页，存入照常进行；全部存入或者一行也不存入，结果见下表。</p>
    </div>
  )
}

const isStoring = (rows: readonly UnitImport[] | undefined) => rows?.some((b) => b.state === 'storing') ?? false

export function UnitBatches() {
  const [undone, setUndone] = useState<UnitImportUndone | null>(null)
  const carry = useCarry()
  return (
    <>
      {undone && undone.kept.length > 0 ? (
        <div className="effect" role="status" style={{ margin: '10px 12px' }}>
          以下单位已有人使用、另行改过或者不在您的权限内，保留不动：
          {undone.kept.map((k) => (
            <Link key={k.id} className="chip" href={carry('/units', { unit: k.id })} style={{ marginLeft: 6 }}>
              {k.name}
            </Link>
          ))}
        </div>
      ) : null}
      <Storing />
      <DataTable<UnitImport>
        name="unit-imports"
        title="单位导入批次"
        path="/unit-imports"
        query={{}}
        columns={columnsWith(setUndone)}
        empty={<EmptyState title="还没有从工作簿导入过单位">每次导入都会列在这里，24 小时内可以整批撤销。</EmptyState>}
      />
    </>
  )
}
