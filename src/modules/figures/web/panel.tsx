// One number opened: definition, formula, breakdown, series, and the records that make it. The page and the drawer show the same.
import { Button, Input, Pagination, Segmented, Table } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import { callFile, saveFile } from '#web/api.ts'
import { useCarry } from '#web/kit/address.ts'
import { Facts, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState, ErrorState, Ground, Loading } from '#web/kit/states.tsx'
import { longDay, moment } from '#web/kit/time.ts'
import type { Figure } from '../contract.ts'
import { type Asked, inWords, useEvidence, useFigures } from './queries.ts'

export function FigurePanel({ measure, asked }: { measure: string; asked: Asked }) {
  const [by, setBy] = useState('child')
  const figures = useFigures(asked, measure, by)
  const figure = figures.data?.figures[0]
  if (figures.error) return <ErrorState error={figures.error} retry={() => void figures.refetch()} />
  if (!figures.data || !figure) return <Loading lines={8} />
  const { unit, period, asOf } = figures.data
  const cuts = [
    { value: 'child', label: '按下级' },
    { value: 'month', label: '按月' },
    ...figure.measure.dimensions.map((d) => ({ value: `dim:${d.id}`, label: `按${d.name}` })),
  ]
  return (
    <div className="stack">
      <Sheet padded>
        <p className="bignum">
          {inWords(figure, figure.measure.classifier)}
          {figure.measure.classifier === '%' ? null : <small>{figure.measure.classifier}</small>}
        </p>
        <Facts
          of={[
            ['口径', figure.measure.definition],
            [
              '算法',
              <>
                {figure.measure.formula}
                <Ground id={figure.measure.ground} />
              </>,
            ],
            figure.denominator !== null && ['分子／分母', `${figure.numerator} ／ ${figure.denominator}`],
            ['可用动词', figure.measure.verbs.join('、')],
            ['单位', unit.name],
            ['时期', `${longDay(period.from)} 至 ${longDay(period.to)}`],
            ['树', asked.tree === 'day' ? '按记录当天的组织树' : '按今天的组织树'],
            ['截至', moment(asOf)],
          ]}
        />
      </Sheet>
      <Sheet title="分列">
        <div className="filters">
          <Segmented aria-label="分列方式" value={by} options={cuts} onChange={setBy} />
        </div>
        <Breakdown figure={figure} by={by} asked={asked} />
      </Sheet>
      <Records measure={measure} asked={asked} ratio={figure.denominator !== null} />
    </div>
  )
}

/** A bar beside every number, and the number beside every bar: no chart without its table. */
function Breakdown({ figure, by, asked }: { figure: Figure; by: string; asked: Asked }) {
  const carry = useCarry()
  const most = Math.max(1, ...figure.rows.map((r) => r.value ?? 0))
  if (figure.rows.length === 0) return <EmptyState title="没有可分列的记录" />
  return (
    <Table<Figure['rows'][number]>
      rowKey="key"
      size="small"
      pagination={figure.rows.length > 50 ? { pageSize: 50, size: 'small' } : false}
      dataSource={figure.rows}
      columns={[
        { title: '序号', width: 52, className: 'seq', render: (_, __, i) => i + 1 },
        {
          title: by === 'child' ? '单位' : by === 'month' ? '月份' : '类别',
          width: 260,
          render: (_, r) =>
            by === 'child' && r.unitId && r.name !== '本级' ? (
              <Link href={carry(`/figures/${figure.measure.id}`, { unit: r.unitId, period: asked.period })}>
                {r.name}
              </Link>
            ) : (
              r.name
            ),
        },
        { title: '数值', width: 110, className: 'num', render: (_, r) => inWords(r, figure.measure.classifier) },
        ...(figure.denominator === null
          ? []
          : [
              {
                title: '分子／分母',
                width: 120,
                className: 'num',
                render: (_: unknown, r: Figure['rows'][number]) => `${r.numerator} ／ ${r.denominator}`,
              },
            ]),
        {
          title: '',
          render: (_, r) => (
            <i
              aria-hidden="true"
              style={{
                display: 'block',
                height: 10,
                width: `${((r.value ?? 0) / most) * 100}%`,
                background: '#9fb2c6',
              }}
            />
          ),
        },
      ]}
    />
  )
}

const SIZE = 20

function Records({ measure, asked, ratio }: { measure: string; asked: Asked; ratio: boolean }) {
  const [part, setPart] = useState<'numerator' | 'denominator'>('numerator')
  const [page, setPage] = useState(1)
  const [search, setSearch] = useState('')
  const query = { measure, ...asked, part: ratio ? part : undefined, search: search || undefined }
  const evidence = useEvidence({ ...query, limit: SIZE, offset: (page - 1) * SIZE })
  const mayExport = usePermission('figure.export')
  const save = async () => saveFile(await callFile('GET', '/figures/evidence.csv', { query }))
  return (
    <Sheet title="构成这个数的记录">
      <div className="filters">
        {ratio ? (
          <Segmented
            aria-label="分子或分母"
            value={part}
            options={[
              { value: 'numerator', label: '分子' },
              { value: 'denominator', label: '分母' },
            ]}
            onChange={(p) => {
              setPart(p as 'numerator' | 'denominator')
              setPage(1)
            }}
          />
        ) : null}
        <Input.Search
          aria-label="在记录中查找"
          placeholder="名称"
          allowClear
          style={{ width: 200 }}
          onSearch={(words) => {
            setSearch(words.trim())
            setPage(1)
          }}
        />
        <span className="gap" />
        {mayExport ? <Button onClick={() => void save()}>导出记录</Button> : null}
      </div>
      {evidence.error ? (
        <ErrorState error={evidence.error} retry={() => void evidence.refetch()} />
      ) : evidence.data ? (
        <>
          <Table
            rowKey="record"
            size="small"
            pagination={false}
            dataSource={evidence.data.rows}
            locale={{ emptyText: '没有记录' }}
            columns={[
              { title: '序号', width: 52, className: 'seq', render: (_, __, i) => (page - 1) * SIZE + i + 1 },
              { title: '记录', render: (_, r) => r.label },
              { title: '日期', width: 110, render: (_, r) => r.day ?? '' },
              { title: '单位', width: 220, render: (_, r) => r.unitName },
              { title: '数量', width: 80, className: 'num', render: (_, r) => r.quantity },
            ]}
          />
          <div className="list-foot">
            <span aria-live="polite">共 {evidence.data.total.toLocaleString('zh-CN')} 条</span>
            <span style={{ flex: 1 }} />
            <Pagination
              size="small"
              current={page}
              pageSize={SIZE}
              total={evidence.data.total}
              showSizeChanger={false}
              onChange={setPage}
            />
          </div>
        </>
      ) : (
        <Loading lines={5} />
      )}
    </Sheet>
  )
}
