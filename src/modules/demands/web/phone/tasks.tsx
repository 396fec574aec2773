// Tasks of the community I reported to, or of the places I look after: what, when, where, places left.
import { useState } from 'react'
import { Link } from 'wouter'
import type { Task } from '#modules/demands/contract.ts'
import { useAsk } from '#web/phone/ask.ts'
import { Button, Check, Empty, TextField, Loading, Page, Picks, Refused } from '#web/phone/parts.tsx'
import { holds, useMe } from '#web/phone/session.ts'
import { moment, span } from '#web/phone/words.ts'
import { taskStateName } from '../../contract/names.ts'
import { claimStates, Claiming, placesLeft } from './claiming.tsx'

const STEP = 20

export function TaskLine({ task }: { task: Task }) {
  const left = placesLeft(task)
  const who = task.claimants.includes('unit') ? '个' : '人'
  const one = task.record === 'done' && task.capacity === 1
  const taken = task.mine && task.mine !== 'withdrawn' ? `您${claimStates[task.mine]}` : taskStateName(task)
  return (
    <>
      <p className="line">
        <Link href={`/m/tasks/${task.id}`}>
          <b>{task.title}</b>
        </Link>
        <span className="num">
          {one ? taken : left > 0 ? `余 ${left} / ${task.capacity} ${who}` : `满 ${task.capacity} ${who}`}
        </span>
      </p>
      <p className="more">
        {task.record === 'done' ? `${task.word}，${moment(task.endsAt)}前可认领` : span(task.startsAt, task.endsAt)}
      </p>
      <p className="more">{task.placeName}</p>
      {task.skillsMatched?.length ? <p className="more">用得上您的特长：{task.skillsMatched.join('、')}</p> : null}
    </>
  )
}

const NoPlace = () => (
  <Empty>
    <p>这里会列出您所报到社区的任务。</p>
    <p>您还没有在社区报到，或者社区还没有签收。</p>
    <Link className="btn" href="/m/report-in">
      去报到
    </Link>
  </Empty>
)

interface Picking {
  value: string | null
  onPick: (id: string | null) => void
  free: boolean
  /** among all tasks, not only those found by words: the numbers are those of the list */
  counted: boolean
}

/** Micro-wishes apart from shifts, wherever more than one mechanism has something to claim. */
function Kinds({ value, onPick, free, counted }: Picking) {
  const { data } = useAsk<{ rows: { id: string; word: string; count: number }[] }>('/task-mechanisms', {
    free: free ? true : null,
  })
  if (!data || (data.rows.length < 2 && value === null)) return null
  const options = data.rows.map((m) => ({ id: m.id, name: counted ? `${m.word} ${m.count}` : m.word }))
  return (
    <div className="sheet">
      <Picks legend="只看" options={options} value={value} onPick={onPick} onClear={() => onPick(null)} />
    </div>
  )
}

interface Narrowing {
  search: string
  onSearch: (words: string) => void
  free: boolean
  onFree: (on: boolean) => void
}

const Narrow = ({ search, onSearch, free, onFree }: Narrowing) => (
  <div className="sheet">
    <TextField label="按名称查找" kind="search" most={40} value={search} onText={onSearch} />
    <Check checked={free} onChange={onFree}>
      只看还有名额的
    </Check>
  </div>
)

function Row({ task, again }: { task: Task; again: () => void }) {
  /** told already, before the list was read anew */
  const [got, setGot] = useState<'claimed' | 'waiting' | null>(null)
  const changed = (state: 'claimed' | 'waiting') => {
    setGot(state)
    again()
  }
  return (
    <div className="row">
      <TaskLine task={{ ...task, mine: task.mine ?? got }} />
      <Claiming task={task} changed={changed} />
    </div>
  )
}

export function Tasks() {
  const me = useMe()
  const [free, setFree] = useState(false)
  const [search, setSearch] = useState('')
  const [kind, setKind] = useState<string | null>(null)
  const [limit, setLimit] = useState(STEP)
  const may = holds(me, 'task.read')
  const { data, problem, loading, again } = useAsk<{ rows: Task[]; total: number }>(may ? '/tasks' : null, {
    state: 'published',
    mechanism: kind,
    free: free ? true : null,
    search: search.trim(),
    limit,
  })
  if (!may)
    return (
      <Page title="任务">
        <NoPlace />
      </Page>
    )
  return (
    <Page title="任务" lead={data ? `共 ${data.total} 项` : undefined}>
      <Kinds value={kind} onPick={setKind} free={free} counted={search.trim() === ''} />
      {search || free || (data && data.total > 5) ? (
        <Narrow search={search} onSearch={setSearch} free={free} onFree={setFree} />
      ) : null}
      {problem ? <Refused problem={problem} again={again} /> : null}
      {data && data.rows.length > 0 ? (
        <ul className="rows">
          {data.rows.map((task) => (
            <li key={task.id}>
              <Row task={task} again={again} />
            </li>
          ))}
        </ul>
      ) : null}
      {data && data.rows.length === 0 ? (
        <Empty>
          {free || search || kind
            ? '没有符合条件的任务，可以放宽条件再看。'
            : '现在没有任务。社区发布后会列在这里，不需要时时来看。'}
        </Empty>
      ) : null}
      {!data && loading && !problem ? <Loading /> : null}
      {data && data.rows.length < data.total ? (
        <div className="sheet">
          <Button busy={loading} onClick={() => setLimit((n) => Math.min(500, n + STEP))}>
            再看 {Math.min(STEP, data.total - data.rows.length)} 项
          </Button>
        </div>
      ) : null}
    </Page>
  )
}
