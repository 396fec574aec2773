// 综述: manuscripts on their way to print.
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Segmented, Select } from 'antd'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { Mechanism } from '#modules/mechanisms/contract.ts'
import { call } from '#web/api.ts'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable, type ListOf } from '#web/kit/data-table.tsx'
import { ChoiceField, UnitField } from '#web/kit/fields.tsx'
import { FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { SearchBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { moment, todayHere } from '#web/kit/time.ts'
import type { Manifest, Manuscript, ManuscriptPage, Template } from '../contract.ts'
import { emptyTemplate, stateWords } from './words.ts'

const columns: Column<Manuscript>[] = [
  {
    id: 'title',
    title: '题目',
    width: 320,
    render: (m) => <Link href={`/reports/${m.id}`}>{m.title}</Link>,
    text: (m) => m.title,
  },
  {
    id: 'state',
    title: '状态',
    width: 96,
    render: (m) => (
      <StateTag
        tone={m.state === 'published' || m.state === 'corrected' ? 'done' : m.state === 'dropped' ? 'off' : 'act'}
      >
        {stateWords[m.state]}
      </StateTag>
    ),
    text: (m) => stateWords[m.state],
  },
  { id: 'unit', title: '单位', width: 200, render: (m) => m.unit.name, text: (m) => m.unit.name },
  { id: 'period', title: '期间', width: 110, render: (m) => m.period, text: (m) => m.period },
  { id: 'author', title: '起草人', width: 110, render: (m) => m.author, text: (m) => m.author },
  {
    id: 'published',
    title: '刊发日期',
    width: 110,
    render: (m) => m.publishedOn ?? '—',
    text: (m) => m.publishedOn ?? '',
  },
  {
    id: 'changed',
    title: '最近变动',
    width: 150,
    render: (m) => moment(m.changedAt),
    text: (m) => moment(m.changedAt),
  },
]

type Document = Omit<Manifest, 'entries'> & { figures: number }

const documentColumns: Column<Document>[] = [
  { id: 'title', title: '题目', width: 320, render: (d) => d.title, text: (d) => d.title },
  { id: 'unit', title: '单位', width: 200, render: (d) => d.unit.name, text: (d) => d.unit.name },
  { id: 'period', title: '期间', width: 110, render: (d) => d.period.key, text: (d) => d.period.key },
  { id: 'figures', title: '数字', width: 80, align: 'right', render: (d) => d.figures, text: (d) => String(d.figures) },
  { id: 'by', title: '生成人', width: 110, render: (d) => d.madeBy, text: (d) => d.madeBy },
  { id: 'at', title: '生成时间', width: 150, render: (d) => moment(d.madeAt), text: (d) => moment(d.madeAt) },
  {
    id: 'no',
    title: '文档编号',
    width: 300,
    render: (d) => <span className="num">{d.id}</span>,
    text: (d) => d.id,
    extra: true,
  },
]

const states = [
  { value: '', label: '全部状态' },
  ...Object.entries(stateWords).map(([value, label]) => ({ value, label })),
]

const tabs = [
  { value: 'manuscripts', label: '稿件' },
  { value: 'documents', label: '已生成的文档' },
]

export function ReportsPage() {
  const { get, set } = useAddress()
  const mayWrite = usePermission('report.write')
  const carry = useCarry()
  const [writing, setWriting] = useState(false)
  const tab = get('tab') ?? 'manuscripts'
  const search = get('q')
  return (
    <>
      <PageHead title="综述" where="稿件里的数字由记录写出，写错的不能付印">
        <Link href={carry('/reports/verify')}>核验文档</Link>
        {mayWrite ? (
          <Button type="primary" onClick={() => setWriting(true)}>
            起草
          </Button>
        ) : null}
      </PageHead>
      <Sheet>
        <div className="filters">
          <Segmented
            aria-label="清单"
            value={tab}
            options={tabs}
            onChange={(v) => set({ tab: v === 'manuscripts' ? null : v, page: null, q: null, state: null })}
          />
          {tab === 'manuscripts' ? (
            <Select
              aria-label="状态"
              style={{ width: 130 }}
              value={get('state') ?? ''}
              options={states}
              onChange={(state) => set({ state: state || null, page: null })}
            />
          ) : null}
          {tab === 'manuscripts' ? <SearchBox label="按题目查找" placeholder="按题目查找" name="q" /> : null}
        </div>
        {tab === 'documents' ? <Documents /> : <Manuscripts search={search} state={get('state')} />}
      </Sheet>
      <Drawer open={writing} title="起草稿件" size={520} onClose={() => setWriting(false)} destroyOnHidden>
        <NewManuscript close={() => setWriting(false)} />
      </Drawer>
    </>
  )
}

const Documents = () => (
  <DataTable<Document>
    name="documents"
    title="已生成的文档"
    path="/report-documents"
    query={{}}
    columns={documentColumns}
    empty={<EmptyState title="还没有生成过文档">生成的每份文档和其中的数字会记在这里，供日后核验。</EmptyState>}
  />
)

const Manuscripts = ({ search, state }: Record<'search' | 'state', string | undefined>) => (
  <DataTable<Manuscript>
    name="manuscripts"
    title="稿件"
    path="/manuscripts"
    query={{ search, state }}
    columns={columns}
    empty={<EmptyState title="还没有稿件">点“起草”选一份模板，数字会自动填好。</EmptyState>}
  />
)

interface Start {
  template: string
  mechanismId: string
  unitId: string | undefined
  period: string
}

const periods = () => {
  const year = Number(todayHere().slice(0, 4))
  return [
    { value: String(year), label: `${year}年` },
    { value: `${year}-H1`, label: `${year}年上半年` },
    { value: `${year}-H2`, label: `${year}年下半年` },
    { value: String(year - 1), label: `${year - 1}年` },
  ]
}

function useChoices() {
  const templates = useQuery({
    queryKey: ['/report-templates'],
    queryFn: ({ signal }) =>
      call<ListOf<{ id: string; title: string; template: Template }>>('GET', '/report-templates', { signal }),
  })
  const mechanisms = useQuery({
    queryKey: ['/mechanisms'],
    queryFn: ({ signal }) => call<ListOf<Mechanism & { inForce: boolean }>>('GET', '/mechanisms', { signal }),
  })
  return {
    templates: templates.data?.rows ?? [],
    mechanisms: (mechanisms.data?.rows ?? []).filter(
      (m) => m.engine === 'reports' && m.inForce && m.settings['writes'] !== false,
    ),
  }
}

function NewManuscript({ close }: { close: () => void }) {
  const { templates, mechanisms } = useChoices()
  const [, go] = useLocation()
  const carry = useCarry()
  const form = useForm<Start>({ template: '', mechanismId: '', unitId: undefined, period: todayHere().slice(0, 4) })
  const { template, mechanismId, unitId, period } = form.values
  const send = () =>
    form.submit(async (_, idempotencyKey) => {
      const content = templates.find((t) => t.id === template)?.template ?? {
        ...emptyTemplate,
        title: '未定题目',
        sections: [{ heading: '', blocks: [{ kind: 'paragraph', runIn: '', text: '（请在这里写正文）' }] }],
      }
      const page = await call<ManuscriptPage>('POST', '/manuscripts', {
        idempotencyKey,
        body: { mechanismId, unitId, period, content },
      })
      close()
      go(carry(`/reports/${page.id}`))
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void send()
      }}
    >
      <FormProblem form={form} />
      <ChoiceField
        form={form}
        name="template"
        label="模板"
        hint="不选模板时从空白稿写起"
        clear
        options={templates.map((t) => ({ value: t.id, label: t.title }))}
      />
      <ChoiceField
        form={form}
        name="mechanismId"
        label="机制"
        required
        options={mechanisms.map((m) => ({ value: m.id, label: m.name }))}
      />
      <UnitField form={form} name="unitId" label="写哪个单位" required />
      <ChoiceField form={form} name="period" label="期间" required options={periods()} />
      <FormFoot verb="起草" busy={form.busy} onCancel={close} disabled={!mechanismId || !unitId} />
    </form>
  )
}
