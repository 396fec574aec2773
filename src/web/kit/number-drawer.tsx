// Any number opens here: what it counts, of which unit and period, as of when, broken down, as a series, and the records behind it.
import { Button, Drawer, Segmented, Select, Table } from 'antd'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Figure, Figures } from '#modules/figures/contract.ts'
import { useAddress } from './address.ts'
import { useTold } from './act.tsx'
import { treeText } from './asking.tsx'
import { FigureCharts } from './chart.tsx'
import {
  breakdowns,
  changeText,
  figureText,
  growthText,
  isSeries,
  periodText,
  type Question,
  questionText,
  readQuestion,
  useFigures,
} from './figures.ts'
import { MemberBalance } from './number-balance.tsx'
import { Records } from './number-records.tsx'
import { Facts } from './page.tsx'
import { ReportButton } from './number-report.tsx'
import { PinButton } from './pins.tsx'
import { SaveFrom } from './save-as.tsx'
import { EmptyState, ErrorState, Loading } from './states.tsx'
import { moment } from './time.ts'
import { WatchButton } from './watch.tsx'

/** A number on a page: pressing it opens the drawer, and the open drawer is part of the address. */
export function Num({ figure, ...asked }: { figure: Figure } & Omit<Question, 'measure'>) {
  const { set } = useAddress()
  const { measure } = figure
  return (
    <button
      type="button"
      className={figure.suppressed ? 'figure quiet' : 'figure'}
      title={figure.suppressed ? (figure.suppression ?? '') : measure.definition}
      onClick={() => set({ number: questionText({ ...asked, measure: measure.id }) }, { push: true })}
    >
      {figureText(figure, measure)}
    </button>
  )
}

/** Mounted once in the frame: shows whatever number the address names. */
export function NumberDrawer() {
  const { get, set } = useAddress()
  const asked = get('number')
  return (
    <Drawer open={Boolean(asked)} title="数字由来" size={760} onClose={() => set({ number: null })} destroyOnHidden>
      {asked ? <Origin key={asked} question={readQuestion(asked)} /> : null}
    </Drawer>
  )
}

const queryOf = (q: Question) => ({ measures: q.measure, unit: q.unit, period: q.period, tree: q.tree })

export const spanText = ({ from, to }: Figures['period']) => (from === to ? from : `${from} 至 ${to}`)

/** The number itself, beside what it was. */
function Head({ figure, with: other }: { figure: Figure; with: Figures['comparedWith'] }) {
  const m = figure.measure
  const growth = growthText(figure, m)
  return (
    <div>
      <div>{m.name}</div>
      <div className="bignum">{figureText(figure, m)}</div>
      {figure.denominator !== null ? (
        <div className="quiet">
          {figure.numerator?.toLocaleString('zh-CN')} / {figure.denominator.toLocaleString('zh-CN')}
        </div>
      ) : null}
      {other && figure.before ? (
        <div className="quiet">
          上年同期（{spanText(other)}）{figureText(figure.before, m)}，
          {figure.change === null ? '不能比较' : `变化 ${changeText(figure.change, m)}${growth ? `（${growth}）` : ''}`}
        </div>
      ) : null}
      {figure.suppression ? <div className="quiet">{figure.suppression}。</div> : null}
    </div>
  )
}

