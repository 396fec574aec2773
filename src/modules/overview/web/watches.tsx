// What I subscribed to, and what I was told so far.
import { useQuery } from '@tanstack/react-query'
import { Drawer, Table } from 'antd'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { questionText, useMeasures } from '#web/kit/figures.ts'
import type { ListOf } from '#web/kit/list.ts'
import { noteWords } from '#web/kit/notes.ts'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { Note, Watch } from '../contract.ts'

const conditionOf = ({ every, digest, line }: Watch) => {
  const span = every === 'month' ? '每月' : '每周'
  return [digest && `${span}结束后`, line && `${span}内${line.side === 'above' ? '高于' : '低于'} ${line.value} 时`]
    .filter(Boolean)
    .join('；')
}

export function WatchesDrawer() {
  const { get, set } = useAddress()
  return (
    <Drawer
      open={Boolean(get('watches'))}
      title="我的订阅"
      size={760}
      onClose={() => set({ watches: null })}
      destroyOnHidden
    >
      <Watches />
      <h3 style={{ margin: '20px 0 8px' }}>提醒过的</h3>
      <Told />
    </Drawer>
  )
}

function Watches() {
  const { data, error, refetch } = useQuery({
    queryKey: ['/watches', {}],
    queryFn: ({ signal }) => call<ListOf<Watch>>('GET', '/watches', { signal }),
  })
  const measures = useMeasures().data?.rows ?? []
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  if (data.total === 0)
    return <EmptyState title="还没有订阅">打开任意一个数字，点“订阅”，到期或越过您设的线时在“待办”提醒您。</EmptyState>
  return (
    <Table
      rowKey="id"
      size="small"
      pagination={false}
      dataSource={data.rows}
      columns={[
        { title: '指标', render: (_, w) => measures.find((m) => m.id === w.measure)?.name ?? w.measure },
        { title: '单位', width: 170, render: (_, w) => w.unit.name },
        { title: '何时提醒', width: 210, render: (_, w) => conditionOf(w) },
        {
          title: '',
          width: 96,
          render: (_, w) => (
            <Act
              verb="取消订阅"
              done="已取消订阅"
              size="small"
              run={(_reason, key) => call('DELETE', `/watches/${w.id}`, { idempotencyKey: key })}
            />
          ),
        },
      ]}
    />
  )
}

function Told() {
  const { set } = useAddress()
  const query = { limit: 50 }
  const { data } = useQuery({
    queryKey: ['/watch-notes', query],
    queryFn: ({ signal }) => call<ListOf<Note>>('GET', '/watch-notes', { query, signal }),
  })
  if (!data) return <Loading lines={3} />
  if (data.total === 0) return <p className="quiet">还没有提醒。</p>
  return (
    <ul className="lines">
      {data.rows.map((n) => (
        <li key={n.id}>
          <span className="quiet num">{moment(n.at)}</span>{' '}
          <button
            type="button"
            className="link"
            onClick={() =>
              set({ number: questionText({ measure: n.measure, unit: n.unit.id, period: n.period }) }, { push: true })
            }
          >
            {noteWords(n)}
          </button>
        </li>
      ))}
    </ul>
  )
}
