// 基层负担: what each unit was asked to type in a month, by whom, in minutes; and that nothing was asked twice. [JF-09]
import { useQuery } from '@tanstack/react-query'
import { Select, Table } from 'antd'
import { call } from '#web/api.ts'
import { useAddress } from '#web/kit/address.ts'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { todayHere } from '#web/kit/time.ts'
import { useUnit } from '#web/kit/units.tsx'
import type { Burden, UnitBurden } from '../contract.ts'
import { hours } from './words.ts'

/** This month, the next, and the eleven before. */
function months(): { value: string; label: string }[] {
  const [y = 0, m = 0] = todayHere().split('-').map(Number)
  return Array.from({ length: 13 }, (_, i) => {
    const at = y * 12 + (m - 1) + 1 - i
    const value = `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`
    return { value, label: `${Math.floor(at / 12)}年${(at % 12) + 1}月` }
  })
}

const columns: Column<UnitBurden>[] = [
  {
    id: 'unit',
    title: '单位',
    width: 200,
    render: (b) => (
      <>
        {b.unitName}
        <span className="kind">{b.kindName}</span>
      </>
    ),
    text: (b) => b.unitName,
    sort: { up: 'unit' },
  },
  {
    id: 'minutes',
    title: '预计分钟',
    width: 96,
    align: 'right',
    render: (b) => b.minutes,
    text: (b) => b.minutes,
    sum: (b) => b.minutes,
    sort: { up: 'minutes', down: '-minutes' },
  },
  {
    id: 'asks',
    title: '报表',
    width: 72,
    align: 'right',
    render: (b) => b.asks,
    text: (b) => b.asks,
    sum: (b) => b.asks,
  },
  {
    id: 'typed',
    title: '要填项',
    width: 80,
    align: 'right',
    render: (b) => b.typed,
    text: (b) => b.typed,
    sum: (b) => b.typed,
  },
  {
    id: 'confirmed',
    title: '只确认',
    width: 80,
    align: 'right',
    render: (b) => b.confirmed,
    text: (b) => b.confirmed,
    sum: (b) => b.confirmed,
  },
  {
    id: 'forms',
    title: '要求填什么（由谁）',
    render: (b) => (
      <ul className="stack" style={{ gap: 2 }}>
        {b.forms.map((f) => (
          <li key={f.title}>
            {f.title}
            <span className="kind">
              {f.ownerName}　{f.minutes} 分钟
            </span>
          </li>
        ))}
      </ul>
    ),
    text: (b) => b.forms.map((f) => `${f.title}（${f.ownerName}）`).join('；'),
  },
  { id: 'due', title: '截止', width: 110, render: (b) => b.dueOn ?? '—', text: (b) => b.dueOn },
  {
    id: 'open',
    title: '未填',
    width: 110,
    align: 'right',
    render: (b) => (
      <>
        {b.open}
        {b.late > 0 ? <b className="clock late">　逾期 {b.late}</b> : null}
      </>
    ),
    text: (b) => b.open,
    sum: (b) => b.open,
  },
]

export function BurdenPage() {
  const { get, set } = useAddress()
  const month = get('month') ?? todayHere().slice(0, 7)
  const unit = get('unit')
  const scope = useUnit(unit)
  const where = scope.data ? `${scope.data.name}及下级` : undefined
  return (
    <>
      <PageHead title="基层负担" where={where ?? '全部可见范围'}>
        <Select
          aria-label="月份"
          style={{ width: 130 }}
          value={month}
          options={months()}
          onChange={(m: string) => set({ month: m === todayHere().slice(0, 7) ? null : m, page: null })}
        />
      </PageHead>
      <div className="stack">
        <Totals month={month} unit={unit} org={scope.data?.tree !== 'place'} />
        <Sheet title="各单位这个月要填什么">
          <DataTable<UnitBurden>
            name="burden"
            title={`${month} 填报负担`}
            unit={where}
            path="/burden/units"
            query={{ month, unit }}
            rowId={(b) => b.unitId}
            columns={columns}
            empty={<EmptyState title="这个月没有要填的报表">经批准、截止日在这个月的报表会按单位列在这里。</EmptyState>}
          />
        </Sheet>
      </div>
    </>
  )
}

