// What mechanisms say of a unit, from–to, and what it held or took on; in the district's own words.
import { Button, Checkbox, Drawer, Segmented, Select } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import { todayHere } from '#web/kit/time.ts'
import type { UnitEvent, UnitMark } from '../contract.ts'
import { type UnitMechanism, useUnitMechanisms, useUnitPage } from './known.ts'
import { EventForm, MarkForm } from './register-forms.tsx'

type Words = ReturnType<typeof wordsOf>

/** Names of codes, as the mechanisms give them. */
const wordsOf = (mechanisms: readonly UnitMechanism[]) => {
  const of = (id: string) => mechanisms.find((m) => m.id === id)
  const mark = (k: UnitMark) => of(k.mechanismId)?.settings.marks.find((m) => m.id === k.mark)
  const event = (e: UnitEvent) => of(e.mechanismId)?.settings.events.find((x) => x.id === e.event)
  return {
    mechanism: (id: string) => of(id)?.name ?? id,
    mark: (k: UnitMark) => mark(k)?.name ?? k.mark,
    value: (k: UnitMark) => mark(k)?.values.find((v) => v.id === k.value)?.name ?? k.value,
    event: (e: UnitEvent) => event(e)?.name ?? e.event,
    counts: (e: UnitEvent) => event(e)?.counts,
    settles: (e: UnitEvent) => event(e)?.settles ?? false,
  }
}

const markColumns = (w: Words): Column<UnitMark>[] => [
  { id: 'unit', title: '单位', width: 200, render: (k) => k.unitName, text: (k) => k.unitName },
  { id: 'mark', title: '标识', width: 140, render: (k) => w.mark(k), text: (k) => w.mark(k) },
  { id: 'value', title: '内容', width: 150, render: (k) => <b>{w.value(k)}</b>, text: (k) => w.value(k) },
  {
    id: 'mechanism',
    title: '机制',
    render: (k) => w.mechanism(k.mechanismId),
    text: (k) => w.mechanism(k.mechanismId),
  },
  { id: 'from', title: '起', width: 106, render: (k) => k.from, text: (k) => k.from },
  { id: 'to', title: '止', width: 106, render: (k) => k.to ?? '至今', text: (k) => k.to ?? '至今' },
  { id: 'note', title: '说明', width: 160, extra: true, render: (k) => k.note || '—', text: (k) => k.note },
  {
    id: 'act',
    title: '办理',
    width: 76,
    render: (k) =>
      k.can.includes('unit.register') && (k.to === null || k.to > todayHere()) ? (
        <Act
          verb="结束"
          size="small"
          done="已结束"
          effect={`“${k.unitName}”的“${w.mark(k)}：${w.value(k)}”自今天起不再有效，历史保留。`}
          run={(_, key) =>
            call('POST', `/unit-marks/${k.id}/ending`, { body: { on: todayHere() }, idempotencyKey: key })
          }
        />
      ) : null,
  },
]

const eventColumns = (w: Words): Column<UnitEvent>[] => [
  { id: 'unit', title: '单位', width: 200, render: (e) => e.unitName, text: (e) => e.unitName },
  { id: 'event', title: '活动', width: 130, render: (e) => w.event(e), text: (e) => w.event(e) },
  { id: 'title', title: '内容', render: (e) => e.title, text: (e) => e.title },
  { id: 'held', title: '日期', width: 106, render: (e) => e.heldOn, text: (e) => e.heldOn },
  {
    id: 'quantity',
    title: '数量',
    width: 100,
    align: 'right',
    render: (e) => (w.counts(e) ? `${e.quantity} ${w.counts(e)}` : '—'),
    text: (e) => e.quantity,
  },
  {
    id: 'settled',
    title: '办结',
    width: 120,
    render: (e) => (e.settledOn ? e.settledOn : w.settles(e) ? <StateTag tone="act">未办结</StateTag> : <span>—</span>),
    text: (e) => e.settledOn,
  },
  {
    id: 'act',
    title: '办理',
    width: 76,
    render: (e) =>
      w.settles(e) && !e.settledOn && e.can.includes('unit.register') ? (
        <Act
          verb="办结"
          size="small"
          done="已办结"
          effect={`“${e.title}”今天办结。`}
          run={(_, key) =>
            call('POST', `/unit-events/${e.id}/settlement`, { body: { on: todayHere() }, idempotencyKey: key })
          }
        />
      ) : null,
  },
]

