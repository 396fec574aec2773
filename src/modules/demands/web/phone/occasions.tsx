// A visit, an inspection, a meeting just held: one line in half a minute, then what was collected there, one by one.
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import type { ListOf } from '#web/kit/list.ts'
import { useAsk, usePost } from '#web/phone/ask.ts'
import { Button, Empty, Loading, Note, Page, Picks, Refused, TextField } from '#web/phone/parts.tsx'
import { dayWords } from '#web/phone/words.ts'
import { todayHere } from '#web/kit/time.ts'
import type { Occasion, OccasionKind } from '../../contract.ts'
import { occasionNames } from '../../contract/names.ts'
import { type Kit, useKit } from './kit.ts'
import { takeInAt } from './take-in.tsx'
import { MechanismField, PlaceField } from './where.tsx'

interface Draft {
  mechanismId: string | null
  kind: OccasionKind | null
  placeId: string | null
  heldOn: string
  met: string
  note: string
}

const nameOf = (o: Pick<Occasion, 'kind' | 'heldOn' | 'placeName'>) =>
  `${dayWords(o.heldOn)}　${o.placeName}　${occasionNames[o.kind]}`

/** Opens the take-in form for what was collected there. */
function useCollect() {
  const [, navigate] = useLocation()
  return (o: Pick<Occasion, 'id' | 'kind' | 'heldOn' | 'placeName' | 'placeId' | 'mechanismId'>) => {
    const channel = o.kind === 'visit' ? 'visit' : 'patrol'
    takeInAt({ id: o.id, name: nameOf(o) }, { mechanismId: o.mechanismId, placeId: o.placeId, channel })
    navigate('/m/take-in')
  }
}

function useDraft(kit: Kit, recorded: () => void) {
  const blank = { mechanismId: null, kind: null, placeId: null, heldOn: todayHere(), met: '', note: '' }
  const [draft, setDraft] = useState<Draft>(blank)
  const [made, setMade] = useState<Occasion | null>(null)
  const { post, sending, problem } = usePost<{ id: string }>()
  const offered = kit.mechanisms.filter((m) => (m.occasions ?? []).length > 0)
  const mechanism = offered.find((m) => m.id === draft.mechanismId) ?? offered[0]
  const kind = draft.kind ?? (mechanism?.occasions.length === 1 ? (mechanism.occasions[0] as OccasionKind) : null)
  const submit = async () => {
    const what = { mechanismId: mechanism?.id ?? '', placeId: draft.placeId ?? '', kind: kind as OccasionKind }
    const body = {
      ...what,
      heldOn: draft.heldOn,
      ...(draft.met ? { met: Number(draft.met) } : {}),
      ...(draft.note.trim() ? { note: draft.note.trim() } : {}),
    }
    const answer = await post('/occasions', body)
    if (answer === null) return
    const placeName = kit.places.find((p) => p.id === draft.placeId)?.name ?? ''
    const rest = { met: 0, note: '', found: 0, solved: 0, can: [] }
    setMade({ ...rest, ...what, id: answer.id, placeName, heldOn: draft.heldOn })
    setDraft({ ...blank, mechanismId: draft.mechanismId, placeId: draft.placeId })
    recorded()
    window.scrollTo(0, 0)
  }
  const edit = (part: Partial<Draft>) => setDraft((d) => ({ ...d, ...part }))
  return { draft, edit, submit, sending, problem, made, offered, mechanism, kind }
}

function Form({ kit, recorded }: { kit: Kit; recorded: () => void }) {
  const { draft, edit, submit, sending, problem, made, offered, mechanism, kind } = useDraft(kit, recorded)
  const collect = useCollect()
  if (!mechanism || kit.places.length === 0) return <Empty>现在没有登记走访、检查的机制或地点，请联系上级。</Empty>
  const wrong = draft.met !== '' && !/^\d{1,5}$/.test(draft.met) ? '请填整数，只记人次。' : undefined
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    void submit()
  }
  return (
    <form onSubmit={onSubmit} noValidate>
      {made ? (
        <Note tone="good">
          <p>已登记：{nameOf(made)}</p>
          <Button onClick={() => collect(made)}>登记当场收集的诉求</Button>
        </Note>
      ) : null}
      {problem ? <Refused problem={problem} /> : null}
      <div className="sheet">
        <MechanismField all={offered} value={mechanism.id} onPick={(id) => edit({ mechanismId: id, kind: null })} />
        {mechanism.occasions.length > 1 ? (
          <Picks
            legend="种类"
            options={mechanism.occasions.map((id) => ({ id, name: occasionNames[id] }))}
            value={kind}
            onPick={(id) => edit({ kind: id })}
            even
          />
        ) : null}
        <PlaceField kit={kit} value={draft.placeId} onPick={(placeId) => edit({ placeId })} />
        <TextField label="日期" kind="date" value={draft.heldOn} onText={(heldOn) => edit({ heldOn })} />
        <TextField
          label="见到群众（人次，可以不填）"
          hint="只记人次，不记姓名"
          wrong={wrong}
          digits
          most={5}
          value={draft.met}
          onText={(met) => edit({ met: met.trim() })}
        />
        <TextField
          label="情况（可以不填）"
          hint="不要写居民姓名、电话、门牌"
          lines="few"
          most={300}
          value={draft.note}
          onText={(note) => edit({ note })}
        />
      </div>
      <div className="act">
        <Button main busy={sending} disabled={!kind || !draft.placeId || draft.heldOn === '' || wrong !== undefined}>
          登记
        </Button>
      </div>
    </form>
  )
}

/** The last ones: what was collected later is written down there. */
function Last({ rows }: { rows: Occasion[] }) {
  const collect = useCollect()
  if (rows.length === 0) return null
  return (
    <section aria-label="最近登记的">
      <div className="group">
        <h2>最近登记的</h2>
      </div>
      <ul className="rows">
        {rows.map((o) => (
          <li key={o.id}>
            <div className="row">
              <p className="line">
                <b>
                  {o.placeName}　{occasionNames[o.kind]}
                </b>
                <span className="quiet">{dayWords(o.heldOn)}</span>
              </p>
              <p className="more">
                见到群众 {o.met} 人次，收集诉求 {o.found} 件，已解决 {o.solved} 件
              </p>
              {o.can.includes('demand.open') ? (
                <div className="go">
                  <Button onClick={() => collect(o)}>登记收集的诉求</Button>
                </div>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Occasions() {
  const { kit, problem, again } = useKit()
  const last = useAsk<ListOf<Occasion>>('/occasions', { limit: 5 })
  return (
    <Page title="走访检查" back="/m/take-in">
      {kit ? (
        <Form kit={kit} recorded={last.again} />
      ) : problem ? (
        <Refused problem={problem} again={again} />
      ) : (
        <Loading />
      )}
      {last.data ? <Last rows={last.data.rows} /> : null}
    </Page>
  )
}
