// 报到: choose the community I live in; the community signs it. One at a time, and moving house moves the registration. [SB-01]
import { type FormEvent, useState } from 'react'
import type { MyRegistration, Registration } from '#modules/people/contract.ts'
import { useAsk, usePost } from '#web/phone/ask.ts'
import { Button, Check, Empty, Facts, TextField, Loading, Note, Page, Picks, Refused } from '#web/phone/parts.tsx'
import { askWho } from '#web/phone/session.ts'
import { dayWords } from '#web/phone/words.ts'

interface Community {
  id: string
  name: string
  /** The street or town. */
  parent: string
}

const stateWords: Record<Registration['state'], string> = {
  reported: '已报到，等社区签收',
  confirmed: '社区已签收',
  ended: '已结束',
}
const splitSkills = (typed: string) =>
  typed
    .split(/[、，,;；\s]+/)
    .map((s) => s.trim())
    .filter(Boolean)
    .slice(0, 10)

function Choosing({ current, done }: { current: Registration | null; done: (words: string) => void }) {
  const [search, setSearch] = useState('')
  const [placeId, setPlaceId] = useState<string | null>(null)
  const [organ, setOrgan] = useState(current?.organ ?? '')
  const [skills, setSkills] = useState((current?.skills ?? []).join('、'))
  const [sure, setSure] = useState(current === null)
  const places = useAsk<{ rows: Community[]; total: number }>('/communities', { search: search.trim() })
  const { post, sending, problem } = usePost<{ id: string }>()
  const options = (places.data?.rows ?? []).map((p) => ({ id: p.id, name: `${p.name}（${p.parent}）` }))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const list = splitSkills(skills)
    const body = {
      placeId,
      ...(organ.trim() ? { organ: organ.trim() } : {}),
      ...(list.length > 0 ? { skills: list } : {}),
      ...(current ? { move: true } : {}),
    }
    if ((await post('/registrations', body)) !== null) done('已报到。社区签收后就能认领本社区的任务。')
  }
  return (
    <form className="sheet" onSubmit={(e) => void submit(e)} noValidate>
      {problem ? <Refused problem={problem} /> : null}
      <TextField
        label="居住的社区或村"
        hint="输入名称的一部分查找"
        kind="search"
        most={40}
        value={search}
        onText={setSearch}
      />
      {places.problem ? <Refused problem={places.problem} again={places.again} /> : null}
      {places.data && options.length === 0 ? <p className="quiet">没有名称里含“{search}”的社区或村。</p> : null}
      {options.length > 0 ? <Picks legend="选择" options={options} value={placeId} onPick={setPlaceId} /> : null}
      {places.data && places.data.total > options.length ? (
        <p className="small quiet">
          共 {places.data.total} 个，只列出前 {options.length} 个，请输入名称缩小范围。
        </p>
      ) : null}
      <TextField label="工作单位（可以不填）" most={60} fill="organization" value={organ} onText={setOrgan} />
      <TextField
        label="特长（可以不填）"
        hint="例如：急救、家电维修。多项用顿号隔开，用来推荐合适的任务"
        most={120}
        value={skills}
        onText={setSkills}
      />
      {current ? (
        <Check checked={sure} onChange={setSure}>
          我已搬家，在“{current.placeName}”的报到到今天为止
        </Check>
      ) : null}
      <Button main busy={sending} disabled={!placeId || !sure}>
        报到
      </Button>
    </form>
  )
}

const Current = ({ registration: r }: { registration: Registration }) => (
  <section className="sheet">
    <h2>{r.placeName}</h2>
    <Facts
      rows={[
        ['状态', stateWords[r.state]],
        ['报到日', dayWords(r.reportedOn)],
        ['签收日', r.confirmedOn ? dayWords(r.confirmedOn) : null],
        ['工作单位', r.organ],
        ['特长', r.skills.join('、')],
      ]}
    />
  </section>
)

export function ReportIn() {
  const { data, problem, again } = useAsk<MyRegistration>('/me/registration')
  const [told, setTold] = useState('')
  const done = (words: string) => {
    setTold(words)
    again()
    // What I may do depends on where I am registered.
    void askWho()
  }
  return (
    <Page title="社区报到" back="/m/mine" lead="党员到居住地社区报到，就近参加服务。不读取位置，不要求打卡。">
      {told ? (
        <Note tone="good">
          <p>{told}</p>
        </Note>
      ) : null}
      {problem ? <Refused problem={problem} again={problem.unsettled ? again : undefined} /> : null}
      {data?.current ? <Current registration={data.current} /> : null}
      {data && !data.current && !told ? <Empty>还没有报到。选择居住的社区或村，提交后由社区签收。</Empty> : null}
      {data && !data.current ? <Choosing current={null} done={done} key="first" /> : null}
      {data?.current ? (
        <details className="sheet">
          <summary>搬家了，换社区报到</summary>
          <Choosing current={data.current} done={done} key={data.current.id} />
        </details>
      ) : null}
      {!data && !problem ? <Loading /> : null}
    </Page>
  )
}
