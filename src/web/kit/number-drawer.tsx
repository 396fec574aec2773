// Any number opens here: what it counts, of which unit and period, as of when, by child, as a series, and the records behind it.
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Pagination, Segmented, Table } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Evidence, Figure, Figures } from '#modules/figures/contract.ts'
import { call, callFile, saveFile } from '#web/api.ts'
import { useAddress, useCarry } from './address.ts'
import { Facts } from './page.tsx'
import { usePermission } from './session.ts'
import { EmptyState, ErrorState, Loading } from './states.tsx'
import { moment } from './time.ts'

export interface Question {
  measure: string
  unit?: string | undefined
  period?: string | undefined
  tree?: 'day' | 'today' | undefined
}

/** `1,234 件`; a ratio with one decimal; where there is no number, a dash and never 0%. */
export function figureText(
  f: Pick<Figure, 'value' | 'numerator' | 'denominator'> & { measure: Figure['measure'] },
): string {
  if (f.value === null) return '—'
  const unit = f.measure.classifier
  if (unit === '%') return `${f.value.toLocaleString('zh-CN', { minimumFractionDigits: 1, maximumFractionDigits: 1 })}%`
  return `${f.value.toLocaleString('zh-CN', { maximumFractionDigits: 1 })} ${unit}`
}

/** A number on a page: pressing it opens the drawer, and the open drawer is part of the address. */
export function Num({ figure, unit, period, tree }: { figure: Figure } & Omit<Question, 'measure'>) {
  const { set } = useAddress()
  return (
    <button
      type="button"
      className="figure"
      title={figure.measure.definition}
      onClick={() =>
        set({ number: [figure.measure.id, unit ?? '', period ?? '', tree ?? ''].join('~') }, { push: true })
      }
    >
      {figureText(figure)}
    </button>
  )
}

