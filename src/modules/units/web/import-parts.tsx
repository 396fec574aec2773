// What both imports of units ask first and show last.
import { Table } from 'antd'
import { useRef, useState } from 'react'
import { useAddress } from '#web/kit/address.ts'
import { useWide } from '#web/kit/data-table.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import { todayHere } from '#web/kit/time.ts'
import { UnitPicker, useUnit } from '#web/kit/units.tsx'
import type { RowProblem } from '../contract.ts'

/** Where the rows hang and from when they hold: asked before either import. */
export function useGround() {
  const { get } = useAddress()
  const scope = useUnit(get('unit'))
  const [picked, setPicked] = useState<string | undefined>(undefined)
  const [openedOn, setOpenedOn] = useState(todayHere())
  return { under: picked ?? get('unit'), setPicked, openedOn, setOpenedOn, first: scope.data ? [scope.data] : [] }
}

interface Asked {
  ground: ReturnType<typeof useGround>
  what: string
  days: string
}

export const GroundSteps = ({ ground, what, days }: Asked) => (
  <>
    <li>
      <b>导入到哪个单位下</b>
      <span style={{ width: 340, maxWidth: '100%' }}>
        <UnitPicker
          aria-label="导入到哪个单位下"
          value={ground.under}
          first={ground.first}
          onChange={(id) => ground.setPicked(id)}
        />
      </span>
      <span className="quiet">{what}</span>
    </li>
    <li>
      <b>自哪天起</b>
      <DayInput value={ground.openedOn} onChange={ground.setOpenedOn} aria-label="自哪天起" />
      <span className="quiet">{days}</span>
    </li>
  </>
)

export const Problems = ({ rows, none }: { rows: readonly RowProblem[]; none: string }) =>
  rows.length > 0 ? <ProblemTable rows={rows} /> : none ? <EmptyState title={none} /> : null

function ProblemTable({ rows }: { rows: readonly RowProblem[] }) {
  const box = useRef<HTMLDivElement>(null)
  useWide(box, '问题')
  return (
    <div ref={box}>
      <Table<RowProblem>
        rowKey={(r) => `${r.sheet} ${r.cell} ${r.code}`}
        size="small"
        dataSource={[...rows]}
        pagination={rows.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
        columns={[
          { title: '序号', width: 56, className: 'seq', render: (_, r) => rows.indexOf(r) + 1 },
          { title: '位置', width: 180, render: (_, r) => [r.sheet, r.cell].filter(Boolean).join(' ') || '—' },
          { title: '原因', render: (_, r) => r.text },
        ]}
      />
    </div>
  )
}
