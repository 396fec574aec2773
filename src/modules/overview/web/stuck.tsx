// What is stuck in all engines, the longest first; each kind with how many there are and the list they stand in.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Table } from 'antd'
import { Link } from 'wouter'
import { daysBetween } from '#core/calendar/days.ts'
import { dayOf } from '#core/calendar/instants.ts'
import { call } from '#web/api.ts'
import { useCarry } from '#web/kit/address.ts'
import { Sheet } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { todayHere } from '#web/kit/time.ts'
import type { Stuck } from '../contract.ts'

const waitedDays = (since: string, today: string) =>
  Math.max(0, daysBetween(since.length === 10 ? since : dayOf(since), today))

export function StuckSheet({ unit, every, each }: { unit: string | undefined; every: number; each: number }) {
  const query = { unit, each }
  const { data, error, refetch } = useQuery({
    queryKey: ['/stuck', query],
    refetchInterval: every,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call<Stuck>('GET', '/stuck', { query, signal }),
  })
  return (
    <Sheet
      title={
        <>
          卡在哪里
          <span className="quiet num" style={{ marginInlineStart: 12 }}>
            {data ? `${data.total.toLocaleString('zh-CN')} 件，每类列出最久的 ${each} 件` : ''}
          </span>
        </>
      }
    >
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : data ? <Body of={data} /> : <Loading />}
    </Sheet>
  )
}

function Body({ of }: { of: Stuck }) {
  const carry = useCarry()
  if (of.total === 0)
    return (
      <EmptyState title="没有超期或久等的事项">诉求逾期、待回访、待审、待签收等事项会按等待时间出现在这里。</EmptyState>
    )
  const names = new Map(of.kinds.map((k) => [k.id, k]))
  return (
    <>
      <ul className="kinds">
        {of.kinds.map((k) => (
          <li key={k.id}>
            <Link href={carry(k.link)}>
              {k.name} <b className="num">{k.total.toLocaleString('zh-CN')}</b>
            </Link>
          </li>
        ))}
      </ul>
      <Table
        rowKey={(r) => `${r.kind} ${r.id}`}
        size="small"
        pagination={false}
        dataSource={of.rows}
        columns={[
          { title: '类别', width: 130, className: 'nowrap', render: (_, r) => names.get(r.kind)?.name },
          {
            title: '事项',
            render: (_, r) => (
              <Link className="clip" href={carry(r.link)}>
                {r.title}
              </Link>
            ),
          },
          { title: '承办单位', width: 170, render: (_, r) => <span className="clip">{r.unitName || '—'}</span> },
          {
            title: '已等',
            width: 110,
            className: 'num',
            align: 'right' as const,
            render: (_, r) => (
              <span title={`自${names.get(r.kind)?.from ?? ''}起`}>{waitedDays(r.since, todayHere())} 天</span>
            ),
          },
        ]}
      />
    </>
  )
}
