// 走访检查: visits, inspections, matching meetings, drills; people met are a number, what was collected are demands.
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { ChoiceField, TextField, UnitField } from '#web/kit/fields.tsx'
import { ChoiceBox } from '#web/kit/filters.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import type { ListOf } from '#web/kit/list.ts'
import { MechanismField, NoMechanism } from '#web/kit/mechanisms.tsx'
import { Facts, PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { todayHere } from '#web/kit/time.ts'
import { useUnit } from '#web/kit/units.tsx'
import type { Demand, Occasion, OccasionKind } from '../contract.ts'
import { occasionNames } from '../contract/names.ts'
import { OpenDemandForm } from './open-demand.tsx'
import { type DemandMechanism, useMechanisms, useOccasion } from './queries.ts'
import { states } from './words.ts'

const count = (id: 'met' | 'found' | 'solved', title: string, unit: string): Column<Occasion> => ({
  id,
  title: `${title}（${unit}）`,
  width: id === 'met' ? 148 : 116,
  align: 'right',
  ...(id === 'met' ? { sort: { up: 'met', down: '-met' } } : {}),
  render: (o) => o[id].toLocaleString('zh-CN'),
  text: (o) => o[id],
  sum: (o) => o[id],
})

const columnsWith = (open: (o: Occasion) => void, mechanism: (id: string) => string): Column<Occasion>[] => [
  {
    id: 'held',
    title: '日期',
    width: 116,
    sort: { up: 'held', down: '-held' },
    render: (o) => (
      <button type="button" className="link" onClick={() => open(o)}>
        {o.heldOn}
      </button>
    ),
    text: (o) => o.heldOn,
  },
  { id: 'kind', title: '种类', width: 84, render: (o) => occasionNames[o.kind], text: (o) => occasionNames[o.kind] },
  { id: 'place', title: '地点', width: 170, render: (o) => o.placeName, text: (o) => o.placeName },
  {
    id: 'mechanism',
    title: '机制',
    width: 210,
    render: (o) => mechanism(o.mechanismId),
    text: (o) => mechanism(o.mechanismId),
  },
  count('met', '见到群众', '人次'),
  count('found', '收集诉求', '件'),
  count('solved', '已解决', '件'),
  { id: 'note', title: '情况', render: (o) => o.note || '—', text: (o) => o.note },
]

export function OccasionsPage() {
  const { get, set } = useAddress()
  const scope = useUnit(get('unit'))
  const mayRecord = usePermission('demand.open')
  const { data: mechanisms = [] } = useMechanisms()
  const open = (o: Occasion) => set({ occasion: o.id }, { push: true })
  const where = scope.data ? `${scope.data.name}及下级` : undefined
  const query = { mechanism: get('mechanism'), kind: get('kind'), from: get('from'), to: get('to') }
  return (
    <>
      <PageHead title="走访检查" where={where ?? '全部可见范围'}>
        {mayRecord ? (
          <Button type="primary" onClick={() => set({ new: 1 })}>
            登记走访检查
          </Button>
        ) : null}
      </PageHead>
      <Sheet>
        <Filters mechanisms={mechanisms} />
        <DataTable<Occasion>
          name="occasions"
          title="走访检查清单"
          unit={where}
          path="/occasions"
          query={{ unit: get('unit'), ...query }}
          columns={columnsWith(open, (id) => mechanisms.find((m) => m.id === id)?.name ?? id)}
          onOpen={open}
          open={get('occasion')}
          empty={<Nothing filtered={Object.values(query).some(Boolean)} may={mayRecord} />}
        />
      </Sheet>
      <Drawer
        open={get('new') === '1'}
        title="登记走访检查"
        size={480}
        onClose={() => set({ new: null })}
        destroyOnHidden
      >
        <RecordForm mechanisms={mechanisms} close={() => set({ new: null })} />
      </Drawer>
      <Drawer
        open={Boolean(get('occasion'))}
        title="走访检查"
        size={640}
        onClose={() => set({ occasion: null })}
        destroyOnHidden
      >
        {get('occasion') ? <OccasionPanel key={get('occasion')} id={get('occasion') as string} /> : null}
      </Drawer>
    </>
  )
}

function Nothing({ filtered, may }: { filtered: boolean; may: boolean }) {
  const { set } = useAddress()
  const clear = () => set({ mechanism: null, kind: null, from: null, to: null, page: null })
  if (filtered) return <EmptyState title="没有符合条件的场次" action={<Button onClick={clear}>清除条件</Button>} />
  return (
    <EmptyState
      title="这里还没有走访检查"
      action={may ? <Button onClick={() => set({ new: 1 })}>登记走访检查</Button> : undefined}
    >
      走访、检查、对接会、演练办完后登记一行；当场收集的诉求逐件登记，办结情况自动汇到这里。
    </EmptyState>
  )
}

function Filters({ mechanisms }: { mechanisms: DemandMechanism[] }) {
  const { get, set } = useAddress()
  return (
    <div className="filters" role="search">
      <ChoiceBox name="kind" options={[['', '全部'], ...Object.entries(occasionNames)]} />
      <label>
        机制
        <Select
          allowClear
          aria-label="机制"
          style={{ width: 200 }}
          placeholder="全部"
          value={get('mechanism') ?? null}
          onChange={(m) => set({ mechanism: m ?? null, page: null })}
          options={mechanisms.filter((m) => m.occasions.length > 0).map((m) => ({ value: m.id, label: m.name }))}
        />
      </label>
      {(['from', 'to'] as const).map((end) => (
        <label key={end}>
          {end === 'from' ? '自' : '至'}
          <DayInput
            clear
            value={get(end) ?? ''}
            onChange={(d) => set({ [end]: d || null, page: null })}
            aria-label={end === 'from' ? '自哪天' : '至哪天'}
          />
        </label>
      ))}
    </div>
  )
}

interface Values {
  mechanismId: string
  kind: OccasionKind | undefined
  placeId: string | undefined
  heldOn: string
  met: number | null
  note: string
}

function RecordForm({ mechanisms, close }: { mechanisms: DemandMechanism[]; close: () => void }) {
  const { get, set } = useAddress()
  const scope = useUnit(get('unit')).data
  const place = scope?.tree === 'place' ? scope : undefined
  const form = useForm<Values>(
    { mechanismId: '', kind: undefined, placeId: place?.id, heldOn: todayHere(), met: null, note: '' },
    'new-occasion',
  )
  const [refresh, told] = [useRefresh(), useTold()]
  const offered = mechanisms.filter((m) => m.occasions.length > 0)
  const mechanism = offered.find((m) => m.id === form.values.mechanismId) ?? offered[0]
  if (!mechanism) return <NoMechanism what="登记走访检查" />
  const kind = form.values.kind ?? (mechanism.occasions.length === 1 ? mechanism.occasions[0] : undefined)
  const send = async ({ met, note, ...v }: Values, idempotencyKey: string) => {
    const more = { ...(met === null ? {} : { met }), ...(note.trim() ? { note } : {}) }
    const body = { ...v, ...more, kind, mechanismId: mechanism.id }
    const { id } = await call<{ id: string }>('POST', '/occasions', { body, idempotencyKey })
    told('已登记')
    await refresh()
    close()
    set({ new: null, occasion: id })
  }
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(send)
      }}
    >
      <FormProblem form={form} />
      <MechanismField form={form} all={offered} now={mechanism.id} fresh={{ kind: undefined }} />
      {mechanism.occasions.length > 1 ? (
        <ChoiceField
          form={form}
          name="kind"
          label="种类"
          required
          options={mechanism.occasions.map((value) => ({ value, label: occasionNames[value] }))}
        />
      ) : null}
      <UnitField form={form} name="placeId" label="地点" required tree="place" first={place && [place]} />
      <Field form={form} name="heldOn" label="日期" required>
        {(b) => <DayInput {...b} />}
      </Field>
      <Field form={form} name="met" label="见到群众" hint="只记人次，不记姓名">
        {(b) => <InputNumber {...b} min={0} max={100_000} precision={0} suffix="人次" />}
      </Field>
      <TextField form={form} name="note" label="情况" hint="不要写居民姓名、电话、门牌" rows={3} max={300} />
      <FormFoot verb="登记" busy={form.busy} onCancel={close} />
    </form>
  )
}

