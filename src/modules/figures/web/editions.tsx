// 统计期: signed snapshots of figures, and what changed since.
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Select, Segmented } from 'antd'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { call } from '#web/api.ts'
import { Asking, useAsked } from '#web/kit/asking.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { TextField, UnitField } from '#web/kit/fields.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { EditionPage, EditionRow, MeasureInfo } from '../contract.ts'
import { editionStates } from './edition-words.ts'

const columns: Column<EditionRow>[] = [
  { id: 'no', title: '期号', width: 80, render: (e) => `第${e.no}期`, text: (e) => `第${e.no}期` },
  {
    id: 'title',
    title: '名称',
    width: 320,
    render: (e) => <Link href={`/editions/${e.id}`}>{e.title}</Link>,
    text: (e) => e.title,
  },
  {
    id: 'state',
    title: '状态',
    width: 96,
    render: (e) => <StateTag tone={editionStates[e.state].tone}>{editionStates[e.state].word}</StateTag>,
    text: (e) => editionStates[e.state].word,
  },
  { id: 'unit', title: '单位', width: 200, render: (e) => e.unit.name, text: (e) => e.unit.name },
  { id: 'asOf', title: '数字截至', width: 150, render: (e) => moment(e.asOf), text: (e) => moment(e.asOf) },
  { id: 'by', title: '编制人', width: 110, render: (e) => e.preparedBy, text: (e) => e.preparedBy },
  { id: 'signer', title: '签署人', width: 110, render: (e) => e.signedBy ?? '—', text: (e) => e.signedBy ?? '' },
]

const states = [
  { value: '', label: '全部' },
  ...Object.entries(editionStates).map(([value, { word }]) => ({ value, label: word })),
]

export function EditionsPage() {
  const mayPrepare = usePermission('figure.prepare')
  const [open, setOpen] = useState(false)
  const { get, set } = useAddress()
  return (
    <>
      <PageHead title="统计期" where="签署后的数字不再变；其后的更正逐条列出">
        {mayPrepare ? (
          <Button type="primary" onClick={() => setOpen(true)}>
            编制一期
          </Button>
        ) : null}
      </PageHead>
      <Sheet>
        <div className="filters">
          <Segmented
            aria-label="状态"
            value={get('state') ?? ''}
            options={states}
            onChange={(state) => set({ state: state || null, page: null })}
          />
        </div>
        <DataTable<EditionRow>
          name="editions"
          title="统计期"
          path="/editions"
          query={{ state: get('state') }}
          columns={columns}
          empty={
            <EmptyState title="还没有统计期">
              把一组指标连同口径、分单位数和依据摘要固定下来，由他人签署，以后随时可以对照。
            </EmptyState>
          }
        />
      </Sheet>
      <Drawer open={open} title="编制一期" size={560} onClose={() => setOpen(false)} destroyOnHidden>
        <Prepare close={() => setOpen(false)} />
      </Drawer>
    </>
  )
}

interface Draft {
  title: string
  measures: string[]
  unit: string | undefined
}

function Prepare({ close }: { close: () => void }) {
  const asked = useAsked()
  const [, go] = useLocation()
  const carry = useCarry()
  const form = useForm<Draft>({ title: '', measures: [], unit: undefined })
  const { data } = useQuery({
    queryKey: ['/measures'],
    staleTime: 600_000,
    queryFn: ({ signal }) => call<{ rows: MeasureInfo[] }>('GET', '/measures', { signal }),
  })
  const send = () =>
    form.submit(async ({ title, measures, unit }, idempotencyKey) => {
      const body = { title, measures, ...(unit ? { unit } : {}), period: asked.period, tree: asked.tree }
      const made = await call<EditionPage>('POST', '/editions', { idempotencyKey, body })
      close()
      go(carry(`/editions/${made.id}`))
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void send()
      }}
    >
      <FormProblem form={form} />
      <TextField form={form} name="title" label="名称" required max={60} />
      <div className="row" style={{ marginBottom: 14 }}>
        <Asking />
      </div>
      <UnitField form={form} name="unit" label="单位" hint="不选时为您的授权单位" />
      <Field form={form} name="measures" label="指标" required>
        {({ value, onChange, ...b }) => (
          <Select
            {...b}
            mode="multiple"
            style={{ width: '100%' }}
            showSearch={{ optionFilterProp: 'label' }}
            value={value}
            onChange={onChange}
            maxCount={200}
            options={(data?.rows ?? []).map((m) => ({ value: m.id, label: `${m.name}（${m.classifier}）` }))}
          />
        )}
      </Field>
      <FormFoot
        verb="编制"
        busy={form.busy}
        onCancel={close}
        disabled={form.values.title.trim() === '' || form.values.measures.length === 0}
      />
    </form>
  )
}