interface TotalsProps {
  month: string
  unit: string | undefined
  /** numbers of organisations open as figures; a place is asked through those that serve it */
  org: boolean
}

function Totals({ month, unit, org }: TotalsProps) {
  const query = { month, unit }
  const data = useQuery({
    queryKey: ['/burden', query],
    queryFn: ({ signal }) => call<Burden>('GET', '/burden', { query, signal }),
  })
  if (data.error) return <ErrorState error={data.error} retry={() => void data.refetch()} />
  if (!data.data) return <Loading lines={3} />
  return (
    <>
      <Sums of={data.data} month={month} unit={unit} org={org} />
      {data.data.owners.length > 0 ? <Owners of={data.data.owners} /> : null}
    </>
  )
}

function Sums({ of: b, month, unit, org }: TotalsProps & { of: Burden }) {
  const { set } = useAddress()
  const each = b.units === 0 ? 0 : Math.round((b.minutes * 10) / b.units) / 10
  const number = (value: string, measure: string) =>
    org ? (
      <button
        type="button"
        className="figure"
        onClick={() => set({ number: [measure, unit ?? '', month, ''].join('~') }, { push: true })}
      >
        {value}
      </button>
    ) : (
      <b>{value}</b>
    )
  const tiles: [string, React.ReactNode, string][] = [
    ['有任务的单位', number(`${b.units.toLocaleString('zh-CN')} 个`, 'forms.units-asked'), ''],
    ['填报任务', number(`${b.asks.toLocaleString('zh-CN')} 项`, 'forms.asked'), `未填 ${b.open}，逾期 ${b.late}`],
    ['预计用时', number(hours(b.minutes), 'forms.minutes'), `平均每个单位 ${each} 分钟`],
    [
      '要填／只确认',
      `${b.typed.toLocaleString('zh-CN')}／${b.confirmed.toLocaleString('zh-CN')} 项`,
      '系统已有的只确认',
    ],
    ['重复填报', number(`${b.repeats} 项`, 'forms.repeats'), '同一单位被两张表问同一件事'],
  ]
  return (
    <Sheet padded>
      <ul className="sums">
        {tiles.map(([name, value, more]) => (
          <li key={name}>
            <span className="quiet">{name}</span>
            <span className="sum">{value}</span>
            <span className="quiet">{more}</span>
          </li>
        ))}
      </ul>
      <p className="quiet" style={{ marginTop: 10 }}>
        分钟按同一算法预计：每张报表 3 分钟，数字每项 2 分钟，文字 5 分钟，选择、日期、确认各 1
        分钟；不统计任何人的实际用时（依据 JF-03、JF-09）。
      </p>
    </Sheet>
  )
}

const Owners = ({ of }: { of: Burden['owners'] }) => (
  <Sheet title="由谁要求">
    <Table
      rowKey="ownerId"
      size="small"
      pagination={false}
      dataSource={of}
      columns={[
        { title: '单位', dataIndex: 'ownerName' },
        { title: '报表', width: 90, className: 'num', align: 'right' as const, dataIndex: 'forms' },
        { title: '被要求的单位', width: 120, className: 'num', align: 'right' as const, dataIndex: 'units' },
        { title: '填报任务', width: 110, className: 'num', align: 'right' as const, dataIndex: 'asks' },
        { title: '要填项', width: 100, className: 'num', align: 'right' as const, dataIndex: 'typed' },
        {
          title: '预计用时',
          width: 130,
          className: 'num',
          align: 'right' as const,
          render: (_, o) => hours(o.minutes),
        },
      ]}
    />
  </Sheet>
)
