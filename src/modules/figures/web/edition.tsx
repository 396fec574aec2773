// One edition: what was signed, whether it still holds, and what the records say since.
import { useQuery } from '@tanstack/react-query'
import { Drawer, Table, type TableProps } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import { call, callFile, saveFile } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { Facts, PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { SaveAs, SaveFrom } from '#web/kit/save-as.tsx'
import { usePermission } from '#web/kit/session.ts'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { actionWord } from '#web/kit/words.ts'
import type { EditionPage as Page, EditionRestatements, Restatement } from '../contract.ts'
import { editionStates } from './edition-words.ts'

type Signed = Page['body']['figures'][number]
type Since = EditionRestatements['figures'][number]

const numberText = (value: number | null, classifier: string) =>
  value === null ? '—' : `${value.toLocaleString('zh-CN', { maximumFractionDigits: 1 })} ${classifier}`

export function EditionPage() {
  const { id } = useParams<{ id: string }>()
  const page = useQuery({
    queryKey: ['/editions', id],
    queryFn: ({ signal }) => call<Page>('GET', `/editions/${id}`, { signal }),
  })
  const since = useQuery({
    queryKey: ['/editions', id, 'restatements'],
    queryFn: ({ signal }) => call<EditionRestatements>('GET', `/editions/${id}/restatements`, { signal }),
  })
  if (page.error) return <ErrorState error={page.error} retry={() => void page.refetch()} />
  if (!page.data) return <Loading lines={10} />
  return (
    <div className="stack">
      <Head of={page.data} />
      {since.error ? <ErrorState error={since.error} retry={() => void since.refetch()} /> : null}
      <Figures of={page.data} since={since.data} />
      <PrintFoot />
    </div>
  )
}

function Head({ of }: { of: Page }) {
  const mayExport = usePermission('figure.export')
  const carry = useCarry()
  const { body } = of
  const period = `${body.period.from} 至 ${body.period.to}`
  const { word, tone } = editionStates[of.state]
  return (
    <>
      <PageHead title={of.title} where={`第${of.no}期　${of.unit.name}`}>
        <StateTag tone={tone}>{word}</StateTag>
        <Link href={carry('/editions')}>返回清单</Link>
        {mayExport ? (
          <SaveAs
            save={async (format) =>
              saveFile(await callFile('GET', `/editions/${of.id}/${format === 'xlsx' ? 'workbook' : 'figures.csv'}`))
            }
          />
        ) : null}
        {of.can.includes('drop') ? (
          <Act
            verb="作废"
            done="已作废"
            reason="required"
            run={(reason, idempotencyKey) =>
              call('POST', `/editions/${of.id}/drop`, { idempotencyKey, body: { reason } })
            }
          />
        ) : null}
        {of.can.includes('sign') ? (
          <Act
            verb="签署"
            done="已签署"
            type="primary"
            effect={`签署后，这一期的 ${body.figures.length} 个数、口径和依据摘要不再改变。`}
            run={(_, idempotencyKey) => call('POST', `/editions/${of.id}/signature`, { idempotencyKey, body: {} })}
          />
        ) : null}
      </PageHead>
      <PrintHead title={`${of.title}（第${of.no}期）`} unit={of.unit.name} period={period} />
      <Sheet padded>
        <Facts
          two
          of={[
            ['期间', period],
            ['数字截至', moment(body.asOf)],
            ['组织树', body.tree === 'day' ? '按记录之日' : `${body.tree} 的组织树`],
            ['编制', `${of.preparedBy} ${moment(of.preparedAt)}`],
            ['签署', of.signedBy && of.signedAt ? `${of.signedBy} ${moment(of.signedAt)}` : '未签署'],
            ['完整性', of.holds ? '正文、摘要与签署一致' : '正文与摘要或签署不一致，请报告审计管理员'],
            ['正文摘要', `${of.hash.slice(0, 32)}…`],
          ]}
        />
      </Sheet>
    </>
  )
}

function Figures({ of, since }: { of: Page; since: EditionRestatements | undefined }) {
  const [open, setOpen] = useState<string | null>(null)
  const later = new Map(since?.figures.map((f) => [f.measure.id, f]))
  const columns: TableProps<Signed>['columns'] = [
    { title: '序号', width: 56, className: 'seq', render: (_, __, i) => i + 1 },
    { title: '指标', width: 240, render: (_, f) => f.measure.name },
    {
      title: '签署时',
      width: 140,
      className: 'num',
      render: (_, f) => (f.suppressed ? '不足不显示' : numberText(f.value, f.measure.classifier)),
    },
    {
      title: '现在',
      width: 140,
      className: 'num',
      render: (_, f) => numberText(later.get(f.measure.id)?.now ?? null, f.measure.classifier),
    },
    { title: '其后变动', width: 130, render: (_, f) => <Changed of={later.get(f.measure.id)} open={setOpen} /> },
    { title: '口径', render: (_, f) => `${f.measure.definition}（第${f.measure.version}版）` },
  ]
  return (
    <Sheet>
      <div className="row no-print" style={{ justifyContent: 'flex-end', padding: 8 }}>
        <SaveFrom path={`/editions/${of.id}/restatements`} query={{}} size="small" label="导出变动" />
      </div>
      <Table<Signed>
        rowKey={(f) => f.measure.id}
        size="small"
        columns={columns}
        dataSource={of.body.figures}
        pagination={false}
      />
      <Drawer open={open !== null} title="其后变动" size={880} onClose={() => setOpen(null)} destroyOnHidden>
        {open ? <Changes edition={of.id} measure={open} /> : null}
      </Drawer>
    </Sheet>
  )
}

function Changed({ of, open }: { of: Since | undefined; open: (measure: string) => void }) {
  if (!of) return <span className="quiet">正在核对</span>
  if (!of.restated) return <span className="quiet">无变动</span>
  return (
    <button type="button" className="link" onClick={() => open(of.measure.id)}>
      有变动，看明细
    </button>
  )
}

const recordColumns: TableProps<Restatement['rows'][number]>['columns'] = [
  { title: '序号', width: 56, className: 'seq', render: (_, __, i) => i + 1 },
  { title: '记录', render: (_, r) => <a href={r.link}>{r.label || r.record}</a> },
  { title: '单位', width: 150, dataIndex: 'unitName' },
  { title: '原计', width: 64, className: 'num', dataIndex: 'before' },
  { title: '现计', width: 64, className: 'num', dataIndex: 'after' },
  {
    title: '原由',
    width: 260,
    render: (_, r) =>
      r.why ? (
        <>
          {actionWord(r.why.action)}　{r.why.actor}
          <div className="quiet">
            {moment(r.why.at)}
            {r.why.reason ? `　${r.why.reason}` : ''}
          </div>
        </>
      ) : (
        <span className="quiet">时间推移或组织树变动</span>
      ),
  },
]

function Changes({ edition, measure }: { edition: string; measure: string }) {
  const [page, setPage] = useState(1)
  const mayExport = usePermission('figure.export')
  const { data, error, refetch } = useQuery({
    queryKey: ['/editions', edition, 'records', measure, page],
    queryFn: ({ signal }) =>
      call<Restatement>('GET', `/editions/${edition}/restatements/records`, {
        query: { measure, limit: 50, offset: (page - 1) * 50 },
        signal,
      }),
  })
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading lines={8} />
  const { classifier, name } = data.measure
  const records = `/editions/${edition}/restatements/records`
  const sign = data.difference > 0 ? '+' : ''
  return (
    <div className="stack">
      <p>
        {name}：签署时 {numberText(data.signed, classifier)}，现在 {numberText(data.now, classifier)}，相差 {sign}
        {data.difference}；涉及 {data.total} 条记录，逐条相加等于差数。
      </p>
      {mayExport ? (
        <SaveFrom
          path={records}
          query={{ measure }}
          persons={{ operation: 'listRestatements', params: { id: edition } }}
          size="small"
          label="导出更正清单"
        />
      ) : null}
      {data.units.length > 0 ? (
        <p className="quiet">
          分单位：{data.units.map((u) => `${u.unitName} ${u.change > 0 ? '+' : ''}${u.change}`).join('，')}
        </p>
      ) : null}
      <Table
        rowKey="record"
        size="small"
        columns={recordColumns}
        dataSource={data.rows}
        pagination={
          data.total > 50 ? { current: page, pageSize: 50, total: data.total, size: 'small', onChange: setPage } : false
        }
      />
    </div>
  )
}
