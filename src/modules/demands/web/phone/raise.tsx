// What the QR plate of a place opens: say it, agree, get a code. No account, no location; name and phone are left to the resident.
import { type FormEvent, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { PlacePlate } from '#modules/demands/contract.ts'
import { useAsk, useSend } from '#web/phone/ask.ts'
import { Frame } from '#web/phone/frame.tsx'
import { dropLocal, readLocal, writeLocal } from '#web/phone/local.ts'
import { discard, type Letter, post } from '#web/phone/outbox.ts'
import { Button, Check, TextField, Loading, Note, Page, Picks, Refused } from '#web/phone/parts.tsx'
import { Outbox } from './outbox.tsx'
import { handOver, PickPhotos } from './photos.tsx'
import { rememberSlip } from './slip.tsx'

interface Draft {
  mechanism: string | null
  words: string
  category: string | null
  name: string
  phone: string
}

const blank: Draft = { mechanism: null, words: '', category: null, name: '', phone: '' }
const MOST = 1000

/** Written words survive a closed page, a dead battery and a lost signal; consent is given anew each time. */
function useDraft(plate: string) {
  const name = `draft.raise.${plate}`
  const [found] = useState(() => readLocal<Draft>(name))
  const [draft, setDraft] = useState<Draft>({ ...blank, ...found })
  useEffect(() => {
    if (draft.words || draft.name || draft.phone) writeLocal(name, draft)
    else dropLocal(name)
  }, [name, draft])
  const edit = (part: Partial<Draft>) => setDraft((d) => ({ ...d, ...part }))
  // At once, not with the next rendering: the page may be left for the answer's.
  const clear = () => {
    dropLocal(name)
    setDraft(blank)
  }
  return {
    draft,
    edit,
    clear,
    restored: found !== null && draft.words === found.words && draft.words !== '',
  }
}

const phoneFits = (phone: string) => phone === '' || /^1[3-9]\d{9}$/.test(phone)

interface Faults {
  words?: string | undefined
  phone?: string | undefined
  agreed?: string | undefined
}

function faultsOf(draft: Draft, agreed: boolean): Faults {
  return {
    words:
      draft.words.trim() === ''
        ? '请写下您要说的事。'
        : [...draft.words].length > MOST
          ? `最多 ${MOST} 个字，现在多了 ${[...draft.words].length - MOST} 个。`
          : undefined,
    phone: phoneFits(draft.phone.trim()) ? undefined : '手机号码应为 11 位数字；不想留可以清空。',
    agreed: agreed ? undefined : '请阅读告知内容并勾选同意。',
  }
}

function bodyOf(plate: string, draft: Draft) {
  const contact = {
    ...(draft.name.trim() ? { name: draft.name.trim() } : {}),
    ...(draft.phone.trim() ? { phone: draft.phone.trim() } : {}),
  }
  return {
    place: plate,
    words: draft.words.trim(),
    consent: true,
    ...(draft.mechanism ? { mechanism: draft.mechanism } : {}),
    ...(draft.category ? { category: draft.category } : {}),
    ...(Object.keys(contact).length > 0 ? { contact } : {}),
  }
}

/** Sends, and says what became of it: the code, the refusal, or that it waits on this phone. */
function useRaise(plate: string, place: string, { sent, photos }: { sent: () => void; photos: readonly Blob[] }) {
  const [, go] = useLocation()
  const [refused, setRefused] = useState<Letter | null>(null)
  /** photos that did not go with words that wait on this phone */
  const [apart, setApart] = useState(0)
  const { send, sending } = useSend()
  const raise = async (draft: Draft) => {
    setRefused(null)
    const letter = await send(() =>
      post({
        kind: 'raise',
        path: '/raised-demands',
        body: bodyOf(plate, draft),
        account: null,
        label: `${place}：${[...draft.words.trim()].slice(0, 16).join('')}`,
      }),
    )
    if (!letter) return
    if (letter.state === 'refused') {
      discard(letter.key)
      setRefused(letter)
      return
    }
    const waits = letter.state !== 'sent' || !letter.answer
    setApart(waits ? photos.length : 0)
    sent()
    if (letter.state !== 'sent' || !letter.answer) {
      window.scrollTo(0, 0)
      return
    }
    rememberSlip({ ...letter.answer, place, at: letter.madeAt })
    discard(letter.key)
    if (photos.length > 0) handOver(`/raised-demands/${letter.answer.code}`, photos)
    go(`/f/${letter.answer.code}`)
  }
  return { raise, sending, refused, apart }
}

function Contact({
  draft,
  edit,
  wrong,
}: {
  draft: Draft
  edit: (part: Partial<Draft>) => void
  wrong: string | undefined
}) {
  return (
    <details open={draft.name !== '' || draft.phone !== ''}>
      <summary>留下姓名、电话（可以不留）</summary>
      <TextField label="怎么称呼您" most={30} fill="name" value={draft.name} onText={(text) => edit({ name: text })} />
      <TextField
        label="手机号码"
        hint="承办人签收后才能看到，用来向您了解情况"
        wrong={wrong}
        kind="tel"
        most={11}
        fill="tel"
        value={draft.phone}
        onText={(text) => edit({ phone: text })}
      />
    </details>
  )
}

/** The notice in full before the box: agreed to anew each time, and kept with its version. [PRV-01] */
function Consent({
  text,
  agreed,
  onAgree,
  wrong,
}: {
  text: string
  agreed: boolean
  onAgree: (on: boolean) => void
  wrong: string | undefined
}) {
  return (
    <div className="sheet">
      <h2>告知与同意</h2>
      <p className="small">{text}</p>
      <Check checked={agreed} onChange={onAgree}>
        我已阅读并同意
      </Check>
      {wrong ? (
        <p className="clock late wrap" role="alert">
          {wrong}
        </p>
      ) : null}
    </div>
  )
}

const Restored = ({ clear }: { clear: () => void }) => (
  <Note>
    <p>
      已恢复上次没有写完的内容。
      <button type="button" className="flat" onClick={clear}>
        清空重写
      </button>
    </p>
  </Note>
)

/** What is raised: the one chosen, the district's first otherwise; there is always one. */
const kindOf = (place: PlacePlate, id: string | null) =>
  (place.mechanisms.find((m) => m.id === id) ?? place.mechanisms[0]) as PlacePlate['mechanisms'][number]

interface MatterProps {
  place: PlacePlate
  kind: PlacePlate['mechanisms'][number]
  draft: Draft
  edit: (part: Partial<Draft>) => void
  wrong: string | undefined
}

function Matter({ place, kind, draft, edit, wrong }: MatterProps) {
  return (
    <>
      {place.mechanisms.length > 1 ? (
        <Picks
          legend="您要提的是"
          options={place.mechanisms.map((m) => ({ id: m.id, name: m.word }))}
          value={kind.id}
          onPick={(id) => edit({ mechanism: id, category: null })}
          even
        />
      ) : null}
      <TextField
        label={kind.ask}
        hint={`${kind.hint}；也可点键盘上的话筒说出来`}
        wrong={wrong}
        lines="many"
        value={draft.words}
        onText={(words) => edit({ words })}
      />
      <Picks
        legend="类别（不确定可以不选）"
        options={kind.categories}
        value={draft.category}
        onPick={(id) => edit({ category: id })}
        onClear={() => edit({ category: null })}
      />
    </>
  )
}

function Form({ plate, place }: { plate: string; place: PlacePlate }) {
  const { draft, edit, clear, restored } = useDraft(plate)
  const kind = kindOf(place, draft.mechanism)
  const category = kind.categories.some((c) => c.id === draft.category) ? draft.category : null
  const [agreed, setAgreed] = useState(false)
  const [tried, setTried] = useState(false)
  const [photos, setPhotos] = useState<Blob[]>([])
  const sent = () => {
    clear()
    setAgreed(false)
    setTried(false)
    setPhotos([])
  }
  const { raise, sending, refused, apart } = useRaise(plate, place.line[place.line.length - 1] ?? '', { sent, photos })
  const faults = faultsOf(draft, agreed)
  const wrong: Faults = tried ? faults : {}
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (faults.words || faults.phone || faults.agreed)
      setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"], .check input')?.focus())
    else void raise({ ...draft, mechanism: kind.id, category })
  }
  return (
    <form onSubmit={submit} noValidate>
      {refused?.refusal ? (
        <Note tone="bad">
          <p>{refused.refusal.title}</p>
        </Note>
      ) : null}
      {apart > 0 ? (
        <Note tone="warn">
          <p>文字已存在手机里，照片没有保存。送达后请打开“查看进展和凭条”补加照片。</p>
        </Note>
      ) : null}
      {restored ? <Restored clear={clear} /> : null}
      <div className="sheet">
        <Matter place={place} kind={kind} draft={draft} edit={edit} wrong={wrong.words} />
        <PickPhotos photos={photos} onPick={setPhotos} />
        <Contact draft={draft} edit={edit} wrong={wrong.phone} />
      </div>
      <Consent text={place.notice.text} agreed={agreed} onAgree={setAgreed} wrong={wrong.agreed} />
      <div className="act">
        <Button main busy={sending}>
          提交{kind.word}
        </Button>
      </div>
    </form>
  )
}

/** The plate last scanned is kept (names and categories only), so that its page opens without signal too. */
function usePlate(plate: string) {
  const { data, problem, again } = useAsk<PlacePlate>(`/places/${encodeURIComponent(plate)}`)
  const [kept] = useState(() => readLocal<PlacePlate>('plate'))
  useEffect(() => {
    if (data) writeLocal('plate', data)
  }, [data])
  const place = data ?? (problem?.unsettled && kept?.place === plate ? kept : undefined)
  return { place, problem, again }
}

export function Raise({ plate }: { plate: string }) {
  const { place, problem, again } = usePlate(plate)
  return (
    <Frame name={place?.district ?? '基石'}>
      <Page title="提出诉求" lead={place ? place.line.join(' › ') : undefined}>
        <Outbox kind="raise" />
        {place ? (
          <Form plate={plate} place={place} />
        ) : problem ? (
          <Refused problem={problem} again={problem.unsettled ? again : undefined} />
        ) : (
          <Loading what="正在打开" />
        )}
      </Page>
    </Frame>
  )
}
