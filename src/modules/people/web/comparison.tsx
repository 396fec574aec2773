// Two records beside each other: which one stands, which values stay, why — or that they are two persons. [ID-01]
import { useQueries } from '@tanstack/react-query'
import { Button, Input, Radio } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import { call } from '#web/api.ts'
import { Act, useRefresh, useTold } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { Field, FormProblem, useForm } from '#web/kit/form.tsx'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import type { PersonPage, TakenField } from '../contract.ts'
import { fieldNames, sexes } from './words.ts'

type Side = 0 | 1
const letters = ['甲', '乙'] as const

const useBoth = (ids: [string, string]) =>
  useQueries({
    queries: ids.map((id) => ({
      queryKey: ['/persons/one', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => call<PersonPage>('GET', `/persons/${id}`, { signal }),
      // Opening a record is kept as a reading: once per comparison is enough.
      staleTime: 60_000,
      refetchOnWindowFocus: false,
    })),
  })

export function Comparison({ oneId, otherId, close }: { oneId: string; otherId: string; close: () => void }) {
  const both = useBoth([oneId, otherId])
  const failed = both.find((q) => q.error)
  if (failed) return <ErrorState error={failed.error} retry={() => void failed.refetch()} />
  const [one, other] = both.map((q) => q.data)
  if (!one || !other) return <Loading lines={12} />
  if (one.person.id === other.person.id) return <p className="effect">这两条登记已经合并为一条。</p>
  return <Judge pages={[one, other]} close={close} />
}

interface Row {
  field: TakenField
  values: [string | null, string | null]
}

const valueOf = (page: PersonPage, field: TakenField): string | null => {
  const p = page.person
  if (field === 'sex') return p.sex === '0' ? null : sexes[p.sex]
  if (field === 'nation') return p.nationName
  if (field === 'politics') return p.politicsName
  if (field === 'education') return p.educationName
  return p[field] || null
}

const rowsOf = (pages: [PersonPage, PersonPage]): Row[] =>
  (Object.keys(fieldNames) as TakenField[]).map((field) => ({
    field,
    values: [valueOf(pages[0], field), valueOf(pages[1], field)],
  }))

/** Two addresses both read 已登记: whether they are the same is not shown, so they count as different. */
const differs = ({ field, values: [a, b] }: Row) => a !== b || (field === 'address' && a !== null)

/** The record with a number stands for both; else the one that knows more. */
function firstChoice(pages: [PersonPage, PersonPage]): Side {
  const numbers = pages.map((p) => Boolean(p.person.idNumber))
  if (numbers[0] !== numbers[1]) return numbers[0] ? 0 : 1
  const known = pages.map((p) => rowsOf(pages).filter((r) => valueOf(p, r.field) !== null).length)
  return (known[1] ?? 0) > (known[0] ?? 0) ? 1 : 0
}

function useChoice(pages: [PersonPage, PersonPage]) {
  const [main, setMain] = useState<Side>(() => firstChoice(pages))
  const [wished, setWished] = useState<Partial<Record<TakenField, Side>>>({})
  const derived = Boolean(pages[main].person.idNumber)
  const fixed = (field: TakenField) => derived && (field === 'sex' || field === 'born')
  /** The main record's value, unless it has none or the other was picked. */
  const sideOf = ({ field, values }: Row): Side => {
    if (fixed(field)) return main
    return wished[field] ?? (values[main] === null && values[main === 0 ? 1 : 0] !== null ? (main === 0 ? 1 : 0) : main)
  }
  const take = rowsOf(pages)
    .filter((r) => differs(r) && sideOf(r) !== main)
    .map((r) => r.field)
  const choose = (side: Side) => {
    setMain(side)
    setWished({})
  }
  return { main, choose, sideOf, fixed, take, wish: (f: TakenField, s: Side) => setWished({ ...wished, [f]: s }) }
}

type Choice = ReturnType<typeof useChoice>

function Judge({ pages, close }: { pages: [PersonPage, PersonPage]; close: () => void }) {
  const choice = useChoice(pages)
  return (
    <>
      <table className="compare">
        <thead>
          <tr>
            <th scope="col">项目</th>
            {pages.map((page, side) => (
              <Head key={page.person.id} page={page} side={side as Side} choice={choice} />
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">公民身份号码</th>
            {pages.map((p) => (
              <td key={p.person.id}>{p.person.idNumber ?? <span className="quiet">没有登记</span>}</td>
            ))}
          </tr>
          {rowsOf(pages).map((row) => (
            <Values key={row.field} row={row} choice={choice} />
          ))}
          {ties.map(([name, list]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {pages.map((p) => (
                <td key={p.person.id}>
                  {list(p).map((line) => (
                    <div key={line}>{line}</div>
                  ))}
                  {list(p).length === 0 ? <span className="quiet">没有</span> : null}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Verdict pages={pages} choice={choice} close={close} />
    </>
  )
}

function Head({ page, side, choice }: { page: PersonPage; side: Side; choice: Choice }) {
  const carry = useCarry()
  return (
    <th scope="col">
      <Radio checked={choice.main === side} onChange={() => choice.choose(side)}>
        {letters[side]}　以此为主记录
      </Radio>
      <div className="quiet">
        {page.person.home?.name ?? '没有管理单位'}　<Link href={carry(`/persons/${page.person.id}`)}>打开</Link>
      </div>
    </th>
  )
}

function Values({ row, choice }: { row: Row; choice: Choice }) {
  const { field, values } = row
  const different = differs(row)
  return (
    <tr className={different ? 'different' : undefined}>
      <th scope="row">
        {fieldNames[field]}
        {different && choice.fixed(field) ? <div className="quiet">以身份号码为准</div> : null}
      </th>
      {values.map((value, side) => (
        <td key={letters[side as Side]}>
          {different && value !== null ? (
            <Radio
              checked={choice.sideOf(row) === side}
              disabled={choice.fixed(field) && side !== choice.main}
              onChange={() => choice.wish(field, side as Side)}
              aria-label={`${fieldNames[field]}取${letters[side as Side]}的`}
            >
              {value}
            </Radio>
          ) : (
            (value ?? <span className="quiet">—</span>)
          )}
        </td>
      ))}
    </tr>
  )
}

const until = (from: string, to: string | null) => `${from} 起${to ? `，${to} 止` : ''}`

/** What hangs on each record: after the merge all of it belongs to the one person. */
const ties: [name: string, list: (p: PersonPage) => string[]][] = [
  ['组织关系', (p) => p.memberships.map((m) => `${m.unitName}　${until(m.from, m.to)}`)],
  ['职务', (p) => p.posts.map((x) => `${x.title}　${x.unitName}　${until(x.from, x.to)}`)],
  ['特殊情况', (p) => p.standings.map((s) => `${s.name}　${until(s.from, s.to)}`)],
  ['社区报到', (p) => p.registrations.map((r) => `${r.placeName}　${until(r.reportedOn, r.endedOn)}`)],
]

function Verdict({ pages, choice, close }: { pages: [PersonPage, PersonPage]; choice: Choice; close: () => void }) {
  const form = useForm({ reason: '' })
  const refresh = useRefresh()
  const told = useTold()
  const { main, take } = choice
  const taken = take.length > 0 ? `；${take.map((f) => fieldNames[f]).join('、')}取另一条的` : ''
  const [winner, loser] = main === 0 ? pages : ([pages[1], pages[0]] as const)
  const merge = async () => {
    const done = await form.submit((v, idempotencyKey) =>
      call('POST', '/person-merges', {
        body: { winnerId: winner.person.id, loserId: loser.person.id, take, reason: v.reason },
        idempotencyKey,
      }),
    )
    if (!done) return
    told('已合并')
    close()
    await refresh()
  }
  return (
    <form
      style={{ marginTop: 14 }}
      onSubmit={(e) => {
        e.preventDefault()
        void merge()
      }}
    >
      <div className="effect">
        {`合并后以${letters[main]}为准，两条登记的组织关系、职务、报到等归到同一人，统计只计一人${taken}。另一条登记不删除，可以随时撤销合并。`}
      </div>
      <FormProblem form={form} />
      <Field form={form} name="reason" label="合并理由" required ground="ID-01">
        {({ onChange, ...b }) => (
          <Input {...b} maxLength={100} placeholder="如：同一人两次登记" onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      <div className="row">
        <Button type="primary" htmlType="submit" loading={form.busy}>
          合并
        </Button>
        <Act
          verb="不是同一人"
          done="已记下，不再列入待判定"
          reason="required"
          effect="两条登记各自保留，这一对以后不再列入待判定；可以撤销。"
          run={(reason, key) =>
            call('POST', '/person-distinctions', {
              body: { oneId: pages[0].person.id, otherId: pages[1].person.id, reason },
              idempotencyKey: key,
            })
          }
          onDone={close}
        />
        <Button onClick={close}>以后再定</Button>
      </div>
    </form>
  )
}
