// Units below the one looked at, or found among all below it; several of them can be moved or merged at once.
import { Checkbox } from 'antd'
import { useLocation } from 'wouter'
import { Button } from 'antd'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { SearchBox } from '#web/kit/filters.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import type { Unit } from '../contract.ts'

const columnsWith = (open: (id: string) => void): Column<Unit>[] => [
  {
    id: 'name',
    title: '名称',
    render: (u) => (
      <button type="button" className="link" onClick={() => open(u.id)}>
        {u.name}
      </button>
    ),
    text: (u) => u.name,
  },
  { id: 'kind', title: '类别', width: 130, render: (u) => u.kindName, text: (u) => u.kindName },
  { id: 'parent', title: '上级', width: 180, render: (u) => u.parentName ?? '—', text: (u) => u.parentName },
  { id: 'code', title: '代码', width: 140, render: (u) => u.code ?? '—', text: (u) => u.code },
  {
    id: 'children',
    title: '直接下级',
    width: 90,
    align: 'right',
    render: (u) => u.children,
    text: (u) => u.children,
    sum: (u) => u.children,
  },
  { id: 'opened', title: '设立日', width: 110, render: (u) => u.openedOn, text: (u) => u.openedOn },
  { id: 'closed', title: '撤销日', width: 110, render: (u) => u.closedOn ?? '—', text: (u) => u.closedOn },
  {
    id: 'planned',
    title: '计划',
    width: 110,
    render: (u) => (u.planned ? <StateTag tone="act">有计划调整</StateTag> : ''),
    text: (u) => (u.planned ? '有计划调整' : ''),
  },
]

export function Children({ unit, on }: { unit: string | undefined; on: string | undefined }) {
  const { get, set } = useAddress()
  const search = get('search')
  const closed = get('closed') === '1'
  const mayChange = usePermission('unit.reorganise')
  const open = (id: string) => set({ unit: id, page: null, search: null }, { push: true })
  const where = search ? { search, under: unit } : { parent: unit }
  return (
    <>
      <div className="filters" role="search">
        <SearchBox
          label="查找单位名称"
          placeholder={unit ? '在下级中查找：名称、拼音首字母、代码' : '名称、拼音首字母、代码'}
          width={330}
        />
        <Checkbox checked={closed} onChange={(e) => set({ closed: e.target.checked ? 1 : null, page: null })}>
          含已撤销
        </Checkbox>
      </div>
      <DataTable<Unit>
        name="units"
        title="单位清单"
        path="/units"
        query={{ ...where, on, closed: closed || undefined }}
        columns={columnsWith(open)}
        {...(mayChange && !on ? { renderBatch: (rows: Unit[]) => <Batch rows={rows} /> } : {})}
        empty={
          search ? (
            <EmptyState title="没有找到这样的单位">请换一个名称、拼音首字母或代码。</EmptyState>
          ) : (
            <EmptyState title="没有下级单位">这一天，这个单位下面没有设立单位。</EmptyState>
          )
        }
      />
    </>
  )
}

/** One decision for several units: where they go is said on the next page. */
function Batch({ rows }: { rows: Unit[] }) {
  const [, navigate] = useLocation()
  const carry = useCarry()
  const go = (op: string) => navigate(carry('/units/change', { op, units: rows.map((r) => r.id).join(',') }))
  return (
    <>
      <Button onClick={() => go('move')}>调整隶属</Button>
      <Button onClick={() => go('merge')}>并入另一单位</Button>
    </>
  )
}
