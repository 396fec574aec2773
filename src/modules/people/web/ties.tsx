// Dated ties of a person: Party relations, posts, standings, registrations. A tie ends on a day; it is never deleted. [STAT-03]
import { Button, Drawer, Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { StateTag } from '#web/kit/clock.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { Sheet } from '#web/kit/page.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import { todayHere } from '#web/kit/time.ts'
import { UnitPicker } from '#web/kit/units.tsx'
import { beginReasons, endReasons, type PersonPage, standingNames } from '../contract.ts'
import { statuses } from './words.ts'

type Kind =
  | 'membership'
  | 'transfer'
  | 'confirmation'
  | 'post'
  | 'standing'
  | 'end-membership'
  | 'end-post'
  | 'end-standing'

interface Asked {
  kind: Kind
  id?: string
}

const titles: Record<Kind, string> = {
  membership: '建立组织关系',
  transfer: '转接组织关系',
  confirmation: '预备党员转正',
  post: '登记职务',
  standing: '登记特殊情况',
  'end-membership': '结束组织关系',
  'end-post': '结束职务',
  'end-standing': '结束特殊情况',
}

const term = (from: string, to: string | null) => `${from} 起${to ? `，${to} 止` : ''}`

export function Ties({ page }: { page: PersonPage }) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const may = page.person.can.includes('person.write')
  const formal = page.memberships.find((m) => m.kind === 'formal' && !m.to)
  const button = (kind: Kind, id?: string) =>
    may ? (
      <Button size="small" onClick={() => setAsked({ kind, ...(id ? { id } : {}) })}>
        {id ? '结束' : titles[kind]}
      </Button>
    ) : null
  return (
    <>
      <Sheet title="组织关系" padded>
        {page.memberships.length === 0 ? <EmptyState title="没有组织关系" /> : null}
        <ul className="stack" style={{ gap: 6 }}>
          {page.memberships.map((m) => (
            <li key={m.id} className="row" style={m.to ? { opacity: 0.7 } : {}}>
              <StateTag tone={m.kind === 'formal' ? 'act' : 'plain'}>
                {m.kind === 'formal' ? '正式' : '功能型'}
              </StateTag>
              <b>{m.unitName}</b>
              {statuses[m.status]}
              <span className="quiet">{term(m.from, m.to)}</span>
              {m.to ? null : button('end-membership', m.id)}
            </li>
          ))}
        </ul>
        <div className="row no-print" style={{ marginTop: 10 }}>
          {formal ? button('transfer') : null}
          {formal?.status === 'probationary' ? button('confirmation') : null}
          {button('membership')}
        </div>
      </Sheet>
      <Sheet title="职务和特殊情况" padded>
        <ul className="stack" style={{ gap: 6 }}>
          {page.posts.map((p) => (
            <li key={p.id} className="row" style={p.to ? { opacity: 0.7 } : {}}>
              <b>{p.title}</b>
              {p.unitName}
              <span className="quiet">{term(p.from, p.to)}</span>
              {p.to ? null : button('end-post', p.id)}
            </li>
          ))}
          {page.standings.map((s) => (
            <li key={s.id} className="row" style={s.to ? { opacity: 0.7 } : {}}>
              <b>{s.name}</b>
              <span className="quiet">{term(s.from, s.to)}</span>
              {s.to ? null : button('end-standing', s.id)}
            </li>
          ))}
          {page.posts.length + page.standings.length === 0 ? <li className="quiet">没有登记</li> : null}
        </ul>
        <div className="row no-print" style={{ marginTop: 10 }}>
          {button('post')}
          {button('standing')}
        </div>
      </Sheet>
      {page.registrations.length > 0 ? (
        <Sheet title="社区报到" padded>
          <ul className="stack" style={{ gap: 6 }}>
            {page.registrations.map((r) => (
              <li key={r.id} className="row">
                <b>{r.placeName}</b>
                <span className="quiet">
                  {r.organ}　{r.reportedOn} 报到{r.confirmedOn ? `，${r.confirmedOn} 签收` : '，待签收'}
                  {r.endedOn ? `，${r.endedOn} 结束` : ''}
                </span>
              </li>
            ))}
          </ul>
        </Sheet>
      ) : null}
      <Drawer
        open={asked !== null}
        title={asked ? titles[asked.kind] : ''}
        size={480}
        onClose={() => setAsked(null)}
        destroyOnHidden
      >
        {asked ? <TieForm personId={page.person.id} asked={asked} close={() => setAsked(null)} /> : null}
      </Drawer>
    </>
  )
}

interface Values {
  unitId: string | undefined
  relation: string
  status: string
  day: string
  until: string
  reason: string | undefined
  title: string
  standing: string | undefined
}

