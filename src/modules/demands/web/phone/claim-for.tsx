// Claiming for somebody else on foot: a member without a phone of his own, or the unit one speaks for.
import { useState } from 'react'
import type { Task } from '#modules/demands/contract.ts'
import type { PersonRow } from '#modules/people/contract.ts'
import { useAsk, usePost } from '#web/phone/ask.ts'
import { Button, Loading, Picks, Refused, TextField } from '#web/phone/parts.tsx'
import { useMe } from '#web/phone/session.ts'
import { claimTold, placesLeft } from './claiming.tsx'

interface Props {
  task: Task
  done: (words: string) => void
}

function useClaim(task: Task, done: Props['done']) {
  const { post, sending, problem } = usePost<{ state: 'claimed' | 'waiting' }>()
  const claim = async (whom: { personId: string } | { unitId: string }, name: string) => {
    const made = await post(`/tasks/${task.id}/claims`, { ...whom, ...(placesLeft(task) === 0 ? { wait: true } : {}) })
    if (made) done(`${name}：${claimTold[made.state]}`)
  }
  return { claim, sending, problem }
}

const verbOf = (task: Task) => (placesLeft(task) === 0 ? '登记候补' : '认领')

function Found({ task, words, done }: Props & { words: string }) {
  const { data, problem, again } = useAsk<{ rows: PersonRow[]; total: number }>('/persons', { search: words, limit: 8 })
  const [id, setId] = useState<string | null>(null)
  const { claim, sending, problem: refused } = useClaim(task, done)
  if (problem) return <Refused problem={problem} again={again} />
  if (!data) return <Loading />
  if (data.total === 0) return <p className="quiet">没有找到，请换姓名、拼音首字母或后四位。</p>
  const chosen = data.rows.find((p) => p.id === id)
  return (
    <>
      <Picks
        legend={data.total > data.rows.length ? `共 ${data.total} 人，先列 ${data.rows.length} 人` : '选择'}
        options={data.rows.map((p) => ({ id: p.id, name: `${p.name}　${p.branch ?? p.registeredAt ?? ''}` }))}
        value={id}
        onPick={setId}
      />
      {refused ? <Refused problem={refused} /> : null}
      <Button
        busy={sending}
        disabled={!chosen}
        onClick={() => chosen && void claim({ personId: chosen.id }, chosen.name)}
      >
        {chosen ? `替${chosen.name}${verbOf(task)}` : verbOf(task)}
      </Button>
    </>
  )
}

function ForPerson({ task, done }: Props) {
  const [words, setWords] = useState('')
  const [asked, setAsked] = useState('')
  return (
    <details className="sheet">
      <summary>替人认领</summary>
      <form
        className="field"
        onSubmit={(e) => {
          e.preventDefault()
          setAsked(words.trim())
        }}
      >
        <TextField
          label="替谁认领"
          hint="须是本人愿意；认领和时长记在本人名下"
          kind="search"
          most={40}
          value={words}
          onText={setWords}
        />
        <Button disabled={!words.trim()}>查找</Button>
      </form>
      {asked ? <Found key={asked} task={task} words={asked} done={done} /> : null}
    </details>
  )
}

function ForUnit({ task, done }: Props) {
  const own = useMe().mandates.filter((m) => m.verbs.includes('task.claim-unit'))
  const units = [...new Map(own.map((m) => [m.unitId, { id: m.unitId, name: m.unitName }])).values()]
  const [id, setId] = useState<string | null>(units.length === 1 ? (units[0]?.id ?? null) : null)
  const { claim, sending, problem } = useClaim(task, done)
  const chosen = units.find((u) => u.id === id)
  return (
    <details className="sheet">
      <summary>以单位名义认领</summary>
      <Picks legend="认领单位" hint="占一个名额，由单位安排人去办" options={units} value={id} onPick={setId} />
      {problem ? <Refused problem={problem} /> : null}
      <Button
        busy={sending}
        disabled={!chosen}
        onClick={() => chosen && void claim({ unitId: chosen.id }, chosen.name)}
      >
        {chosen ? `${chosen.name}${verbOf(task)}` : verbOf(task)}
      </Button>
    </details>
  )
}

export function ClaimForOthers({ task, done }: Props) {
  const units = useMe().mandates.some((m) => m.verbs.includes('task.claim-unit'))
  if (task.state !== 'published') return null
  return (
    <>
      {task.claimants.includes('unit') && units ? <ForUnit task={task} done={done} /> : null}
      {task.claimants.includes('person') && task.can.includes('task.claim-for') ? (
        <ForPerson task={task} done={done} />
      ) : null}
    </>
  )
}
