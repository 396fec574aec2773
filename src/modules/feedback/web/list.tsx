// 投诉建议: what users say of the system, by the clock of its answer. [JF-12]
import { Select } from 'antd'
import { Link } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { Clock, StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { ChoiceBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { Feedback } from '../contract.ts'
import { faces, kinds, ratings, states } from './words.ts'

const columnsWith = (carry: (path: string) => string): Column<Feedback>[] => [
  {
    id: 'no',
    title: '编号',
    width: 80,
    render: (f) => <Link href={carry(`/feedback/${f.id}`)}>{f.no}</Link>,
    text: (f) => f.no,
  },
  { id: 'kind', title: '种类', width: 72, render: (f) => kinds[f.kind], text: (f) => kinds[f.kind] },
  {
    id: 'function',
    title: '功能',
    width: 170,
    render: (f) => <Link href={carry(`/feedback/${f.id}`)}>{f.functionName}</Link>,
    text: (f) => f.functionName,
  },
  { id: 'page', title: '页面', extra: true, render: (f) => f.page, text: (f) => f.page },
  { id: 'face', title: '界面', width: 72, render: (f) => faces[f.face], text: (f) => faces[f.face] },
  {
    id: 'state',
    title: '状态',
    width: 90,
    render: (f) => <StateTag tone={states[f.state].tone}>{states[f.state].word}</StateTag>,
    text: (f) => states[f.state].word,
  },
  {
    id: 'received',
    title: '收到',
    width: 140,
    render: (f) => moment(f.receivedAt),
    text: (f) => moment(f.receivedAt),
    sort: { up: 'received', down: '-received' },
  },
  {
    id: 'due',
    title: '回复时限',
    width: 190,
    render: (f) => <Clock dueAt={f.dueAt} provisional={f.provisional} label="回复时限" />,
    text: (f) => (f.dueAt ? moment(f.dueAt) : ''),
    sort: { up: 'due' },
  },
  {
    id: 'replied',
    title: '首次回复',
    width: 140,
    render: (f) => (f.repliedAt ? moment(f.repliedAt) : '—'),
    text: (f) => (f.repliedAt ? moment(f.repliedAt) : ''),
  },
  {
    id: 'rating',
    title: '评价',
    width: 90,
    render: (f) => (f.rating ? ratings[f.rating] : '—'),
    text: (f) => (f.rating ? ratings[f.rating] : ''),
  },
]

export function FeedbackListPage() {
  const { get, set } = useAddress()
  const carry = useCarry()
  return (
    <>
      <PageHead title="意见办理" where="对本系统的投诉、建议和报障；不记录是谁提出的" />
      <Sheet>
        <div className="filters" role="search">
          <ChoiceBox
            name="state"
            options={[
              ['', '全部'],
              ['waiting', '待回复'],
              ['replied', '已回复'],
              ['rated', '已评价'],
            ]}
          />
          <Select
            aria-label="种类"
            size="small"
            style={{ width: 110 }}
            value={get('kind') ?? ''}
            onChange={(v) => set({ kind: v || null, page: null })}
            options={[
              { value: '', label: '全部种类' },
              ...Object.entries(kinds).map(([value, label]) => ({ value, label })),
            ]}
          />
          <ChoiceBox
            name="late"
            options={[
              ['', '不论时限'],
              ['true', '只看逾期'],
            ]}
          />
        </div>
        <DataTable<Feedback>
          name="feedback"
          title="投诉建议"
          path="/feedback"
          query={{ state: get('state'), kind: get('kind'), late: get('late') }}
          columns={columnsWith(carry)}
          empty={
            <EmptyState title="没有符合条件的投诉建议">
              每个页面都有“投诉建议”入口，居民、党员和工作人员提出的会列在这里。
            </EmptyState>
          }
        />
      </Sheet>
    </>
  )
}
