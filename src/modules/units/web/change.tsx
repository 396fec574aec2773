// 机构调整: said, looked at as before/after with numbers, then carried out or planned. Nothing is deleted. [ORG-01, ORG-02, ORG-03]
import { Button, Drawer, Input, Select } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { Field, FormProblem, useForm } from '#web/kit/form.tsx'
import { todayHere } from '#web/kit/time.ts'
import { UnitPicker, useKinds, useUnit } from '#web/kit/units.tsx'
import type { ChangePreview } from '../contract.ts'
import { Differences } from './plans.tsx'

type Op = 'rename' | 'move' | 'merge' | 'close' | 'create'

interface Values {
  op: Op
  unitId: string | undefined
  otherId: string | undefined
  name: string
  kind: string
  code: string
  effectiveOn: string
  reason: string
}

const ops: { value: Op; label: string }[] = [
  { value: 'rename', label: '更名' },
  { value: 'move', label: '调整隶属' },
  { value: 'merge', label: '并入另一单位' },
  { value: 'close', label: '撤销' },
  { value: 'create', label: '设立下级单位' },
]

function operationOf(v: Values) {
  if (v.op === 'rename') return { op: 'rename', unitId: v.unitId, name: v.name }
  if (v.op === 'move') return { op: 'move', unitId: v.unitId, parentId: v.otherId ?? null }
  if (v.op === 'merge') return { op: 'merge', unitIds: v.unitId ? [v.unitId] : [], intoId: v.otherId }
  if (v.op === 'close') return { op: 'close', unitId: v.unitId, successorIds: v.otherId ? [v.otherId] : [] }
  return { op: 'create', parentId: v.unitId ?? null, kind: v.kind, name: v.name, ...(v.code ? { code: v.code } : {}) }
}

const bodyOf = (v: Values) => ({ effectiveOn: v.effectiveOn, reason: v.reason, operations: [operationOf(v)] })

export function ChangeForm({ unit }: { unit: string | undefined }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        机构调整
      </Button>
      <Drawer open={open} title="机构调整" size={720} onClose={() => setOpen(false)} destroyOnHidden>
        <Change unit={unit} close={() => setOpen(false)} />
      </Drawer>
    </>
  )
}

function Change({ unit, close }: { unit: string | undefined; close: () => void }) {
  const scope = useUnit(unit)
  const form = useForm<Values>({
    op: 'rename',
    unitId: unit,
    otherId: undefined,
    name: '',
    kind: '',
    code: '',
    effectiveOn: todayHere(),
    reason: '',
  })
  const [seen, setSeen] = useState<{ of: string; preview: ChangePreview } | null>(null)
  const refresh = useRefresh()
  const told = useTold()
  const v = form.values
  const body = bodyOf(v)
  const current = seen?.of === JSON.stringify(body) ? seen.preview : null
  const look = () =>
    form.submit(async () =>
      setSeen({
        of: JSON.stringify(body),
        preview: await call<ChangePreview>('POST', '/unit-changes/preview', { body }),
      }),
    )
  const carryOut = () =>
    form.submit(async (_, idempotencyKey) => {
      await call('POST', '/unit-changes', { body, idempotencyKey })
      told(v.effectiveOn > todayHere() ? '已列入计划' : '已执行')
      await refresh()
      close()
    })
  const first = scope.data ? [scope.data] : []
  const at = 'operations.0.'
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void (current ? carryOut() : look())
      }}
    >
      <FormProblem form={form} />
      <Field form={form} name="op" path={`${at}op`} label="办理" required>
        {({ onChange, status: _, ...b }) => (
          <Select {...b} style={{ width: 200 }} onChange={(op: Op) => onChange(op)} options={ops} />
        )}
      </Field>
      <Field
        form={form}
        name="unitId"
        path={v.op === 'create' ? `${at}parentId` : `${at}unitId`}
        label={v.op === 'create' ? '设在哪个单位下' : '单位'}
        required
      >
        {({ onChange, ...b }) => <UnitPicker {...b} first={first} onChange={(id) => onChange(id)} />}
      </Field>
      {v.op === 'rename' || v.op === 'create' ? (
        <Field form={form} name="name" path={`${at}name`} label={v.op === 'create' ? '名称' : '新名称'} required>
          {({ onChange, ...b }) => <Input {...b} maxLength={60} onChange={(e) => onChange(e.target.value)} />}
        </Field>
      ) : null}
      {v.op === 'create' ? <CreateFields form={form} at={at} tree={scope.data?.tree} /> : null}
      {v.op === 'move' || v.op === 'merge' || v.op === 'close' ? (
        <Field
          form={form}
          name="otherId"
          path={`${at}${v.op === 'move' ? 'parentId' : v.op === 'merge' ? 'intoId' : 'successorIds'}`}
          label={v.op === 'move' ? '新的上级' : v.op === 'merge' ? '并入' : '承接单位'}
          required={v.op !== 'close'}
          ground="ORG-02"
        >
          {({ onChange, ...b }) => <UnitPicker {...b} onChange={(id) => onChange(id)} />}
        </Field>
      ) : null}
      <Field
        form={form}
        name="effectiveOn"
        label="自哪天起"
        required
        hint="今天或以前：立即执行；以后：列入计划，到期执行"
        ground="ORG-03"
      >
        {(b) => <DayInput {...b} />}
      </Field>
      <Field form={form} name="reason" label="依据（文号、会议）" required>
        {({ onChange, ...b }) => (
          <Input.TextArea {...b} rows={2} maxLength={500} showCount onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      {current ? <Preview preview={current} /> : null}
      <div className="row">
        <Button
          type="primary"
          htmlType="submit"
          loading={form.busy}
          disabled={Boolean(current && current.blockers.length > 0)}
        >
          {current ? (v.effectiveOn > todayHere() ? '列入计划' : '执行') : '查看前后对照'}
        </Button>
        <Button onClick={close}>取消</Button>
      </div>
    </form>
  )
}

function CreateFields({
  form,
  at,
  tree,
}: {
  form: ReturnType<typeof useForm<Values>>
  at: string
  tree: 'place' | 'org' | undefined
}) {
  const kinds = useKinds(tree)
  return (
    <>
      <Field form={form} name="kind" path={`${at}kind`} label="类别" required>
        {({ onChange, value, status: _, ...b }) => (
          <Select
            {...b}
            style={{ width: 200 }}
            value={value || null}
            onChange={(k: string) => onChange(k)}
            options={kinds}
          />
        )}
      </Field>
      <Field form={form} name="code" path={`${at}code`} label="代码">
        {({ onChange, ...b }) => (
          <Input {...b} maxLength={30} style={{ width: 200 }} onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
    </>
  )
}

function Preview({ preview }: { preview: ChangePreview }) {
  const n = preview.counts
  return (
    <section className="stack" style={{ marginBottom: 14 }} aria-label="前后对照">
      <div className="effect">
        {preview.effectiveOn} 起：新设 {n.created} 个，撤销 {n.closed} 个，更名 {n.renamed} 个，调整隶属 {n.moved}{' '}
        个，随同下级 {n.carried} 个。
      </div>
      {preview.blockers.length > 0 ? (
        <div className="issue-box" role="alert">
          还不能办理（依据 ORG-01）：
          {preview.blockers.map((b) => (
            <div key={`${b.unitId} ${b.text}`}>
              {b.unitName}：{b.text}（{b.count}）
            </div>
          ))}
        </div>
      ) : null}
      <Differences rows={preview.differences} />
    </section>
  )
}