export function Register({ unit }: { unit: string }) {
  const { get } = useAddress()
  const mechanisms = useUnitMechanisms()
  const page = useUnitPage(unit)
  const [adding, setAdding] = useState(false)
  const marks = (get('view') ?? 'marks') === 'marks'
  const may = page.data?.unit.can.includes('unit.register') ?? false
  const Form = marks ? MarkForm : EventForm
  return (
    <>
      <div className="filters">
        <View />
        <MechanismFilter mechanisms={mechanisms} />
        {marks ? <Ended /> : null}
        <span className="gap" />
        {may ? <Button onClick={() => setAdding(true)}>{marks ? '登记标识' : '登记活动'}</Button> : null}
      </div>
      <Lists unit={unit} name={page.data?.unit.name} marks={marks} words={wordsOf(mechanisms)} />
      <Drawer
        open={adding}
        title={marks ? '登记标识' : '登记活动'}
        size={480}
        onClose={() => setAdding(false)}
        destroyOnHidden
      >
        {page.data ? <Form unit={page.data.unit} mechanisms={mechanisms} close={() => setAdding(false)} /> : null}
      </Drawer>
    </>
  )
}

interface ListsProps {
  unit: string
  name: string | undefined
  marks: boolean
  words: Words
}

function Lists({ unit, name, marks, words }: ListsProps) {
  const { get } = useAddress()
  const query = { unit, mechanism: get('mechanism') }
  const on = get('ended') === '1' ? undefined : todayHere()
  return marks ? (
    <DataTable<UnitMark>
      key="marks"
      name="unit-marks"
      title="单位标识"
      unit={name}
      path="/unit-marks"
      query={{ ...query, on }}
      columns={markColumns(words)}
      empty={
        <EmptyState title="没有标识">类别、状态、覆盖方式、荣誉等会列在这里，各有起止日期，含下级单位。</EmptyState>
      }
    />
  ) : (
    <DataTable<UnitEvent>
      key="events"
      name="unit-events"
      title="单位活动和任务"
      unit={name}
      path="/unit-events"
      query={query}
      columns={eventColumns(words)}
      empty={<EmptyState title="没有登记活动">联席会议、联合任务、走访、排查等会列在这里，含下级单位。</EmptyState>}
    />
  )
}

function View() {
  const { get, set } = useAddress()
  return (
    <Segmented
      value={get('view') ?? 'marks'}
      onChange={(v) => set({ view: v === 'marks' ? null : v, page: null })}
      options={[
        { value: 'marks', label: '标识' },
        { value: 'events', label: '活动和任务' },
      ]}
    />
  )
}

/** Also what no longer holds. */
export function Ended() {
  const { get, set } = useAddress()
  return (
    <Checkbox checked={get('ended') === '1'} onChange={(e) => set({ ended: e.target.checked ? 1 : null, page: null })}>
      含已结束
    </Checkbox>
  )
}

function MechanismFilter({ mechanisms }: { mechanisms: readonly UnitMechanism[] }) {
  const { get, set } = useAddress()
  return (
    <label>
      机制
      <Select
        allowClear
        aria-label="机制"
        style={{ width: 220 }}
        placeholder="全部"
        value={get('mechanism') ?? null}
        onChange={(m) => set({ mechanism: m ?? null, page: null })}
        options={mechanisms.map((m) => ({ value: m.id, label: m.name }))}
      />
    </label>
  )
}