function OccasionPanel({ id }: { id: string }) {
  const carry = useCarry()
  const [taking, setTaking] = useState(false)
  const { data: mechanisms = [] } = useMechanisms()
  const occasion = useOccasion(id)
  if (occasion.error) return <ErrorState error={occasion.error} retry={() => void occasion.refetch()} />
  const o = occasion.data
  if (!o) return <Loading />
  if (taking) return <OpenDemandForm unit={undefined} occasion={o} close={() => setTaking(false)} />
  return (
    <div className="stack">
      <div className="row">
        <b style={{ fontSize: 16 }}>
          {o.placeName}　{occasionNames[o.kind]}
        </b>
        <span className="quiet">{o.heldOn}</span>
        <span style={{ flex: 1 }} />
        {o.can.includes('demand.open') ? <Button onClick={() => setTaking(true)}>登记当场收集的诉求</Button> : null}
      </div>
      <Facts
        two
        of={[
          ['机制', mechanisms.find((m) => m.id === o.mechanismId)?.name ?? o.mechanismId],
          ['见到群众', `${o.met.toLocaleString('zh-CN')} 人次`],
          ['收集诉求', `${o.found} 件`],
          ['已解决', `${o.solved} 件`],
        ]}
      />
      {o.note ? <p className="words">{o.note}</p> : null}
      <h2 style={{ fontSize: 14 }}>收集的诉求</h2>
      <Found id={id} />
      {o.found > 0 ? <Link href={carry(`/demands?occasion=${id}`)}>在诉求清单里打开</Link> : null}
    </div>
  )
}

const SHOWN = 50

function Found({ id }: { id: string }) {
  const carry = useCarry()
  const found = useQuery({
    queryKey: ['/demands', { occasion: id, limit: SHOWN }],
    queryFn: ({ signal }) =>
      call<ListOf<Demand>>('GET', '/demands', { query: { occasion: id, sort: 'opened', limit: SHOWN }, signal }),
  })
  if (found.error) return <ErrorState error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Loading lines={3} />
  if (found.data.rows.length === 0)
    return <p className="quiet">没有登记。当场收集的诉求逐件登记后，会列在这里并计入这次。</p>
  return (
    <ul className="stack" style={{ gap: 6 }}>
      {found.data.rows.map((d) => (
        <li key={d.id} className="row">
          <StateTag tone={states[d.state].tone}>{states[d.state].word}</StateTag>
          <Link href={carry(`/demands/${d.id}`)}>{d.title}</Link>
          <span className="quiet">
            {d.no} 号　{d.placeName}
          </span>
        </li>
      ))}
      {found.data.total > SHOWN ? <li className="quiet">另有 {found.data.total - SHOWN} 件</li> : null}
    </ul>
  )
}