function Origin({ question }: { question: Question }) {
  const whole = useFigures({ ...queryOf(question), compare: 'last-year' })
  const [part, setPart] = useState('records')
  const [by, setBy] = useState('child')
  if (whole.error) return <ErrorState error={whole.error} retry={() => void whole.refetch()} />
  const figure = whole.data?.figures[0]
  if (!whole.data || !figure) return <Loading />
  const m = figure.measure
  return (
    <div className="stack">
      <Head figure={figure} with={whole.data.comparedWith} />
      <div className="row">
        <PinButton measure={m.id} unit={question.unit ?? null} />
        <WatchButton measure={m.id} name={m.name} classifier={m.classifier} unit={whole.data.unit} />
        <Compare question={question} />
        <ReportButton measure={m} />
        <Share />
      </div>
      <Facts
        of={[
          ['口径', m.definition],
          ['计算', m.formula],
          m.list !== null && ['名册', m.list],
          ['单位', whole.data.unit.name],
          ['期间', spanText(whole.data.period)],
          ['组织树', treeText(whole.data)],
          ['截至', moment(whole.data.asOf)],
          m.version > 1 && ['口径版本', `第 ${m.version} 版`],
          ['可用说法', m.verbs.join('、')],
          m.ground !== null && ['依据', m.ground],
        ]}
      />
      <div className="row">
        <Segmented
          value={part}
          onChange={(v) => setPart(String(v))}
          options={[
            { value: 'records', label: '记录' },
            { value: 'parts', label: '分列' },
            ...(m.balance ? [{ value: 'balance', label: '增减平衡' }] : []),
          ]}
        />
        {part === 'parts' ? (
          <Select aria-label="按什么分列" value={by} onChange={setBy} options={breakdowns(m)} style={{ width: 160 }} />
        ) : null}
      </div>
      {part === 'records' ? <Records question={question} figure={figure} /> : null}
      {part === 'parts' ? <Breakdown key={by} question={question} by={by} /> : null}
      {part === 'balance' ? <MemberBalance question={question} /> : null}
    </div>
  )
}

/** The same number in the explorer, unit by unit, beside the same days of last year. */
function Compare({ question: { measure, unit, period } }: { question: Question }) {
  const [, navigate] = useLocation()
  const query = new URLSearchParams({ m: measure.replace(/@.*$/, ''), by: 'child', cmp: 'last-year' })
  if (unit) query.set('unit', unit)
  if (period) query.set('period', period)
  return (
    <Button size="small" onClick={() => navigate(`/figures?${query}`)}>
      对比
    </Button>
  )
}

/** The address reproduces the screen: a link is all it takes. */
function Share() {
  const told = useTold()
  return (
    <Button
      size="small"
      onClick={() => void navigator.clipboard.writeText(window.location.href).then(() => told('链接已复制'))}
    >
      复制链接
    </Button>
  )
}

function Breakdown({ question, by }: { question: Question; by: string }) {
  const { set } = useAddress()
  const query = { ...queryOf(question), by }
  const data = useFigures(query)
  if (data.error) return <ErrorState error={data.error} retry={() => void data.refetch()} />
  const figure = data.data?.figures[0]
  if (!figure) return <Loading />
  if (figure.rows.length === 0) return <EmptyState title="没有可分列的内容" />
  const largest = Math.max(...figure.rows.map((r) => r.value ?? 0), 1)
  const open = (unit: string) => set({ number: questionText({ ...question, unit }) }, { push: true })
  return (
    <>
      {figure.note ? <p className="quiet">{figure.note}</p> : null}
      {figure.suppression ? <p className="quiet">{figure.suppression}。</p> : null}
      {isSeries(by) ? <FigureCharts of={[figure]} by={by} share={false} /> : null}
      <div className="row" style={{ justifyContent: 'flex-end', marginBottom: 8 }}>
        <SaveFrom path="/figures" query={query} size="small" label="导出分列" />
      </div>
      <Table
        rowKey="key"
        size="small"
        pagination={figure.rows.length > 50 ? { pageSize: 50, size: 'small' } : false}
        dataSource={figure.rows}
        columns={[
          {
            title: breakdowns(figure.measure).find((b) => b.value === by)?.label ?? '',
            render: (_, r) =>
              r.unitId && r.unitId !== data.data?.unit.id ? (
                <button type="button" className="link" onClick={() => open(r.unitId as string)}>
                  {r.name}
                </button>
              ) : isSeries(by) ? (
                periodText(r.name)
              ) : (
                r.name
              ),
          },
          {
            title: '',
            width: 180,
            render: (_, r) => <i className="bar" style={{ width: `${(100 * (r.value ?? 0)) / largest}%` }} />,
          },
          {
            title: figure.measure.name,
            width: 140,
            className: 'num',
            align: 'right' as const,
            render: (_, r) => <span className={r.suppressed ? 'quiet' : ''}>{figureText(r, figure.measure)}</span>,
          },
        ]}
      />
    </>
  )
}
