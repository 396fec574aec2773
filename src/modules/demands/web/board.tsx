// 诉求: list and kanban of the scope; filters live in the address.
import { Button, Checkbox, Drawer, Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { Clock, StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { moment, shortMoment, useNow } from '#web/kit/time.ts'
import { useUnit } from '#web/kit/units.tsx'
import type { Demand } from '../contract.ts'
import { Batch } from './batch.tsx'
import { Kanban } from './kanban.tsx'
import { OpenDemandForm } from './open-demand.tsx'
import { useMechanisms } from './queries.ts'
import { type OpenStep, StepDrawer } from './step-drawer.tsx'
import { NextStep } from './steps.tsx'
import { channels, grades, optionsOf, outcomes, satisfactions, states } from './words.ts'

const columnsWith = (carry: (path: string) => string, open: (step: OpenStep) => void): Column<Demand>[] => [
  { id: 'no', title: '编号', width: 66, align: 'right', render: (d) => d.no, text: (d) => d.no },
  {
    id: 'title',
    title: '诉求',
    render: (d) => (
      <Link className="two-lines" title={d.title} href={carry(`/demands/${d.id}`)}>
        {d.title}
      </Link>
    ),
    text: (d) => d.title,
  },
  { id: 'category', title: '类别', width: 84, render: (d) => d.categoryName, text: (d) => d.categoryName },
  {
    id: 'place',
    title: '地点',
    width: 118,
    render: (d) => (
      <span className="clip" title={d.placeName}>
        {d.placeName}
      </span>
    ),
    text: (d) => d.placeName,
  },
  {
    id: 'state',
    title: '状态',
    width: 100,
    render: (d) => <StateTag tone={states[d.state].tone}>{states[d.state].word}</StateTag>,
    text: (d) => states[d.state].word,
  },
  {
    id: 'due',
    title: '时限',
    width: 196,
    sort: { up: 'due' },
    render: (d) =>
      d.suspendedUntil ? `挂账至 ${d.suspendedUntil}` : <Clock dueAt={d.dueAt} provisional={d.provisional} />,
    text: (d) => (d.dueAt ? `${moment(d.dueAt)}${d.late ? '（逾期）' : ''}` : ''),
  },
  {
    id: 'owner',
    title: '承办单位',
    width: 118,
    render: (d) =>
      d.ownerName ? (
        <span className="clip" title={d.ownerName}>
          {d.ownerName}
        </span>
      ) : (
        <span className="quiet">未派</span>
      ),
    text: (d) => d.ownerName ?? '',
  },
  {
    id: 'opened',
    title: '登记时间',
    width: 112,
    sort: { up: 'opened', down: '-opened' },
    render: (d) => <Opened at={d.openedAt} />,
    text: (d) => moment(d.openedAt),
  },
  {
    id: 'channel',
    title: '来源',
    width: 84,
    extra: true,
    render: (d) => channels[d.channel],
    text: (d) => channels[d.channel],
  },
  {
    id: 'grade',
    title: '紧急程度',
    width: 84,
    extra: true,
    render: (d) => grades[d.grade],
    text: (d) => grades[d.grade],
  },
  {
    id: 'outcome',
    title: '解决情况',
    width: 90,
    extra: true,
    render: (d) => (d.outcome ? outcomes[d.outcome] : '—'),
    text: (d) => (d.outcome ? outcomes[d.outcome] : ''),
  },
  {
    id: 'satisfaction',
    title: '满意程度',
    width: 90,
    extra: true,
    render: (d) => (d.satisfaction ? satisfactions[d.satisfaction] : '—'),
    text: (d) => (d.satisfaction ? satisfactions[d.satisfaction] : ''),
  },
  {
    id: 'closed',
    title: '办结时间',
    width: 140,
    extra: true,
    render: (d) => (d.closedAt ? moment(d.closedAt) : '—'),
    text: (d) => (d.closedAt ? moment(d.closedAt) : ''),
  },
  {
    id: 'next',
    title: '办理',
    width: 72,
    render: (d) => <NextStep demand={d} size="small" open={(step) => open({ step, demands: [d] })} />,
  },
]

function Opened({ at }: { at: string }) {
  return (
    <time dateTime={at} title={moment(at)} className="nowrap">
      {shortMoment(at, useNow())}
    </time>
  )
}

function useFilters() {
  const { get } = useAddress()
  return {
    unit: get('unit'),
    lens: get('lens'),
    state: get('state'),
    category: get('category'),
    mechanism: get('mechanism'),
    late: get('late'),
    search: get('search'),
  }
}

export function DemandBoard() {
  const { get, set } = useAddress()
  const query = useFilters()
  const scope = useUnit(query.unit)
  const carry = useCarry()
  const [, navigate] = useLocation()
  const [step, setStep] = useState<OpenStep | null>(null)
  const mayOpen = usePermission('demand.open')
  const lanes = get('view') === 'lanes'
  const where = scope.data ? `${scope.data.name}及下级` : undefined
  return (
    <>
      <PageHead title="诉求" where={where ?? '全部可见范围'}>
        <Segmented
          value={lanes ? 'lanes' : 'list'}
          onChange={(v) => set({ view: v === 'lanes' ? 'lanes' : null, page: null, state: null })}
          options={[
            { value: 'list', label: '清单' },
            { value: 'lanes', label: '看板' },
          ]}
        />
        {mayOpen ? (
          <Button type="primary" onClick={() => set({ new: 1 })}>
            登记诉求
          </Button>
        ) : null}
      </PageHead>
      <Sheet>
        <Filters lanes={lanes} />
        {lanes ? (
          <Kanban query={query} open={setStep} />
        ) : (
          <DataTable<Demand>
            name="demands"
            title="诉求清单"
            unit={where}
            path="/demands"
            query={query}
            columns={columnsWith(carry, setStep)}
            onOpen={(d) => navigate(carry(`/demands/${d.id}`))}
            renderBatch={(demands, clear) => (
              <Batch
                demands={demands}
                clear={clear}
                dispatch={(rows) => setStep({ step: 'dispatch', demands: rows })}
              />
            )}
            empty={<Nothing mayOpen={mayOpen} />}
          />
        )}
      </Sheet>
      <StepDrawer open={step} close={() => setStep(null)} />
      <Drawer open={get('new') === '1'} title="登记诉求" size={520} onClose={() => set({ new: null })} destroyOnHidden>
        <OpenDemandForm unit={scope.data?.tree === 'place' ? query.unit : undefined} close={() => set({ new: null })} />
      </Drawer>
    </>
  )
}

function Nothing({ mayOpen }: { mayOpen: boolean }) {
  const { set } = useAddress()
  const query = useFilters()
  const filtered = Boolean(query.state || query.category || query.late || query.search || query.lens)
  if (filtered) {
    return (
      <EmptyState
        title="没有符合条件的诉求"
        action={
          <Button
            onClick={() => set({ state: null, category: null, late: null, search: null, lens: null, page: null })}
          >
            清除条件
          </Button>
        }
      >
        可以放宽条件，或在左侧换一个单位。
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="这里还没有诉求"
      action={mayOpen ? <Button onClick={() => set({ new: 1 })}>登记诉求</Button> : undefined}
    >
      居民手机提出、社区代提、12345 转来的诉求会列在这里。
    </EmptyState>
  )
}

function Filters({ lanes }: { lanes: boolean }) {
  const { get, set } = useAddress()
  const mechanisms = useMechanisms()
  const pick = (name: string) => (value: string | undefined) => set({ [name]: value ?? null, page: null })
  const categories = (mechanisms.data ?? [])
    .flatMap((m) => m.categories)
    .filter((c, i, all) => all.findIndex((x) => x.id === c.id) === i)
  return (
    <div className="filters" role="search">
      <Input.Search
        key={get('search')}
        defaultValue={get('search') ?? ''}
        placeholder="标题或编号"
        aria-label="按标题或编号查找"
        allowClear
        style={{ width: 200 }}
        onSearch={(v) => set({ search: v.trim() || null, page: null })}
      />
      {lanes ? null : (
        <label>
          状态
          <Select
            allowClear
            aria-label="状态"
            mode="multiple"
            maxTagCount="responsive"
            style={{ width: 170 }}
            placeholder="全部"
            value={get('state')?.split(',') ?? []}
            onChange={(v) => set({ state: v.join(',') || null, page: null })}
            options={optionsOf(states)}
          />
        </label>
      )}
      {mechanisms.data ? (
        <label>
          类别
          <Select
            allowClear
            aria-label="类别"
            style={{ width: 130 }}
            placeholder="全部"
            value={get('category') ?? null}
            onChange={pick('category')}
            options={categories.map((c) => ({ value: c.id, label: c.name }))}
          />
        </label>
      ) : null}
      {mechanisms.data && mechanisms.data.length > 1 ? (
        <label>
          机制
          <Select
            allowClear
            aria-label="机制"
            style={{ width: 150 }}
            placeholder="全部"
            value={get('mechanism') ?? null}
            onChange={pick('mechanism')}
            options={mechanisms.data.map((m) => ({ value: m.id, label: m.name }))}
          />
        </label>
      ) : null}
      <Segmented
        size="small"
        value={get('lens') ?? 'place'}
        onChange={(v) => set({ lens: v === 'owner' ? 'owner' : null, page: null })}
        options={[
          { value: 'place', label: '按事发地' },
          { value: 'owner', label: '按承办单位' },
        ]}
      />
      <Checkbox
        checked={get('late') === 'true'}
        onChange={(e) => set({ late: e.target.checked ? 'true' : null, page: null })}
      >
        只看逾期
      </Checkbox>
    </div>
  )
}