function requestOf({ kind, id }: Asked, personId: string, v: Values): [path: string, body: unknown] {
  switch (kind) {
    case 'membership':
      return [
        `/persons/${personId}/memberships`,
        { unitId: v.unitId, kind: v.relation, status: v.status, from: v.day, reason: v.reason },
      ]
    case 'transfer':
      return [`/persons/${personId}/transfer`, { toId: v.unitId, on: v.day }]
    case 'confirmation':
      return [`/persons/${personId}/confirmation`, { on: v.day }]
    case 'post':
      return [`/persons/${personId}/posts`, { unitId: v.unitId, title: v.title, from: v.day }]
    case 'standing':
      return [
        `/persons/${personId}/standings`,
        { kind: v.standing, from: v.day, ...(v.until ? { until: v.until } : {}) },
      ]
    case 'end-membership':
      return [`/memberships/${id}/ending`, { on: v.day, reason: v.reason }]
    case 'end-post':
      return [`/posts/${id}/ending`, { on: v.day }]
    case 'end-standing':
      return [`/standings/${id}/ending`, { on: v.day }]
  }
}

const choices = (words: Record<string, string>, without: string) =>
  Object.entries(words)
    .filter(([value]) => value !== without)
    .map(([value, label]) => ({ value, label }))

function TieForm({ personId, asked, close }: { personId: string; asked: Asked; close: () => void }) {
  const { kind } = asked
  const form = useForm<Values>({
    unitId: undefined,
    relation: 'formal',
    status: 'full',
    day: todayHere(),
    until: '',
    reason: undefined,
    title: '',
    standing: undefined,
  })
  const refresh = useRefresh()
  const told = useTold()
  const dayPath = kind === 'membership' || kind === 'post' || kind === 'standing' ? 'from' : 'on'
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          const [path, body] = requestOf(asked, personId, v)
          await call('POST', path, { body, idempotencyKey })
          told(`已${titles[kind]}`)
          await refresh()
          close()
        })
      }}
    >
      <FormProblem form={form} />
      {kind === 'membership' || kind === 'transfer' || kind === 'post' ? (
        <Field
          form={form}
          name="unitId"
          path={kind === 'transfer' ? 'toId' : 'unitId'}
          label={kind === 'transfer' ? '转入' : '单位'}
          required
        >
          {({ onChange, ...b }) => (
            <UnitPicker {...b} {...(kind === 'post' ? {} : { tree: 'org' as const })} onChange={(id) => onChange(id)} />
          )}
        </Field>
      ) : null}
      {kind === 'membership' ? (
        <>
          <Field
            form={form}
            name="relation"
            path="kind"
            label="关系"
            required
            hint="正式关系同时只能有一个"
            ground="BR-06"
          >
            {({ onChange, status: _, ...b }) => (
              <Radio.Group
                {...b}
                onChange={(e) => onChange(e.target.value as string)}
                options={[
                  { value: 'formal', label: '正式' },
                  { value: 'functional', label: '功能型' },
                ]}
              />
            )}
          </Field>
          <Field form={form} name="status" label="党员类别" required>
            {({ onChange, status: _, ...b }) => (
              <Radio.Group
                {...b}
                onChange={(e) => onChange(e.target.value as string)}
                options={[
                  { value: 'full', label: '正式党员' },
                  { value: 'probationary', label: '预备党员' },
                ]}
              />
            )}
          </Field>
        </>
      ) : null}
      {kind === 'membership' || kind === 'end-membership' ? (
        <Field form={form} name="reason" label="增减原因" required ground="STAT-01">
          {({ onChange, value, ...b }) => (
            <Select
              {...b}
              style={{ width: '100%' }}
              value={value ?? null}
              onChange={(r) => onChange(r ?? undefined)}
              options={choices(kind === 'membership' ? beginReasons : endReasons, 'status')}
            />
          )}
        </Field>
      ) : null}
      {kind === 'post' ? (
        <Field form={form} name="title" label="职务" required>
          {({ onChange, ...b }) => <Input {...b} maxLength={40} onChange={(e) => onChange(e.target.value)} />}
        </Field>
      ) : null}
      {kind === 'standing' ? (
        <Field form={form} name="standing" path="kind" label="情况" required ground="MEM-RIGHTS">
          {({ onChange, value, ...b }) => (
            <Select
              {...b}
              style={{ width: '100%' }}
              value={value ?? null}
              onChange={(s) => onChange(s ?? undefined)}
              options={choices(standingNames, '')}
            />
          )}
        </Field>
      ) : null}
      <Field
        form={form}
        name="day"
        path={dayPath}
        label={kind.startsWith('end-') ? '自哪天起不再有效' : kind === 'transfer' ? '在新组织的第一天' : '自哪天起'}
        required
      >
        {(b) => <DayInput {...b} />}
      </Field>
      {kind === 'standing' ? (
        <Field form={form} name="until" label="到哪天为止">
          {(b) => <DayInput {...b} clear />}
        </Field>
      ) : null}
      <FormFoot verb={titles[kind].slice(0, 2)} busy={form.busy} onCancel={close} />
    </form>
  )
}
