// 承办: the unit responsible, units that help, tasks it was handed to; each part with what may be done in it. [REQ-03, 吹哨报到]
import { Drawer } from 'antd'
import { Link } from 'wouter'
import { millisOf } from '#core/calendar/instants.ts'
import { call } from '#web/api.ts'
import { Act, useRefresh, useTold } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { DialogButton } from '#web/kit/dialog.tsx'
import { RadioField, TextField } from '#web/kit/fields.tsx'
import { FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { Sheet } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { DemandPage } from '../contract.ts'
import { useDemand } from './queries.ts'
import { Known } from './step-form.tsx'
import { optionsOf, ratings, places, stateOfTask } from './words.ts'

type Hand = DemandPage['dispatches'][number]

export function Hands({ page }: { page: DemandPage }) {
  const carry = useCarry()
  if (page.dispatches.length === 0 && page.tasks.length === 0) {
    return (
      <Sheet title="承办">
        <EmptyState title="还没有派单">派给单位或发布为任务后，主办、协办和时限列在这里。</EmptyState>
      </Sheet>
    )
  }
  return (
    <Sheet title="承办" padded>
      <ul className="stack" style={{ gap: 8 }}>
        {page.dispatches.map((x) => (
          <Part key={x.id} page={page} hand={x} />
        ))}
        {page.tasks.map((t) => (
          <li key={t.id} className="row">
            <StateTag tone={stateOfTask(t).tone}>{`${t.word}·${stateOfTask(t).word}`}</StateTag>
            <Link href={carry('/tasks', { task: t.id })}>{t.title}</Link>
            <span className="quiet">
              已认领 {t.claimed} / {places(t.capacity, t)}
            </span>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

/** The hands of one demand beside a list: what a supporting or calling unit owes is done there. */
export function HandsDrawer({ id, close }: { id: string | null; close: () => void }) {
  return (
    <Drawer open={id !== null} onClose={close} title="承办与协办" size={620} destroyOnHidden>
      {id ? <HandsOf id={id} /> : null}
    </Drawer>
  )
}

function HandsOf({ id }: { id: string }) {
  const shown = useDemand(id)
  if (shown.error) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />
  if (!shown.data) return <Loading />
  return (
    <>
      <Known page={shown.data} />
      <Hands page={shown.data} />
    </>
  )
}

const signWords = (whistle: boolean) =>
  whistle ? { sign: '报到', signed: '报到', not: '未报到' } : { sign: '签收', signed: '签收', not: '未签收' }

const cameLate = (x: Hand) => x.signedAt !== null && x.dueAt !== null && millisOf(x.signedAt) > millisOf(x.dueAt)

function whenOf(x: Hand, words: ReturnType<typeof signWords>) {
  return [
    `${moment(x.at)} 派单`,
    x.signedAt ? `${moment(x.signedAt)} ${words.signed}` : words.not,
    x.reportedAt ? `${moment(x.reportedAt)} 反馈` : null,
    x.endedAt ? `${moment(x.endedAt)} 结束承办` : x.dueAt ? `时限 ${moment(x.dueAt)}` : null,
  ].filter(Boolean)
}

function Part({ page, hand: x }: { page: DemandPage; hand: Hand }) {
  const whistle = page.demand.channel === 'whistle' && x.role === 'support'
  const words = signWords(whistle)
  const at = `/demands/${page.demand.id}/dispatches/${x.id}`
  return (
    <li className={x.endedAt ? 'over' : undefined}>
      <div className="row">
        <StateTag tone={x.role === 'lead' ? 'act' : 'plain'}>
          {x.role === 'lead' ? '主办' : whistle ? '应哨' : '协办'}
        </StateTag>
        <b>{x.unitName}</b>
        <span className="quiet">{whenOf(x, words).join('　')}</span>
        {whistle && cameLate(x) ? <StateTag tone="act">超时报到</StateTag> : null}
        {x.rating ? <StateTag tone={x.rating === 'prompt' ? 'done' : 'off'}>{ratings[x.rating]}</StateTag> : null}
        {x.steps.includes('sign') ? (
          <Act
            verb={words.sign}
            done={`已${words.sign}`}
            size="small"
            run={(_, key) => call('POST', `${at}/signature`, { body: {}, idempotencyKey: key })}
          />
        ) : null}
        {x.steps.includes('report') ? (
          <Act
            verb={whistle ? '反馈处置' : '协办反馈'}
            done="已反馈"
            size="small"
            reason="required"
            reasonLabel={whistle ? '现场处置情况' : '办理情况'}
            run={(report, key) => call('POST', `${at}/report`, { body: { report }, idempotencyKey: key })}
          />
        ) : null}
        {x.steps.includes('rate') ? (
          <DialogButton verb="评价到场" size="small">
            {(close) => <RateForm hand={x} at={at} close={close} />}
          </DialogButton>
        ) : null}
      </div>
      {x.report ? <p className="words">反馈：{x.report}</p> : null}
      {x.dispute ? <Disputed dispute={x.dispute} /> : null}
    </li>
  )
}

const disputeWords = { reassigned: '已改派', upheld: '维持原派单' } as const

const Disputed = ({ dispute: d }: { dispute: NonNullable<Hand['dispute']> }) => (
  <p className="quiet">
    {moment(d.at)} 提出异议：{d.reason}（依据：{d.basis}）
    {d.outcome ? `　审核：${disputeWords[d.outcome]}，${d.reviewReason ?? ''}` : '　等待审核'}
  </p>
)

/** The place that blew the whistle says how the unit turned up; only what fits its reporting in is offered. */
function RateForm({ hand, at, close }: { hand: Hand; at: string; close: () => void }) {
  const came = hand.signedAt !== null
  const form = useForm({ rating: came ? (cameLate(hand) ? 'late' : 'prompt') : 'absent', note: '' })
  const refresh = useRefresh()
  const told = useTold()
  const fitting = optionsOf(ratings).filter((r) => (r.value === 'absent') !== came)
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          await call('POST', `${at}/rating`, {
            body: { rating: v.rating, ...(v.note.trim() ? { note: v.note } : {}) },
            idempotencyKey,
          })
          told(`已评价${hand.unitName}`)
          close()
          await refresh()
        })
      }}
    >
      <FormProblem form={form} />
      <RadioField form={form} name="rating" label={`${hand.unitName}到场情况`} required options={fitting} />
      <TextField form={form} name="note" label="说明" rows={2} max={200} />
      <FormFoot verb="评价" busy={form.busy} onCancel={close} />
    </form>
  )
}
