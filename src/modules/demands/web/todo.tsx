// 待办: what waits for me, by what it needs; done in place. j/k move, x selects, enter opens.
import { Button, Checkbox } from 'antd'
import { useMemo, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { Clock } from '#web/kit/clock.tsx'
import { useRowKeys } from '#web/kit/keys.ts'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { useMe } from '#web/kit/session.ts'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { type TodoGroup, useTodo } from '#web/kit/todo.ts'
import { useUnit } from '#web/kit/units.tsx'
import type { Demand } from '../contract.ts'
import { Batch } from './batch.tsx'
import { type OpenStep, StepDrawer } from './step-drawer.tsx'
import { NextStep } from './steps.tsx'

export function TodoPage() {
  const me = useMe()
  const todo = useTodo(me)
  const { get } = useAddress()
  const scope = useUnit(get('unit'))
  const [step, setStep] = useState<OpenStep | null>(null)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [, navigate] = useLocation()
  const carry = useCarry()
  const rows = useMemo(
    () => todo.flatMap((t) => (t.answer.data?.rows ?? []).map((d) => ({ id: `${t.group.id} ${d.id}`, demand: d }))),
    [todo],
  )
  const toggle = (id: string) =>
    setPicked((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const here = useRowKeys(
    rows.map((r) => r.id),
    { open: (id) => navigate(carry(`/demands/${id.split(' ')[1]}`)), select: toggle },
  )
  const chosen = rows.filter((r) => picked.has(r.id)).map((r) => r.demand)
  const settled = todo.every((t) => t.answer.data)
  const nothing = settled && todo.every((t) => t.answer.data?.total === 0)
  return (
    <>
      <PageHead title="待办" where={scope.data ? `${scope.data.name}及下级` : '全部可见范围'}>
        <span className="quiet no-print">
          <kbd>j</kbd> <kbd>k</kbd> 上下　<kbd>x</kbd> 选择　<kbd>Enter</kbd> 打开
        </span>
      </PageHead>
      {chosen.length > 0 ? (
        <div className="batch sheet" style={{ marginBottom: 12 }} role="toolbar" aria-label="批量办理">
          <span>已选 {chosen.length} 件</span>
          <Batch
            demands={chosen}
            dispatch={(demands) => setStep({ step: 'dispatch', demands })}
            clear={() => setPicked(new Set())}
          />
          <Button type="text" onClick={() => setPicked(new Set())}>
            取消选择
          </Button>
        </div>
      ) : null}
      <div className="stack">
        {nothing ? (
          <Sheet>
            <EmptyState title="现在没有待办" action={<Link href={carry('/demands')}>查看诉求清单</Link>}>
              等待派单、签收、答复、回访、办结的诉求会出现在这里。
            </EmptyState>
          </Sheet>
        ) : null}
        {todo.map((t) => (
          <Group
            key={t.group.id}
            group={t.group}
            answer={t.answer}
            here={here}
            picked={picked}
            toggle={toggle}
            open={(s, d) => setStep({ step: s, demands: [d] })}
          />
        ))}
      </div>
      <StepDrawer open={step} close={() => setStep(null)} />
    </>
  )
}

interface GroupProps {
  group: TodoGroup
  answer: ReturnType<typeof useTodo>[number]['answer']
  here: string | undefined
  picked: ReadonlySet<string>
  toggle: (id: string) => void
  open: (step: OpenStep['step'], d: Demand) => void
}

function Group({ group, answer, here, picked, toggle, open }: GroupProps) {
  const carry = useCarry()
  const more: Record<string, string> = Object.fromEntries(Object.entries(group.query).map(([k, v]) => [k, String(v)]))
  if (answer.data?.total === 0) return null
  return (
    <section className="sheet todo-group" aria-label={group.title}>
      <header>
        <h2>{group.title}</h2>
        <span className="count">{answer.data?.total ?? '…'}</span>
        {answer.data && answer.data.total > answer.data.rows.length ? (
          <Link href={carry('/demands', more)} style={{ marginLeft: 'auto' }}>
            全部 {answer.data.total} 件
          </Link>
        ) : null}
      </header>
      {answer.error ? <ErrorState error={answer.error} retry={() => void answer.refetch()} /> : null}
      {answer.isPending ? <Loading lines={3} /> : null}
      {answer.data?.rows.map((d) => (
        <TodoItem
          key={d.id}
          id={`${group.id} ${d.id}`}
          demand={d}
          here={here}
          picked={picked}
          toggle={toggle}
          open={open}
        />
      ))}
    </section>
  )
}

function TodoItem({
  id,
  demand: d,
  here,
  picked,
  toggle,
  open,
}: Omit<GroupProps, 'group' | 'answer'> & { id: string; demand: Demand }) {
  const carry = useCarry()
  return (
    <div className={here === id ? 'todo-item here' : 'todo-item'} data-row={id}>
      <Checkbox checked={picked.has(id)} onChange={() => toggle(id)} aria-label={`选择第 ${d.no} 号`} />
      <span className="quiet num">{d.no}</span>
      <span className="clip">
        <Link href={carry(`/demands/${d.id}`)}>{d.title}</Link>
        <span className="kind">{d.categoryName}</span>
      </span>
      <span className="clip wide" title={d.placeName}>
        {d.placeName}
      </span>
      <span className="wide">
        <Clock dueAt={d.dueAt} provisional={d.provisional} />
      </span>
      <span className="acts">
        <NextStep demand={d} size="small" open={(s) => open(s, d)} />
      </span>
    </div>
  )
}
