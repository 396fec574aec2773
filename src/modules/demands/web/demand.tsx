// One demand: head with state, clock, owner and what may be done; facts left, timeline right.
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { Clock, StateTag } from '#web/kit/clock.tsx'
import { Facts, PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { Timeline } from '#web/kit/timeline.tsx'
import type { DemandPage as Shown } from '../contract.ts'
import { useDemand } from './queries.ts'
import { type OpenStep, StepDrawer } from './step-drawer.tsx'
import { NextStep } from './steps.tsx'
import { channels, grades, outcomes, satisfactions, states, taskStates } from './words.ts'

export function DemandPage() {
  const { id } = useParams<{ id: string }>()
  const shown = useDemand(id)
  const [step, setStep] = useState<OpenStep | null>(null)
  if (shown.error) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />
  if (!shown.data) return <Loading lines={12} />
  const page = shown.data
  return (
    <>
      <PrintHead title={`诉求办理单　第 ${page.demand.no} 号`} unit={page.demand.ownerName ?? page.demand.placeName} />
      <Head page={page} open={(s) => setStep({ step: s, demands: [page.demand] })} />
      <div className="split">
        <div className="stack">
          <Matter page={page} />
          <Hands page={page} />
          <Answer page={page} />
        </div>
        <Sheet title="办理经过">
          <Timeline items={page.timeline} />
        </Sheet>
      </div>
      <PrintFoot />
      <StepDrawer open={step} close={() => setStep(null)} />
    </>
  )
}

function Head({ page, open }: { page: Shown; open: (step: OpenStep['step']) => void }) {
  const d = page.demand
  const carry = useCarry()
  const contacted = d.state === 'signed' && !page.respondedAt && d.can.includes('demand.answer')
  return (
    <PageHead
      title={d.title}
      where={
        <span className="row">
          <StateTag tone={states[d.state].tone}>{states[d.state].word}</StateTag>
          {d.suspendedUntil ? (
            <span>挂账至 {d.suspendedUntil}</span>
          ) : d.dueAt ? (
            <Clock dueAt={d.dueAt} provisional={d.provisional} />
          ) : null}
          <span>承办：{d.ownerName ?? '未派'}</span>
        </span>
      }
    >
      <Link href={carry('/demands')} className="no-print">
        返回清单
      </Link>
      {contacted ? (
        <Act
          verb="已联系诉求人"
          done="已记录首次联系"
          effect="响应时限到此为止，改按办结时限计时。"
          run={(_, key) => call('POST', `/demands/${d.id}/contact`, { body: {}, idempotencyKey: key })}
        />
      ) : null}
      <NextStep demand={d} open={open} primary />
    </PageHead>
  )
}

function Matter({ page }: { page: Shown }) {
  const d = page.demand
  return (
    <Sheet title={`第 ${d.no} 号`} padded>
      <p className="words" style={{ marginBottom: 12 }}>
        {page.words ?? <span className="quiet">没有记录原文，或您无权查看原文。</span>}
      </p>
      <Facts
        two
        of={[
          ['类别', d.categoryName],
          ['紧急程度', grades[d.grade]],
          ['地点', d.placeName],
          ['来源', channels[d.channel]],
          ['登记时间', moment(d.openedAt)],
          ['首次联系', page.respondedAt ? moment(page.respondedAt) : '尚未联系'],
          ['响应时限', page.respondDueAt ? moment(page.respondDueAt) : '—'],
          ['办结时限', page.resolveDueAt ? `${moment(page.resolveDueAt)}${d.provisional ? '（暂算）' : ''}` : '—'],
          ['诉求人', page.contact ? (page.contact.name ?? '未留姓名') : '未留联系方式'],
          [
            '电话',
            page.contact ? `${page.contact.phone ?? '未留'}${page.contact.masked ? '（签收后可见）' : ''}` : '—',
          ],
        ]}
      />
    </Sheet>
  )
}

function Hands({ page }: { page: Shown }) {
  const carry = useCarry()
  if (page.dispatches.length === 0 && page.tasks.length === 0)
    return (
      <Sheet title="承办">
        <EmptyState title="还没有派单">派给单位或发布为任务后，主办、协办和时限列在这里。</EmptyState>
      </Sheet>
    )
  return (
    <Sheet title="承办" padded>
      <ul className="stack" style={{ gap: 6 }}>
        {page.dispatches.map((x) => (
          <li key={x.id} className="row" style={x.endedAt ? { opacity: 0.65 } : {}}>
            <StateTag tone={x.role === 'lead' ? 'act' : 'plain'}>{x.role === 'lead' ? '主办' : '协办'}</StateTag>
            <b>{x.unitName}</b>
            <span className="quiet">
              {moment(x.at)} 派单　{x.signedAt ? `${moment(x.signedAt)} 签收` : '未签收'}
              {x.endedAt ? `　${moment(x.endedAt)} 结束承办` : x.dueAt ? `　时限 ${moment(x.dueAt)}` : ''}
            </span>
          </li>
        ))}
        {page.tasks.map((t) => (
          <li key={t.id} className="row">
            <StateTag
              tone={taskStates[t.state]?.tone ?? 'plain'}
            >{`任务·${taskStates[t.state]?.word ?? t.state}`}</StateTag>
            <Link href={carry('/tasks', { task: t.id })}>{t.title}</Link>
            <span className="quiet">
              已认领 {t.claimed} / {t.capacity} 人
            </span>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

function Answer({ page }: { page: Shown }) {
  const d = page.demand
  if (!page.answer && page.callbacks.length === 0) return null
  return (
    <Sheet title="答复和回访" padded>
      {page.answer ? <p className="words">{page.answer}</p> : null}
      <ul style={{ marginTop: page.callbacks.length > 0 ? 10 : 0 }}>
        {page.callbacks.map((c) => (
          <li key={c.at} className="row">
            <span className="quiet">{moment(c.at)}</span>
            {c.reached
              ? `${c.outcome ? outcomes[c.outcome] : ''}，${c.satisfaction ? satisfactions[c.satisfaction] : ''}`
              : '未联系上'}
          </li>
        ))}
      </ul>
      {d.closedAt ? (
        <p className="quiet">
          办结：{moment(d.closedAt)}
          {d.outcome ? `，${outcomes[d.outcome]}` : ''}
        </p>
      ) : null}
    </Sheet>
  )
}
