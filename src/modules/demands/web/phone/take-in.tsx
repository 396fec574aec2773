// Taking a demand in on foot, in under a minute: where, what kind, the words. Without signal it waits on this phone with its key.
import { type FormEvent, useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { Demand } from '#modules/demands/contract.ts'
import { call } from '#web/api.ts'
import { useSend } from '#web/phone/ask.ts'
import { readLocal, writeLocal } from '#web/phone/local.ts'
import { checkBeforeSending, discard, type Letter, post } from '#web/phone/outbox.ts'
import { Button, Empty, TextField, Loading, Note, Page, Picks, Refused } from '#web/phone/parts.tsx'
import { codeGroups } from '#web/phone/words.ts'
import { type Kit, useKit } from './kit.ts'
import { Outbox } from './outbox.tsx'
import { MechanismField, PlaceField } from './where.tsx'

interface Draft {
  /** collected at this visit or inspection, whose mechanism is known */
  occasion: { id: string; name: string } | null
  mechanismId: string | null
  placeId: string | null
  category: string | null
  words: string
  name: string
  phone: string
  channel: 'secretary' | 'visit' | 'patrol'
}

const DRAFT = 'draft.take-in'
const blank: Draft = {
  occasion: null,
  mechanismId: null,
  placeId: null,
  category: null,
  words: '',
  name: '',
  phone: '',
  channel: 'visit',
}
/** The next take-in belongs to what was just held. */
export const takeInAt = (
  occasion: { id: string; name: string },
  at: Pick<Draft, 'mechanismId' | 'placeId' | 'channel'>,
) => writeLocal(DRAFT, { ...blank, ...at, occasion })

const channels = [
  { id: 'visit', name: '走访' },
  { id: 'patrol', name: '巡查' },
  { id: 'secretary', name: '居民来说' },
] as const

/** Registered here since it was written, same kind: maybe the same thing. */
checkBeforeSending('take-in', async (letter: Letter) => {
  const { placeId, category } = letter.body as { placeId: string; category: string }
  const { rows } = await call<{ rows: Demand[] }>('GET', '/demands', {
    query: { unit: placeId, category, sort: '-opened', limit: 5 },
  })
  return rows.filter((d) => d.openedAt > letter.madeAt).map((d) => ({ no: d.no, title: d.title, openedAt: d.openedAt }))
})

const fitsPhone = (phone: string) => phone === '' || /^1[3-9]\d{9}$/.test(phone)

function bodyOf(d: Draft, mechanismId: string) {
  const contact = { ...(d.name.trim() ? { name: d.name.trim() } : {}), ...(d.phone ? { phone: d.phone } : {}) }
  return {
    mechanismId,
    placeId: d.placeId,
    category: d.category,
    words: d.words.trim(),
    channel: d.channel,
    ...(d.occasion ? { occasionId: d.occasion.id } : {}),
    ...(Object.keys(contact).length > 0 ? { contact } : {}),
  }
}

/** What became of the last one, said once above the empty form. */
function Told({ letter }: { letter: Letter }) {
  if (letter.state === 'sent' && letter.answer)
    return (
      <Note tone="good">
        <p>
          已登记，<span className="num">{letter.answer.no} 号</span>。给居民的查询码：
        </p>
        <p className="num">
          <b translate="no">{codeGroups(letter.answer.code)}</b>
        </p>
        {letter.answer.id ? <Link href={`/m/todo/${letter.answer.id}`}>打开这件诉求，可以添加照片</Link> : null}
      </Note>
    )
  if (letter.state === 'refused')
    return (
      <Note tone="bad">
        <p>没有登记：{letter.refusal?.title}</p>
      </Note>
    )
  // What waits is shown in the queue itself.
  return null
}

function useTakeIn() {
  const [draft, setDraft] = useState<Draft>(() => ({ ...blank, ...readLocal<Draft>(DRAFT) }))
  const [last, setLast] = useState<Letter | null>(null)
  const { send, sending } = useSend()
  useEffect(() => void writeLocal(DRAFT, draft), [draft])
  const edit = (part: Partial<Draft>) => setDraft((d) => ({ ...d, ...part }))
  const submit = async (kit: Kit, mechanismId: string) => {
    setLast(null)
    const place = kit.places.find((p) => p.id === draft.placeId)?.name ?? ''
    const letter = await send(() =>
      post({
        kind: 'take-in',
        path: '/demands',
        body: bodyOf(draft, mechanismId),
        account: kit.account,
        label: `${place}：${[...draft.words.trim()].slice(0, 16).join('')}`,
      }),
    )
    if (!letter) return
    setLast(letter)
    window.scrollTo(0, 0)
    if (letter.state === 'sent' || letter.state === 'refused') discard(letter.key)
    // The next one is often at the same place.
    if (letter.state !== 'refused')
      setDraft({
        ...blank,
        occasion: draft.occasion,
        placeId: draft.placeId,
        channel: draft.channel,
        mechanismId: draft.mechanismId,
      })
  }
  return { draft, edit, submit, sending, last }
}

function Person({ draft, edit }: { draft: Draft; edit: (part: Partial<Draft>) => void }) {
  return (
    <details>
      <summary>诉求人的姓名、电话（本人愿意才填）</summary>
      <TextField label="怎么称呼" most={30} value={draft.name} onText={(text) => edit({ name: text })} />
      <TextField
        label="手机号码"
        wrong={fitsPhone(draft.phone) ? undefined : '手机号码应为 11 位数字。'}
        kind="tel"
        most={11}
        value={draft.phone}
        onText={(text) => edit({ phone: text.trim() })}
      />
    </details>
  )
}

const AtOccasion = ({ name, leave }: { name: string; leave: () => void }) => (
  <Note>
    <p>登记在这次：{name}</p>
    <button type="button" className="flat" onClick={leave}>
      不是这次收集的
    </button>
  </Note>
)

function Form({ kit }: { kit: Kit }) {
  const { draft, edit, submit, sending, last } = useTakeIn()
  const mechanism = kit.mechanisms.find((m) => m.id === draft.mechanismId) ?? kit.mechanisms[0]
  if (!mechanism || kit.places.length === 0) return <Empty>现在没有可以登记的机制或地点，请联系上级。</Empty>
  const ready = draft.placeId !== null && draft.category !== null && draft.words.trim() !== '' && fitsPhone(draft.phone)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    void submit(kit, mechanism.id)
  }
  return (
    <form onSubmit={onSubmit} noValidate>
      {last ? <Told letter={last} /> : null}
      <div className="sheet">
        {draft.occasion ? (
          <AtOccasion name={draft.occasion.name} leave={() => edit({ occasion: null })} />
        ) : (
          <MechanismField
            all={kit.mechanisms}
            value={mechanism.id}
            onPick={(id) => edit({ mechanismId: id, category: null })}
          />
        )}
        <PlaceField kit={kit} value={draft.placeId} onPick={(placeId) => edit({ placeId })} />
        <Picks
          legend="类别"
          options={mechanism.categories}
          value={draft.category}
          onPick={(category) => edit({ category })}
        />
        <TextField
          label="什么事"
          hint="按居民原话，可点键盘上的话筒说出来"
          lines="few"
          most={1000}
          value={draft.words}
          onText={(text) => edit({ words: text })}
        />
        <Picks
          legend="怎么得知"
          options={channels}
          value={draft.channel}
          onPick={(channel) => edit({ channel })}
          even
        />
        <Person draft={draft} edit={edit} />
      </div>
      <div className="act">
        <Button main busy={sending} disabled={!ready}>
          登记
        </Button>
      </div>
    </form>
  )
}

export function TakeIn() {
  const { kit, problem, again } = useKit()
  return (
    <Page title="登记诉求">
      <Outbox kind="take-in" />
      <p className="small">
        <Link className="flat" href="/m/occasions">
          登记走访、检查
        </Link>
      </p>
      {kit ? <Form kit={kit} /> : problem ? <Refused problem={problem} again={again} /> : <Loading />}
    </Page>
  )
}

/** Opened without signal: nobody can be asked who is signed in, so only writing down is possible. */
export function TakeInOffline() {
  const [kit] = useState(() => readLocal<Kit>('places'))
  return (
    <Page title="登记诉求">
      <Note tone="warn">
        <p>现在连不上服务器。可以先写下来，有信号并登录后自动送出。</p>
      </Note>
      <Outbox kind="take-in" />
      {kit ? <Form kit={kit} /> : <Empty>这部手机还没有在有信号时打开过登记页，暂时不能登记。请先用纸笔记下。</Empty>}
    </Page>
  )
}