const readQuestion = (text: string): Question => {
  const [measure = '', unit, period, tree] = text.split('~')
  return {
    measure,
    unit: unit || undefined,
    period: period || undefined,
    tree: (tree || undefined) as Question['tree'],
  }
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

const useFigures = (q: Question, by?: string) => {
  const query = { measures: q.measure, unit: q.unit, period: q.period, tree: q.tree, by }
  return useQuery({
    queryKey: ['/figures', query],
    queryFn: ({ signal }) => call<Figures>('GET', '/figures', { query, signal }),
  })
}

function Origin({ question }: { question: Question }) {
  const whole = useFigures(question)
  const [part, setPart] = useState('records')
  if (whole.error) return <ErrorState error={whole.error} retry={() => void whole.refetch()} />
  const figure = whole.data?.figures[0]
  if (!whole.data || !figure) return <Loading />
  const m = figure.measure
  return (
    <div className="stack">
      <div>
        <div>{m.name}</div>
        <div className="bignum">{figureText(figure)}</div>
        {figure.denominator !== null ? (
          <div className="quiet">
            {figure.numerator?.toLocaleString('zh-CN')} / {figure.denominator.toLocaleString('zh-CN')}
          </div>
        ) : null}
      </div>
      <Facts
        of={[
          ['口径', m.definition],
          ['计算', m.formula],
          ['单位', whole.data.unit.name],
          [
            '期间',
            whole.data.period.from === whole.data.period.to
              ? whole.data.period.from
              : `${whole.data.period.from} 至 ${whole.data.period.to}`,
          ],
          ['组织树', whole.data.tree === 'today' ? '按今天的组织树' : '按记录当天的组织树'],
          ['截至', moment(whole.data.asOf)],
          ['可用说法', m.verbs.join('、')],
          m.ground !== null && ['依据', m.ground],
        ]}
      />
      <Segmented
        value={part}
        onChange={(v) => setPart(String(v))}
        options={[
          { value: 'records', label: '记录' },
          { value: 'child', label: '按下级' },
          { value: 'month', label: '按月' },
          ...m.dimensions.map((d) => ({ value: `dim:${d.id}`, label: `按${d.name}` })),
        ]}
      />
      {part === 'records' ? (
        <Records question={question} figure={figure} />
      ) : (
        <Breakdown key={part} question={question} by={part} />
      )}
    </div>
  )
}

function Breakdown({ question, by }: { question: Question; by: string }) {
  const { set } = useAddress()
  const data = useFigures(question, by)
  if (data.error) return <ErrorState error={data.error} retry={() => void data.refetch()} />
  const figure = data.data?.figures[0]
  if (!figure) return <Loading />
  if (figure.rows.length === 0) return <EmptyState title="没有可分列的内容" />
  const largest = Math.max(...figure.rows.map((r) => r.value ?? 0), 1)
  return (
    <Table
      rowKey="key"
      size="small"
      pagination={figure.rows.length > 50 ? { pageSize: 50, size: 'small' } : false}
      dataSource={figure.rows}
      columns={[
        {
          title: by === 'child' ? '下级单位' : by === 'month' ? '月份' : '类别',
          render: (_, r) =>
            r.unitId && r.unitId !== question.unit ? (
              <button
                type="button"
                className="link"
                onClick={() =>
                  set(
                    {
                      number: [question.measure, r.unitId ?? '', question.period ?? '', question.tree ?? ''].join('~'),
                    },
                    { push: true },
                  )
                }
              >
                {r.name}
              </button>
            ) : (
              r.name
            ),
        },
        {
          title: '',
          width: 180,
          render: (_, r) => (
            <i
              style={{
                display: 'block',
                height: 8,
                marginTop: 7,
                width: `${(100 * (r.value ?? 0)) / largest}%`,
                background: '#9fb2c6',
              }}
            />
          ),
        },
        {
          title: figure.measure.name,
          width: 140,
          className: 'num',
          render: (_, r) => figureText({ ...r, measure: figure.measure }),
        },
      ]}
    />
  )
}

const size = 50

function Records({ question, figure }: { question: Question; figure: Figure }) {
  const [page, setPage] = useState(1)
  const [half, setHalf] = useState<'numerator' | 'denominator'>('numerator')
  const mayExport = usePermission('figure.export')
  const carry = useCarry()
  const ratio = figure.measure.kind === 'ratio'
  const asked = { ...question, ...(ratio ? { part: half } : {}) }
  const query = { ...asked, limit: size, offset: (page - 1) * size }
  const data = useQuery({
    queryKey: ['/figures/evidence', query],
    queryFn: ({ signal }) => call<Evidence>('GET', '/figures/evidence', { query, signal }),
  })
  if (data.error) return <ErrorState error={data.error} retry={() => void data.refetch()} />
  if (!data.data) return <Loading />
  const e = data.data
  return (
    <div>
      <div className="row" style={{ marginBottom: 8 }}>
        {ratio ? (
          <Segmented
            size="small"
            value={half}
            onChange={(v) => (setHalf(v as 'numerator'), setPage(1))}
            options={[
              { value: 'numerator', label: '分子' },
              { value: 'denominator', label: '分母' },
            ]}
          />
        ) : null}
        <span>
          共 {e.total.toLocaleString('zh-CN')} 条记录
          {e.sum === e.total ? '' : `，合计 ${e.sum.toLocaleString('zh-CN')}`}
        </span>
        <span style={{ flex: 1 }} />
        {mayExport ? (
          <Button
            size="small"
            onClick={() => void callFile('GET', '/figures/evidence.csv', { query: asked }).then(saveFile)}
          >
            导出记录
          </Button>
        ) : null}
      </div>
      {e.rows.length === 0 ? <EmptyState title="没有记录">这个单位在这段期间没有符合口径的记录。</EmptyState> : null}
      {e.rows.length > 0 ? (
        <Table
          rowKey={(r) => `${r.record} ${r.label} ${r.day}`}
          size="small"
          pagination={false}
          dataSource={e.rows}
          columns={[
            { title: '序号', width: 56, className: 'seq', render: (_, __, i) => (page - 1) * size + i + 1 },
            {
              title: '记录',
              render: (_, r) =>
                r.link ? <Link href={carry(r.link.replace(/^\/console/, ''))}>{r.label}</Link> : r.label,
            },
            { title: '单位', width: 160, dataIndex: 'unitName' },
            { title: '日期', width: 110, render: (_, r) => r.day ?? '—' },
            { title: '数量', width: 70, className: 'num', dataIndex: 'quantity' },
          ]}
        />
      ) : null}
      {e.total > size ? (
        <Pagination
          size="small"
          style={{ marginTop: 8 }}
          current={page}
          pageSize={size}
          total={e.total}
          showSizeChanger={false}
          onChange={setPage}
        />
      ) : null}
    </div>
  )
}
