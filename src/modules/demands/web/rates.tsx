// 三率: response, solved and satisfied of a unit and a period, in bands with the method, beside the same period of last year. Rows stand
// in the order of the tree or of the catalogue; nothing here can be put in an order of results. [REQ-R, REQ-11]
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented, Select } from 'antd'
import { addMonths } from '#core/calendar/days.ts'
import { periodOfKey } from '#core/calendar/periods.ts'
import type { TableFormat } from '#core/table.ts'
import { call } from '#web/api.ts'
import { useAddress } from '#web/kit/address.ts'
import { PeriodSelect, useAsked } from '#web/kit/asking.tsx'
import { StateTag } from '#web/kit/clock.tsx'
import { saveTable } from '#web/kit/export.ts'
import { PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { SaveAs } from '#web/kit/save-as.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { todayHere } from '#web/kit/time.ts'
import { listUnits } from '#web/kit/units.tsx'
import type { Rate, RateRow, Rates } from '../contract.ts'
import { useMechanisms } from './queries.ts'

/** The scope of the address, else the highest unit the reader may see. */
function useUnitAsked() {
  const { get } = useAddress()
  const unit = get('unit')
  const roots = useQuery({
    queryKey: ['/units', { limit: 1, first: true }],
    enabled: !unit,
    staleTime: 300_000,
    queryFn: ({ signal }) => listUnits({ limit: 1 }, signal),
  })
  return unit ?? roots.data?.rows[0]?.id
}

/** The days asked about, never past today, and the same days of last year. */
function spans(key: string) {
  const period = periodOfKey(key)
  const today = todayHere()
  const from = period?.from ?? `${today.slice(0, 4)}-01-01`
  const to = period && period.to < today ? period.to : today
  return { now: { from, to }, before: { from: addMonths(from, -12), to: addMonths(to, -12) } }
}

function useRates(unit: string | undefined, days: { from: string; to: string }) {
  const { get } = useAddress()
  const query = { unit, ...days, by: get('by') ?? 'unit', lens: get('lens'), mechanism: get('mechanism') }
  return useQuery({
    queryKey: ['/rates', query],
    enabled: Boolean(unit),
    queryFn: ({ signal }) => call<Rates>('GET', '/rates', { query, signal }),
  })
}

export function RatesPage() {
  const { period } = useAsked()
  const unit = useUnitAsked()
  const { now, before } = spans(period)
  const rates = useRates(unit, now)
  const last = useRates(unit, before)
  const whole = rates.data?.whole
  const stretch = `${now.from} 至 ${now.to}`
  return (
    <>
      <PrintHead title="诉求办理三率" unit={whole?.name} period={stretch} />
      <PageHead title="三率" where={whole ? `${whole.name}　${stretch}` : stretch}>
        <span className="no-print">
          <SaveAs
            disabled={!rates.data}
            save={async (format) => {
              if (rates.data) await save(format, { now: rates.data, before: last.data, stretch })
            }}
          />
        </span>
        <Button className="no-print" disabled={!rates.data} onClick={() => window.print()}>
          打印
        </Button>
      </PageHead>
      <Sheet>
        <Asks />
        {rates.error ? <ErrorState error={rates.error} retry={() => void rates.refetch()} /> : null}
        {rates.data ? <Table now={rates.data} before={last.data} /> : rates.error ? null : <Loading lines={6} />}
      </Sheet>
      <PrintFoot />
    </>
  )
}

function Asks() {
  const { get, set } = useAddress()
  const mechanisms = useMechanisms().data ?? []
  return (
    <div className="filters" role="search">
      <PeriodSelect />
      <Segmented
        size="small"
        value={get('by') ?? 'unit'}
        onChange={(v) => set({ by: v === 'unit' ? null : v })}
        options={[
          { value: 'unit', label: '按下级单位' },
          { value: 'category', label: '按类别' },
        ]}
      />
      <Segmented
        size="small"
        value={get('lens') ?? 'place'}
        onChange={(v) => set({ lens: v === 'place' ? null : v })}
        options={[
          { value: 'place', label: '按事发地' },
          { value: 'owner', label: '按承办单位' },
        ]}
      />
      {mechanisms.length > 1 ? (
        <label>
          机制
          <Select
            allowClear
            aria-label="机制"
            style={{ width: 180 }}
            placeholder="全部"
            value={get('mechanism') ?? null}
            onChange={(v?: string | null) => set({ mechanism: v ?? null })}
            options={mechanisms.map((m) => ({ value: m.id, label: m.name }))}
          />
        </label>
      ) : null}
    </div>
  )
}

const kinds = [
  { id: 'response', name: '响应率' },
  { id: 'solved', name: '解决率' },
  { id: 'satisfied', name: '满意率' },
] as const

/** Difference to last year in percentage points; nothing where either is too small a sample. */
function change(now: Rate, before: Rate | undefined): string {
  const [a, b] = [now.text, before?.text ?? ''].map((t) =>
    t.endsWith('%') ? Math.round(Number.parseFloat(t) * 10) : null,
  )
  if (a === null || a === undefined || b === null || b === undefined) return '—'
  const points = (Math.abs(a - b) / 10).toFixed(1)
  return a === b ? '持平' : `${a > b ? '+' : '−'}${points} 个百分点`
}

const shown = (r: Rate) => `${r.text}（${r.numerator}/${r.denominator}）`

function RateCell({ now, before }: { now: Rate; before: Rate | undefined }) {
  return (
    <>
      <span className="row">
        {now.band ? <StateTag>{`${now.band} 档`}</StateTag> : null}
        <b>{now.text}</b>
        <span className="quiet num">
          {now.numerator}/{now.denominator}
        </span>
      </span>
      <div className="quiet">同比 {change(now, before)}</div>
    </>
  )
}

function Table({ now, before }: { now: Rates; before: Rates | undefined }) {
  const rows: RateRow[] = [now.whole, ...now.rows]
  const last = (r: RateRow) => (r === now.whole ? before?.whole : before?.rows.find((b) => b.key === r.key))
  const weighed = rows.some((r) => r.composite !== null)
  if (now.whole.dispatched === 0)
    return <EmptyState title="这段时间没有派出的诉求">换一个期间，或在左侧换一个单位。</EmptyState>
  return (
    <>
      <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label="三率表">
        <table className="plain lined">
          <thead>
            <tr>
              <th>名称</th>
              <th className="num">派单</th>
              <th className="num">剔除</th>
              <th className="num">挂账</th>
              {kinds.map((k) => (
                <th key={k.id}>{k.name}</th>
              ))}
              {weighed ? <th className="num">综合</th> : null}
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <tr key={`${r === now.whole} ${r.key}`} className={r === now.whole ? 'whole' : undefined}>
                <th scope="row">{r === now.whole ? `${r.name}（合计）` : r.name}</th>
                <td className="num">{r.dispatched.toLocaleString('zh-CN')} 件</td>
                <td className="num">{r.excluded.toLocaleString('zh-CN')} 件</td>
                <td className="num">{r.suspended.toLocaleString('zh-CN')} 件</td>
                {kinds.map((k) => (
                  <td key={k.id}>
                    <RateCell now={r[k.id]} before={last(r)?.[k.id]} />
                  </td>
                ))}
                {weighed ? <td className="num">{r.composite ?? '—'}</td> : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="method">
        <p>口径：{now.method}</p>
        <p>
          分档展示，不排名次：各单位按组织树顺序、各类别按派单目录顺序列出；有效件数不足的显示“样本不足”，没有有效件的显示“—”（依据
          REQ-R、REQ-11）。
        </p>
      </div>
    </>
  )
}

function save(
  format: TableFormat,
  { now, before, stretch }: { now: Rates; before: Rates | undefined; stretch: string },
) {
  const head = [
    '名称',
    '派单',
    '剔除',
    '挂账',
    ...kinds.flatMap((k) => [k.name, `${k.name}档次`, `${k.name}同比`]),
    '综合',
  ]
  const line = (r: RateRow, last: RateRow | undefined) => [
    r.name,
    r.dispatched,
    r.excluded,
    r.suspended,
    ...kinds.flatMap((k) => [shown(r[k.id]), r[k.id].band ?? '', change(r[k.id], last?.[k.id])]),
    r.composite ?? '',
  ]
  const below = now.rows.map((r) =>
    line(
      r,
      before?.rows.find((b) => b.key === r.key),
    ),
  )
  const mark = `期间：${stretch}；口径：${now.method}`
  return saveTable(
    { title: `三率-${now.whole.name}`, mark, head, lines: [line(now.whole, before?.whole), ...below] },
    format,
  )
}
