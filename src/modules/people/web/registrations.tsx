// 双报到: who reported to the communities of the scope; the community signs. [SB-01]
import { Button, Drawer, Input, Radio } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import { call } from '#web/api.ts'
import { Act, useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { TagsField } from '#web/kit/fields.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { ChoiceBox, SearchBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { UnitPicker, useUnit } from '#web/kit/units.tsx'
import type { Registration } from '../contract.ts'
import { PersonPicker } from '#web/kit/person-picker.tsx'
import { endings, registrationStates } from './words.ts'

const endWord = (reason: string | null) => endings.find((e) => e.value === reason)?.label ?? ''

const columnsWith = (carry: (path: string) => string, end: (r: Registration) => void): Column<Registration>[] => [
  {
    id: 'name',
    title: '姓名',
    width: 110,
    render: (r) => <Link href={carry(`/persons/${r.personId}`)}>{r.personName}</Link>,
    text: (r) => r.personName,
  },
  { id: 'place', title: '报到社区', width: 150, render: (r) => r.placeName, text: (r) => r.placeName },
  { id: 'organ', title: '所在单位', render: (r) => r.organ || '—', text: (r) => r.organ },
  {
    id: 'skills',
    title: '特长',
    width: 150,
    render: (r) => r.skills.join('、') || '—',
    text: (r) => r.skills.join('、'),
  },
  {
    id: 'state',
    title: '状态',
    width: 96,
    render: (r) => <StateTag tone={registrationStates[r.state].tone}>{registrationStates[r.state].word}</StateTag>,
    text: (r) => registrationStates[r.state].word,
  },
  { id: 'reported', title: '报到日', width: 110, render: (r) => r.reportedOn, text: (r) => r.reportedOn },
  { id: 'confirmed', title: '签收日', width: 110, render: (r) => r.confirmedOn ?? '—', text: (r) => r.confirmedOn },
  {
    id: 'ended',
    title: '结束',
    width: 150,
    extra: true,
    render: (r) => (r.endedOn ? `${r.endedOn} ${endWord(r.endReason)}` : '—'),
    text: (r) => (r.endedOn ? `${r.endedOn} ${endWord(r.endReason)}` : ''),
  },
  {
    id: 'act',
    title: '办理',
    width: 130,
    render: (r) => (
      <span className="row">
        {r.state === 'reported' && r.can.includes('registration.confirm') ? (
          <Act
            verb="签收"
            size="small"
            done="已签收报到"
            run={(_, key) => call('POST', `/registrations/${r.id}/confirmation`, { body: {}, idempotencyKey: key })}
          />
        ) : null}
        {r.state !== 'ended' && r.can.includes('registration.confirm') ? (
          <Button size="small" onClick={() => end(r)}>
            结束
          </Button>
        ) : null}
      </span>
    ),
  },
]

export function RegistrationsPage() {
  const { get, set } = useAddress()
  const carry = useCarry()
  const unit = get('unit')
  const scope = useUnit(unit)
  const mayMake = usePermission('registration.make')
  const [ending, setEnding] = useState<Registration | null>(null)
  const where = scope.data ? `${scope.data.name}及下级` : undefined
  return (
    <>
      <PageHead title="双报到" where={where ?? '全部可见范围'}>
        {mayMake ? (
          <Button type="primary" onClick={() => set({ new: 1 })}>
            代为报到
          </Button>
        ) : null}
      </PageHead>
      <Sheet>
        <div className="filters" role="search">
          <SearchBox label="查找报到人员" placeholder="姓名或单位" />
          <ChoiceBox
            name="state"
            options={[
              ['', '全部'],
              ['reported', '待签收'],
              ['confirmed', '已报到'],
              ['ended', '已结束'],
            ]}
          />
        </div>
        <DataTable<Registration>
          name="registrations"
          title="报到名单"
          unit={where}
          path="/registrations"
          persons="listRegistrations"
          query={{ unit, state: get('state'), search: get('search') }}
          columns={columnsWith(carry, setEnding)}
          empty={
            <EmptyState
              title="没有报到人员"
              action={mayMake ? <Button onClick={() => set({ new: 1 })}>代为报到</Button> : undefined}
            >
              在职党员在手机上报到后，由社区在这里签收。
            </EmptyState>
          }
        />
      </Sheet>
      <Drawer open={get('new') === '1'} title="代为报到" size={480} onClose={() => set({ new: null })} destroyOnHidden>
        <MakeForm place={scope.data?.tree === 'place' ? unit : undefined} close={() => set({ new: null })} />
      </Drawer>
      <Drawer open={ending !== null} title="结束报到" size={420} onClose={() => setEnding(null)} destroyOnHidden>
        {ending ? <EndForm registration={ending} close={() => setEnding(null)} /> : null}
      </Drawer>
    </>
  )
}

function MakeForm({ place, close }: { place: string | undefined; close: () => void }) {
  const scope = useUnit(place)
  const form = useForm({ placeId: place, personId: undefined as string | undefined, organ: '', skills: [] as string[] })
  const refresh = useRefresh()
  const told = useTold()
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          await call('POST', '/registrations', {
            body: {
              placeId: v.placeId,
              personId: v.personId,
              ...(v.organ.trim() ? { organ: v.organ } : {}),
              ...(v.skills.length > 0 ? { skills: v.skills } : {}),
            },
            idempotencyKey,
          })
          told('已登记报到')
          await refresh()
          close()
        })
      }}
    >
      <FormProblem form={form} />
      <Field form={form} name="placeId" label="报到社区" required ground="SB-01">
        {({ onChange, ...b }) => (
          <UnitPicker
            {...b}
            tree="place"
            {...(scope.data ? { first: [scope.data] } : {})}
            onChange={(id) => onChange(id)}
          />
        )}
      </Field>
      <Field form={form} name="personId" label="报到人" required>
        {({ onChange, ...b }) => <PersonPicker {...b} onChange={(id) => onChange(id)} />}
      </Field>
      <Field form={form} name="organ" label="所在单位">
        {({ onChange, ...b }) => <Input {...b} maxLength={60} onChange={(e) => onChange(e.target.value)} />}
      </Field>
      <TagsField form={form} name="skills" label="特长" />
      <FormFoot verb="报到" busy={form.busy} onCancel={close} />
    </form>
  )
}

function EndForm({ registration, close }: { registration: Registration; close: () => void }) {
  const form = useForm({ reason: 'moved' })
  const refresh = useRefresh()
  const told = useTold()
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          await call('POST', `/registrations/${registration.id}/ending`, { body: { reason: v.reason }, idempotencyKey })
          told('已结束报到')
          await refresh()
          close()
        })
      }}
    >
      <div className="known">
        {registration.personName}　{registration.placeName}
        <div className="quiet">自今天起结束，以前的服务记录保留。</div>
      </div>
      <FormProblem form={form} />
      <Field form={form} name="reason" label="原因" required>
        {({ onChange, status: _, ...b }) => (
          <Radio.Group {...b} vertical onChange={(e) => onChange(e.target.value as string)} options={endings} />
        )}
      </Field>
      <FormFoot verb="结束报到" busy={form.busy} onCancel={close} />
    </form>
  )
}
