// 数字: any measures side by side, for the scope and period; broken down, compared, as a table or a heat view, each opening down to records.
import { Button, Segmented, Select, Table, type TableProps } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { type Asked, Asking, treeText, useAskedOn } from '#web/kit/asking.tsx'
import { FigureCharts } from '#web/kit/chart.tsx'
import { breakdowns, changeText, figureText, growthText, isSeries, useFigures, useMeasures } from '#web/kit/figures.ts'
import type { Query } from '#web/kit/list.ts'
import { Num, spanText } from '#web/kit/number-drawer.tsx'
import { PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { PinButton, usePins } from '#web/kit/pins.tsx'
import { SaveFrom } from '#web/kit/save-as.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { Figure, Figures, MeasureVersion } from '../contract.ts'
import { fieldNames } from '../contract/fields.ts'
import { Heat } from './heat.tsx'
import { Matrix } from './matrix.tsx'

const kinds = { flow: '期间发生', stock: '期末存量', ratio: '比率' } as const

const PINS = 'pins'
const PICKED = 'picked'
const MOST = 12

const fieldOf = (m: MeasureVersion) => m.id.slice(0, m.id.indexOf('.'))

/** Measures of the address: picked ones, the pinned, or those of a field. */
function useChosen(all: readonly MeasureVersion[]) {
  const { get, set } = useAddress()
  const pins = usePins()
  const picked = get('m')?.split(',') ?? []
  const known = [...Object.keys(fieldNames), ...all.map(fieldOf)].filter(
    (f, i, list) => list.indexOf(f) === i && all.some((m) => fieldOf(m) === f),
  )
  const kept = all.filter((m) => pins.some((p) => p.measure === m.id)).map((m) => m.id)
  const field = picked.length > 0 ? PICKED : (get('field') ?? (kept.length > 0 ? PINS : known[0]))
  const ids =
    field === PICKED ? picked : field === PINS ? kept : all.filter((m) => fieldOf(m) === field).map((m) => m.id)
  return {
    field,
    ids,
    groups: [
      ...(kept.length > 0 ? [{ value: PINS, label: '关注' }] : []),
      ...known.map((f) => ({ value: f, label: fieldNames[f] ?? f })),
      ...(picked.length > 0 ? [{ value: PICKED, label: '自选' }] : []),
    ],
    choose: (f: string) => f !== PICKED && set({ field: f, m: null, by: null }),
    pick: (m: readonly string[]) => set({ m: m.join(',') || null, field: null }),
  }
}

/** What all chosen measures can be broken down by. */
function common(measures: readonly MeasureVersion[]) {
  const [first, ...rest] = measures.map(breakdowns)
  return (first ?? []).filter((b) => rest.every((r) => r.some((o) => o.value === b.value)))
}

const comparisons = [
  { value: '', label: '不对比' },
  { value: 'previous', label: '与上期比' },
  { value: 'last-year', label: '与上年同期比' },
]

export function FiguresPage() {
  const carry = useCarry()
  const asked = useAskedOn()
  const { data: list, error, refetch } = useMeasures()
  const all = list?.rows ?? []
  const { field, ids, groups, choose, pick } = useChosen(all)
  const chosen = ids.flatMap((id) => all.find((m) => m.id === id.replace(/@.*$/, '')) ?? [])
  const { by, compare, view } = useView(chosen)
  const shown = by ? ids.slice(0, MOST) : ids
  const query = { ...asked, measures: shown.join(','), by, compare }
  const figures = useFigures(query, shown.length > 0)
  const where = figures.data
    ? `${figures.data.unit.name}　${spanText(figures.data.period)}　截至 ${moment(figures.data.asOf)}`
    : ''
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  return (
    <>
      <PageHead title="数字" where={where}>
        <Asking dated />
        <Link href={carry('/figures/definitions')}>指标口径</Link>
      </PageHead>
      <PrintHead
        title="主要数字"
        unit={figures.data?.unit.name}
        period={figures.data && spanText(figures.data.period)}
      />
      <Sheet>
        <div className="filters">
          <Segmented aria-label="领域" value={field ?? ''} options={groups} onChange={choose} />
        </div>
        <Filters
          all={all}
          chosen={chosen}
          picked={field === PICKED ? ids : []}
          pick={pick}
          query={shown.length > 0 ? query : null}
        />
        <Body figures={figures} asked={asked} by={by} view={view} cut={ids.length - shown.length} />
      </Sheet>
      <PrintFoot />
    </>
  )
}

interface FiltersProps {
  all: readonly MeasureVersion[]
  chosen: readonly MeasureVersion[]
  picked: readonly string[]
  pick: (ids: readonly string[]) => void
  /** what is shown now; null while nothing is picked */
  query: Query | null
}

const isByUnit = (by: string | undefined) => by === 'child' || (by?.startsWith('level:') ?? false)

type View = 'table' | 'chart' | 'share' | 'heat'

/** A whole has no shape; parts of it may be drawn as shares, units also as a heat view. */
function viewsOf(by: string | undefined): { value: View; label: string }[] {
  if (!by) return []
  return [
    { value: 'table', label: '表' },
    { value: 'chart', label: isSeries(by) ? '折线图' : '柱形图' },
    ...(isSeries(by) ? [] : [{ value: 'share' as const, label: '构成图' }]),
    ...(isByUnit(by) ? [{ value: 'heat' as const, label: '热力图' }] : []),
  ]
}

/** How the numbers are looked at lives in the address: breakdown, comparison, view. */
function useView(chosen: readonly MeasureVersion[]) {
  const { get } = useAddress()
  const ways = common(chosen)
  const by = ways.some((w) => w.value === get('by')) ? get('by') : undefined
  const wanted = get('view')
  const views = viewsOf(by)
  const view = views.some((v) => v.value === wanted) ? (wanted as View) : 'table'
  return { ways, by, compare: get('cmp') || undefined, views, view }
}

function Filters({ all, chosen, picked, pick, query }: FiltersProps) {
  const { set } = useAddress()
  const { ways, by, compare, views, view } = useView(chosen)
  return (
    <div className="filters">
      <MeasurePicker all={all} value={picked} onChange={pick} />
      <Choice
        label="分列"
        value={by ?? ''}
        options={[{ value: '', label: '不分列' }, ...ways.map((w) => ({ ...w, label: `按${w.label}` }))]}
        onChange={(v) => set({ by: v || null, view: null })}
      />
      <Choice label="对比" value={compare ?? ''} options={comparisons} onChange={(v) => set({ cmp: v || null })} />
      {views.length > 0 ? (
        <Segmented
          aria-label="样式"
          value={view}
          options={views}
          onChange={(v) => set({ view: v === 'table' ? null : v })}
        />
      ) : null}
      <span className="gap" />
      {query ? <Export query={query} /> : null}
    </div>
  )
}

function Choice({
  label,
  ...rest
}: {
  label: string
  value: string
  options: { value: string; label: string }[]
  onChange: (value: string) => void
}) {
  return <Select aria-label={label} style={{ minWidth: 150 }} popupMatchSelectWidth={false} {...rest} />
}

interface BodyProps {
  figures: ReturnType<typeof useFigures>
  asked: Asked
  by: string | undefined
  view: View
  /** measures left out of a breakdown */
  cut: number
}

function Body({ figures: { data, error, isPending, isFetching, refetch }, asked, by, view, cut }: BodyProps) {
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (isPending && isFetching) return <Loading lines={12} />
  if (!data || data.figures.length === 0)
    return <EmptyState title="没有可看的数字">从上面选一个领域，或者自选几个指标。</EmptyState>
  const hidden = data.figures.find((f) => f.suppression)?.suppression
  return (
    <>
      {data.tree === 'today' ? null : <p className="note">{treeText(data)}。</p>}
      {cut > 0 ? (
        <p className="note">
          分列时最多并列 {MOST} 个指标，还有 {cut} 个没有列出。
        </p>
      ) : null}
      {by && (view === 'chart' || view === 'share') ? (
        <FigureCharts of={data.figures} by={by} share={view === 'share'} />
      ) : null}
      {view === 'heat' ? (
        <Heat data={data} asked={asked} by={by ?? 'child'} />
      ) : by ? (
        <Matrix data={data} asked={asked} by={by} />
      ) : (
        <Table<Figure>
          rowKey={(f) => f.measure.id}
          size="small"
          pagination={false}
          dataSource={data.figures}
          columns={columnsFor(asked, data)}
        />
      )}
      {hidden ? <p className="note">{hidden}。</p> : null}
    </>
  )
}

function columnsFor(asked: Asked, data: Figures): TableProps<Figure>['columns'] {
  const other = data.comparedWith
  return [
    { title: '序号', width: 56, className: 'seq', render: (_, __, i) => i + 1 },
    { title: '指标', width: 220, render: (_, f) => f.measure.name },
    {
      title: '数值',
      width: 140,
      className: 'num',
      align: 'right' as const,
      render: (_, f) => <Num figure={f} {...asked} />,
    },
    ...(other
      ? [
          {
            title: spanText(other),
            width: 210,
            className: 'num',
            align: 'right' as const,
            render: (_: unknown, f: Figure) => (f.before ? figureText(f.before, f.measure) : '—'),
          },
          {
            title: '变化',
            width: 170,
            className: 'num',
            align: 'right' as const,
            render: (_: unknown, f: Figure) =>
              [changeText(f.change, f.measure), growthText(f, f.measure)].filter(Boolean).join('　'),
          },
        ]
      : []),
    { title: '种类', width: 90, render: (_, f) => kinds[f.measure.kind] },
    { title: '口径', render: (_, f) => f.measure.definition },
    {
      title: '',
      width: 96,
      className: 'no-print',
      render: (_, f) => <PinButton measure={f.measure.id} />,
    },
  ]
}

/** Several measures, found by name, pinyin or words of their definition. */
function MeasurePicker({
  all,
  value,
  onChange,
}: {
  all: readonly MeasureVersion[]
  value: readonly string[]
  onChange: (ids: string[]) => void
}) {
  const [words, setWords] = useState('')
  const wanted = words.trim().toLowerCase()
  const isLike = (m: MeasureVersion) => [m.name, m.id, m.definition, m.pinyin].some((t) => t.includes(wanted))
  return (
    <Select
      mode="multiple"
      aria-label="自选指标"
      placeholder="自选指标：名称、拼音首字母或口径"
      style={{ width: 420 }}
      maxTagCount="responsive"
      maxCount={MOST}
      value={[...value]}
      showSearch={{ filterOption: false, onSearch: setWords, autoClearSearchValue: true }}
      options={all.filter((m) => wanted === '' || isLike(m)).map((m) => ({ value: m.id, label: m.name }))}
      onChange={(ids: string[]) => onChange(ids)}
      notFoundContent="没有找到"
    />
  )
}

function Export({ query }: { query: Query }) {
  return (
    <span className="row no-print">
      <SaveFrom path="/figures" query={query} />
      <Button onClick={() => window.print()}>打印</Button>
    </span>
  )
}
