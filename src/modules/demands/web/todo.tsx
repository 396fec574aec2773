// 待办: what waits for me, by what it needs; done in place. j/k move, x selects, enter opens.
import { Button, Drawer } from 'antd'
import { useMemo, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { useRowKeys } from '#web/kit/keys.ts'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { useMe } from '#web/kit/session.ts'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { type TodoGroup, type TodoRow, useTodo } from '#web/kit/todo.ts'
import { useUnit } from '#web/kit/units.tsx'
import type { Demand } from '../contract.ts'
import { Batch } from './batch.tsx'
import { HandsDrawer } from './hands.tsx'
import { type OpenStep, StepDrawer } from './step-drawer.tsx'
import { TaskPanel } from './task.tsx'
import { type Opening, TodoItem } from './todo-item.tsx'
import { addressOf } from '#web/kit/todo-lines.tsx'

interface Row {
  id: string
  group: TodoGroup
  row: TodoRow
}

const rowsOf = (todo: ReturnType<typeof useTodo>): Row[] =>
  todo.flatMap(({ group, answer }) =>
    (answer.data?.rows ?? []).map((row) => ({ id: `${group.id} ${row.id}`, group, row })),
  )

function usePicked(rows: readonly Row[]) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const toggle = (id: string) =>
    setPicked((before) => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const chosen = rows.filter((r) => picked.has(r.id) && r.group.of === 'demands').map((r) => r.row as Demand)
  return { picked, toggle, chosen, clear: () => setPicked(new Set()) }
}

export function TodoPage() {
  const todo = useTodo(useMe())
  const { get, set } = useAddress()
  const scope = useUnit(get('unit'))
  const [step, setStep] = useState<OpenStep | null>(null)
  const [hands, setHands] = useState<string | null>(null)
  const [, navigate] = useLocation()
  const carry = useCarry()
  const rows = useMemo(() => rowsOf(todo), [todo])
  const { picked, toggle, chosen, clear } = usePicked(rows)
  const opening: Opening = { step: setStep, hands: setHands, task: (id) => set({ task: id }, { push: true }) }
  const open = (id: string) => {
    const found = rows.find((r) => r.id === id)
    if (found?.group.of === 'tasks') opening.task(found.row.id)
    else if (found) navigate(carry(addressOf(found.group.of, found.row.id)))
  }
  const here = useRowKeys(
    rows.map((r) => r.id),
    { open, select: toggle },
  )
  return (
    <>
      <PageHead title="待办" where={scope.data ? `${scope.data.name}及下级` : '全部可见范围'}>
        <span className="quiet no-print keys-hint">
          <kbd>j</kbd> <kbd>k</kbd> 上下　<kbd>x</kbd> 选择　<kbd>Enter</kbd> 打开
        </span>
      </PageHead>
      <Chosen demands={chosen} dispatch={(demands) => setStep({ step: 'dispatch', demands })} clear={clear} />
      <div className="stack">
        {todo.every((t) => t.answer.data?.total === 0) ? <Nothing /> : null}
        {todo.map(({ group, answer }) => (
          <Group key={group.id} group={group} answer={answer}>
            {(answer.data?.rows ?? []).map((row) => {
              const id = `${group.id} ${row.id}`
              return (
                <TodoItem
                  key={id}
                  id={id}
                  group={group}
                  row={row}
                  here={here === id}
                  picked={picked.has(id)}
                  toggle={toggle}
                  opening={opening}
                />
              )
            })}
          </Group>
        ))}
      </div>
      <StepDrawer open={step} close={() => setStep(null)} />
      <HandsDrawer id={hands} close={() => setHands(null)} />
      <Drawer open={Boolean(get('task'))} title="任务" size={760} onClose={() => set({ task: null })} destroyOnHidden>
        {get('task') ? <TaskPanel id={get('task') as string} /> : null}
      </Drawer>
    </>
  )
}

function Chosen({
  demands,
  dispatch,
  clear,
}: {
  demands: Demand[]
  dispatch: (demands: Demand[]) => void
  clear: () => void
}) {
  if (demands.length === 0) return null
  return (
    <div className="batch sheet" style={{ marginBottom: 12 }} role="toolbar" aria-label="批量办理">
      <span>已选 {demands.length} 件</span>
      <Batch demands={demands} dispatch={dispatch} clear={clear} />
      <Button type="text" onClick={clear}>
        取消选择
      </Button>
    </div>
  )
}

function Nothing() {
  const carry = useCarry()
  return (
    <Sheet>
      <EmptyState title="现在没有待办" action={<Link href={carry('/demands')}>查看诉求清单</Link>}>
        等待派单、签收、答复、回访、办结的诉求，等待确认的服务和报到，要填的报表、要回复的意见和订阅的数字会出现在这里。
      </EmptyState>
    </Sheet>
  )
}

interface GroupProps {
  group: TodoGroup
  answer: ReturnType<typeof useTodo>[number]['answer']
  children: React.ReactNode
}

function Group({ group, answer, children }: GroupProps) {
  const carry = useCarry()
  const more = Object.fromEntries(Object.entries(group.query).map(([k, v]) => [k, String(v)]))
  const all = group.page ? carry(group.page) : carry(`/${group.of}`, more)
  if (answer.data?.total === 0) return null
  return (
    <section className="sheet todo-group" aria-label={group.title}>
      <header>
        <h2>{group.title}</h2>
        <span className="count">{answer.data?.total ?? '…'}</span>
        {answer.data && answer.data.total > answer.data.rows.length ? (
          <Link href={all} style={{ marginLeft: 'auto' }}>
            全部 {answer.data.total} 件
          </Link>
        ) : null}
      </header>
      {answer.error ? <ErrorState error={answer.error} retry={() => void answer.refetch()} /> : null}
      {answer.isPending ? <Loading lines={2} /> : null}
      {children}
    </section>
  )
}
