// 机构调整: one decision of any number of parts, looked at as before/after with numbers, then carried out or planned.
// Nothing is deleted. [ORG-01, ORG-02, ORG-03]
import { useQueries } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { DayInput } from '#web/kit/dates.tsx'
import { TextField } from '#web/kit/fields.tsx'
import { Field, FormProblem, useForm } from '#web/kit/form.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { todayHere } from '#web/kit/time.ts'
import type { ChangePreview, Operation, UnitChange } from '../contract.ts'
import { Outlook } from './diff.tsx'
import { unitPage } from './known.ts'
import { OperationCard } from './operation.tsx'
import { type Draft, newDraft, type Op, operationsOf, opWords } from './operations.ts'

interface Values {
  effectiveOn: string
  reason: string
  parts: Draft[]
}

/** Started from a unit, or from several chosen in a list: `?op=move&units=a,b`. */
function useStart(): Draft[] {
  const { get } = useAddress()
  const units = get('units')?.split(',') ?? [get('unit')].filter((u) => u !== undefined)
  const op = get('op')
  return [newDraft(op && op in opWords ? (op as Op) : 'rename', units)]
}

/** Units that are named so far: their tree decides what may follow, their parent where a part of them is set up. */
function useNamed(parts: readonly Draft[]) {
  const ids = [...new Set(parts.flatMap((p) => p.unitIds))]
  const answers = useQueries({
    queries: ids.map((id) => ({ ...unitPage(id), staleTime: 60_000 })),
  })
  return new Map(answers.flatMap((a) => (a.data ? [[a.data.unit.id, a.data.unit] as const] : [])))
}

export function ChangePage() {
  const [start] = useState(useStart())
  const carry = useCarry()
  return (
    <>
      <PageHead title="机构调整" where="一项决定可以包含几项变动，先看前后对照再执行">
        <Link href={carry('/units', { tab: 'plans' })}>返回组织树</Link>
      </PageHead>
      <Decide start={start} />
    </>
  )
}

type Named = ReturnType<typeof useNamed>

/** The operations of each part, and where they begin in the whole: refusals name them by that place. */
function laidOut(parts: readonly Draft[], named: Named) {
  const starts: number[] = []
  const operations: Operation[] = []
  for (const part of parts) {
    starts.push(operations.length)
    operations.push(...operationsOf(part, named.get(part.unitIds[0] ?? '')?.parentId))
  }
  return { starts, operations }
}

function Decide({ start }: { start: Draft[] }) {
  const form = useForm<Values>({ effectiveOn: todayHere(), reason: '', parts: start })
  const named = useNamed(form.values.parts)
  const [seen, setSeen] = useState<{ of: string; preview: ChangePreview } | null>(null)
  const { parts, effectiveOn, reason } = form.values
  const { starts, operations } = laidOut(parts, named)
  const body = { effectiveOn, reason, operations }
  const current = seen?.of === JSON.stringify(body) ? seen.preview : null
  const look = () =>
    form.submit(async () => {
      const preview = await call<ChangePreview>('POST', '/unit-changes/preview', { body })
      setSeen({ of: JSON.stringify(body), preview })
    })
  const put = (key: string, patch: Partial<Draft>) =>
    form.set({ parts: form.values.parts.map((p) => (p.key === key ? { ...p, ...patch } : p)) })
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault()
        void look()
      }}
    >
      {parts.map((part, i) => (
        <OperationCard
          key={part.key}
          form={form}
          part={part}
          at={starts[i] ?? 0}
          others={parts}
          named={named}
          put={(patch) => put(part.key, patch)}
          remove={parts.length > 1 ? () => form.set({ parts: parts.filter((p) => p !== part) }) : undefined}
        />
      ))}
      <div>
        <Button onClick={() => form.set({ parts: [...parts, newDraft('rename')] })}>增加一项变动</Button>
      </div>
      <Sheet title="决定" padded>
        <FormProblem form={form} />
        <Field
          form={form}
          name="effectiveOn"
          label="自哪天起"
          required
          hint="今天或以前：立即执行；以后：列入计划，到期执行，此前可以取消"
          ground="ORG-03"
        >
          {(b) => <DayInput {...b} />}
        </Field>
        <TextField form={form} name="reason" label="依据（文号、会议）" required max={500} rows={2} />
        <Button htmlType="submit" type={current ? 'default' : 'primary'} loading={form.busy && !current}>
          查看前后对照
        </Button>
      </Sheet>
      {current ? <Foreseen preview={current} body={body} form={form} /> : null}
    </form>
  )
}

function Foreseen({
  preview,
  body,
  form,
}: {
  preview: ChangePreview
  body: object
  form: ReturnType<typeof useForm<Values>>
}) {
  const refresh = useRefresh()
  const told = useTold()
  const [, navigate] = useLocation()
  const carry = useCarry()
  const later = preview.effectiveOn > todayHere()
  const carryOut = () =>
    form.submit(async (_, idempotencyKey) => {
      const made = await call<UnitChange>('POST', '/unit-changes', { body, idempotencyKey })
      told(later ? '已列入计划' : '已执行')
      await refresh()
      navigate(carry('/units', { tab: 'plans', change: made.id }))
    })
  return (
    <Sheet title="前后对照" padded>
      <Outlook of={preview} />
      <div className="row" style={{ marginTop: 14 }}>
        <Button
          type="primary"
          loading={form.busy}
          disabled={preview.blockers.length > 0 && !later}
          onClick={() => void carryOut()}
        >
          {later ? '列入计划' : '执行'}
        </Button>
        {preview.blockers.length > 0 && later ? (
          <span className="quiet">可以先列入计划，到期前办结上面的事项即可执行。</span>
        ) : null}
      </div>
    </Sheet>
  )
}
