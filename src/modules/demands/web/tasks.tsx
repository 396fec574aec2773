// 任务: what members and volunteers may claim; publish, see who claimed, accept work with its actual time.
import { Button, Checkbox, Drawer, Select } from 'antd'
import { Link } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { SearchBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { useUnit } from '#web/kit/units.tsx'
import type { Task } from '../contract.ts'
import { PublishForm } from './publish.tsx'
import { useCategoryName } from './queries.ts'
import { TaskPanel } from './task.tsx'
import { optionsOf, places, stateOfTask, taskStates } from './words.ts'

const whenOf = (t: Task) =>
  t.record === 'done' ? `${moment(t.endsAt)} 前认领` : `${moment(t.startsAt)} 至 ${moment(t.endsAt)}`

const columnsWith = (
  open: (t: Task) => void,
  carry: (path: string) => string,
  category: (t: Task) => string,
): Column<Task>[] => [
  { id: 'no', title: '编号', width: 76, align: 'right', render: (t) => t.no, text: (t) => t.no },
  {
    id: 'title',
    title: '任务',
    render: (t) => (
      <button type="button" className="link" onClick={() => open(t)}>
        {t.title}
      </button>
    ),
    text: (t) => t.title,
  },
  { id: 'category', title: '类别', width: 96, render: category, text: category },
  { id: 'place', title: '地点', width: 150, render: (t) => t.placeName, text: (t) => t.placeName },
  {
    id: 'time',
    title: '时间',
    width: 270,
    render: (t) => <span className="nowrap">{whenOf(t)}</span>,
    text: whenOf,
  },
  {
    id: 'state',
    title: '状态',
    width: 90,
    render: (t) => <StateTag tone={stateOfTask(t).tone}>{stateOfTask(t).word}</StateTag>,
    text: (t) => stateOfTask(t).word,
  },
  {
    id: 'claimed',
    title: '已认领',
    width: 80,
    align: 'right',
    render: (t) => places(t.claimed, t),
    text: (t) => t.claimed,
    sum: (t) => t.claimed,
  },
  {
    id: 'capacity',
    title: '名额',
    width: 80,
    align: 'right',
    render: (t) => places(t.capacity, t),
    text: (t) => t.capacity,
    sum: (t) => t.capacity,
  },
  {
    id: 'demand',
    title: '诉求',
    width: 80,
    extra: true,
    render: (t) => (t.demandId ? <Link href={carry(`/demands/${t.demandId}`)}>打开</Link> : '—'),
  },
  {
    id: 'published',
    title: '发布时间',
    width: 140,
    extra: true,
    render: (t) => (t.publishedAt ? moment(t.publishedAt) : '—'),
    text: (t) => (t.publishedAt ? moment(t.publishedAt) : ''),
  },
]

export function TaskBoard() {
  const { get, set } = useAddress()
  const carry = useCarry()
  const unit = get('unit')
  const scope = useUnit(unit)
  const publishes = usePermission('task.publish')
  const drafts = usePermission('task.draft')
  const mayPublish = publishes || drafts
  const categoryName = useCategoryName()
  const where = scope.data ? `${scope.data.name}及下级` : undefined
  const query = { unit, state: get('state'), free: get('free'), search: get('search'), waits: get('waits') }
  const filtered = Boolean(query.state || query.free || query.search || query.waits)
  return (
    <>
      <PageHead title="任务" where={where ?? '全部可见范围'}>
        {mayPublish ? (
          <Button type="primary" onClick={() => set({ new: 1 })}>
            发布任务
          </Button>
        ) : null}
      </PageHead>
      <Sheet>
        <div className="filters" role="search">
          <SearchBox label="按任务名称查找" placeholder="任务名称" width={200} />
          <label>
            状态
            <Select
              allowClear
              aria-label="状态"
              style={{ width: 120 }}
              placeholder="全部"
              value={get('state') ?? null}
              onChange={(v) => set({ state: v ?? null, page: null })}
              options={optionsOf(taskStates)}
            />
          </label>
          <Checkbox
            checked={get('free') === 'true'}
            onChange={(e) => set({ free: e.target.checked ? 'true' : null, page: null })}
          >
            只看还有名额的
          </Checkbox>
        </div>
        <DataTable<Task>
          name="tasks"
          title="任务清单"
          unit={where}
          path="/tasks"
          query={query}
          columns={columnsWith(
            (t) => set({ task: t.id }, { push: true }),
            carry,
            (t) => categoryName(t.mechanismId, t.category),
          )}
          open={get('task')}
          empty={
            filtered ? (
              <EmptyState
                title="没有符合条件的任务"
                action={
                  <Button onClick={() => set({ state: null, free: null, search: null, waits: null, page: null })}>
                    清除条件
                  </Button>
                }
              />
            ) : (
              <EmptyState
                title="这里还没有任务"
                action={mayPublish ? <Button onClick={() => set({ new: 1 })}>发布任务</Button> : undefined}
              >
                发布后，在本社区报到的党员、志愿者可以在手机上认领。
              </EmptyState>
            )
          }
        />
      </Sheet>
      <Drawer open={get('new') === '1'} title="发布任务" size={520} onClose={() => set({ new: null })} destroyOnHidden>
        <PublishForm unit={scope.data?.tree === 'place' ? unit : undefined} close={() => set({ new: null })} />
      </Drawer>
      <Drawer open={Boolean(get('task'))} title="任务" size={760} onClose={() => set({ task: null })} destroyOnHidden>
        {get('task') ? <TaskPanel id={get('task') as string} /> : null}
      </Drawer>
    </>
  )
}
