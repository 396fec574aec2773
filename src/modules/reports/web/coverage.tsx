// 宣传: what appeared of the district's work in print, on air, at meetings.
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Select } from 'antd'
import { useState } from 'react'
import type { Mechanism } from '#modules/mechanisms/contract.ts'
import { call } from '#web/api.ts'
import { Act, useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable, type ListOf } from '#web/kit/data-table.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { ChoiceField, TextField, UnitField } from '#web/kit/fields.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { SearchBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { todayHere } from '#web/kit/time.ts'
import type { Coverage, ReportSettings } from '../contract.ts'

function useMechanisms() {
  const { data } = useQuery({
    queryKey: ['/mechanisms'],
    queryFn: ({ signal }) => call<ListOf<Mechanism & { inForce: boolean }>>('GET', '/mechanisms', { signal }),
  })
  return (data?.rows ?? [])
    .filter((m) => m.engine === 'reports')
    .map((m) => ({ id: m.id, name: m.name, inForce: m.inForce, ...(m.settings as ReportSettings) }))
}

type Known = ReturnType<typeof useMechanisms>

const namesOf = (known: Known, of: 'levels' | 'forms') =>
  new Map([['review', '综述稿件'], ...known.flatMap((m) => (m[of] ?? []).map((x): [string, string] => [x.id, x.name]))])

function columnsWith(known: Known): Column<Coverage>[] {
  const [levels, forms] = [namesOf(known, 'levels'), namesOf(known, 'forms')]
  return [
    { id: 'on', title: '日期', width: 110, render: (c) => c.on, text: (c) => c.on },
    {
      id: 'title',
      title: '题目',
      width: 320,
      render: (c) =>
        c.link ? (
          <a href={c.link} target="_blank" rel="noreferrer noopener">
            {c.title}
          </a>
        ) : (
          c.title
        ),
      text: (c) => c.title,
    },
    { id: 'outlet', title: '媒体或会议', width: 180, render: (c) => c.outlet, text: (c) => c.outlet },
    {
      id: 'form',
      title: '形式',
      width: 110,
      render: (c) => forms.get(c.form) ?? c.form,
      text: (c) => forms.get(c.form) ?? c.form,
    },
    {
      id: 'level',
      title: '级别',
      width: 110,
      render: (c) => levels.get(c.level) ?? c.level,
      text: (c) => levels.get(c.level) ?? c.level,
    },
    { id: 'unit', title: '单位', width: 200, render: (c) => c.unit.name, text: (c) => c.unit.name },
    {
      id: 'act',
      title: '',
      width: 110,
      render: (c) =>
        c.withdrawn ? (
          <StateTag tone="off">已撤回</StateTag>
        ) : c.can.includes('withdraw') ? (
          <Act
            size="small"
            verb="撤回"
            done="已撤回"
            effect="撤回后仍留在清单里，不再计数。"
            reason="required"
            run={(reason, idempotencyKey) =>
              call('POST', `/coverage/${c.id}/withdrawal`, { idempotencyKey, body: { reason } })
            }
          />
        ) : null,
    },
  ]
}

export function CoveragePage() {
  const { get, set } = useAddress()
  const mayWrite = usePermission('report.write')
  const known = useMechanisms()
  const [open, setOpen] = useState(false)
  const levels = [...new Map(known.flatMap((m) => m.levels.map((l) => [l.id, l.name] as const)))]
  return (
    <>
      <PageHead title="宣传" where="报道、播出、交流发言和采访接待，逐条登记来源">
        {mayWrite ? (
          <Button type="primary" onClick={() => setOpen(true)}>
            登记
          </Button>
        ) : null}
      </PageHead>
      <Sheet>
        <div className="filters">
          <SearchBox label="按题目、媒体查找" placeholder="按题目、媒体查找" name="q" />
          <Select
            aria-label="级别"
            allowClear
            placeholder="级别"
            style={{ width: 130 }}
            value={get('level') ?? null}
            options={levels.map(([value, label]) => ({ value, label }))}
            onChange={(level) => set({ level, page: null })}
          />
        </div>
        <DataTable<Coverage>
          name="coverage"
          title="宣传刊播"
          path="/coverage"
          query={{ search: get('q'), level: get('level') }}
          columns={columnsWith(known)}
          empty={<EmptyState title="还没有登记">见报、播出、交流发言后在这里登记，会计入“宣传刊播”。</EmptyState>}
        />
      </Sheet>
      <Drawer open={open} title="登记宣传刊播" size={520} onClose={() => setOpen(false)} destroyOnHidden>
        <Record known={known} close={() => setOpen(false)} />
      </Drawer>
    </>
  )
}

interface Item {
  mechanismId: string | undefined
  unitId: string | undefined
  form: string | undefined
  level: string | undefined
  outlet: string
  title: string
  link: string
  on: string
}

function Record({ known, close }: { known: Known; close: () => void }) {
  const refresh = useRefresh()
  const told = useTold()
  const mine = known.filter((m) => m.inForce && m.forms.length > 0)
  const form = useForm<Item>({
    mechanismId: mine[0]?.id,
    unitId: undefined,
    form: undefined,
    level: undefined,
    outlet: '',
    title: '',
    link: '',
    on: todayHere(),
  })
  const settings = mine.find((m) => m.id === form.values.mechanismId)
  const options = (rows: { id: string; name: string }[] = []) => rows.map((r) => ({ value: r.id, label: r.name }))
  const send = () =>
    form.submit(async (body, idempotencyKey) => {
      await call('POST', '/coverage', { idempotencyKey, body })
      told('已登记')
      close()
      await refresh()
    })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void send()
      }}
    >
      <FormProblem form={form} />
      <ChoiceField form={form} name="mechanismId" label="机制" required options={options(mine)} />
      <ChoiceField form={form} name="form" label="形式" required options={options(settings?.forms)} />
      <ChoiceField form={form} name="level" label="级别" required options={options(settings?.levels)} />
      <TextField form={form} name="outlet" label="媒体或会议" required max={40} />
      <TextField form={form} name="title" label="题目" required max={100} />
      <Field form={form} name="on" label="日期" required>
        {(b) => <DayInput {...b} />}
      </Field>
      <UnitField form={form} name="unitId" label="单位" required />
      <TextField form={form} name="link" label="网址" max={300} />
      <FormFoot verb="登记" busy={form.busy} onCancel={close} />
    </form>
  )
}
