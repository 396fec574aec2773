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
import { MoreSteps } from './more-steps.tsx'
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
          <Changes page={page} />
        </div>
        <Sheet title="办理经过">
          <Timeline items={page.timeline} names={{ [page.demand.category]: page.demand.categoryName }} />
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
      <MoreSteps page={page} />
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

const disputeWords = { reassigned: '已改派', upheld: '维持原派单' } as const
const ratingWords = { prompt: '按时到场', late: '迟到', absent: '未到场' } as const

function Hands({ page }: { page: Shown }) {
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
          <Hand key={x.id} demandId={page.demand.id} hand={x} />
        ))}
        {page.tasks.map((t) => (
          <li key={t.id} className="row">
            <StateTag
              tone={taskStates[t.state]?.tone ?? 'plain'}
            >{`任务·${taskStates[t.state]?.word ?? t.state}`}</StateTag>
            <Link href={carry('/tasks', { task: t.id, search: t.title })}>{t.title}</Link>
            <span className="quiet">
              已认领 {t.claimed} / {t.capacity} 人
            </span>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

function Hand({ demandId, hand: x }: { demandId: string; hand: Shown['dispatches'][number] }) {
  const support = x.role === 'support' && !x.endedAt
  return (
    <li style={x.endedAt ? { opacity: 0.7 } : {}}>
      <div className="row">
        <StateTag tone={x.role === 'lead' ? 'act' : 'plain'}>{x.role === 'lead' ? '主办' : '协办'}</StateTag>
        <b>{x.unitName}</b>
        <span className="quiet">
          {moment(x.at)} 派单　{x.signedAt ? `${moment(x.signedAt)} 签收` : '未签收'}
          {x.endedAt ? `　${moment(x.endedAt)} 结束承办` : x.dueAt ? `　时限 ${moment(x.dueAt)}` : ''}
        </span>
        {x.rating ? <span>{ratingWords[x.rating]}</span> : null}
        {support && !x.signedAt && x.can.includes('demand.sign') ? (
          <Act
            verb="签收"
            done="已签收"
            size="small"
            run={(_, key) =>
              call('POST', `/demands/${demandId}/dispatches/${x.id}/signature`, { body: {}, idempotencyKey: key })
            }
          />
        ) : null}
        {support && x.signedAt && !x.reportedAt && x.can.includes('demand.answer') ? (
          <Act
            verb="协办反馈"
            done="已反馈"
            size="small"
            reason="required"
            reasonLabel="办理情况"
            run={(report, key) =>
              call('POST', `/demands/${demandId}/dispatches/${x.id}/report`, { body: { report }, idempotencyKey: key })
            }
          />
        ) : null}
      </div>
      {x.report ? <p className="words">反馈：{x.report}</p> : null}
      {x.dispute ? (
        <p className="quiet">
          {moment(x.dispute.at)} 提出异议：{x.dispute.reason}（依据：{x.dispute.basis}）
          {x.dispute.outcome
            ? `　审核：${disputeWords[x.dispute.outcome]}，${x.dispute.reviewReason ?? ''}`
            : '　等待审核'}
        </p>
      ) : null}
    </li>
  )
}

const clockWords = {
  extension: '延期',
  suspension: '挂账',
  resumption: '恢复办理',
  'dispute-pause': '异议期间停止计时',
  review: '挂账复核',
} as const
const relatedWords = { parent: '主单', child: '并入的诉求', whole: '原诉求', part: '拆出的诉求' } as const

/** Extensions, suspensions, exclusions, escalations, merged and split demands: only what there is. */
function Changes({ page }: { page: Shown }) {
  const carry = useCarry()
  const lines = [
    ...page.clockChanges.map((c) => ({
      at: c.at,
      text: `${clockWords[c.kind]}：${c.reason}${c.plan ? `；解决计划：${c.plan}；牵头领导：${c.leader ?? ''}` : ''}${c.reviewOn ? `；复核日期 ${c.reviewOn}` : ''}${c.fromDue && c.toDue ? `（时限 ${moment(c.fromDue)} → ${moment(c.toDue)}）` : ''}`,
    })),
    ...page.exclusions.map((e) => ({
      at: e.askedAt,
      text: `${e.askedUnit}申请剔除：${e.reason}${e.granted === null ? '（等待审核）' : `；${e.decidedUnit ?? ''}${e.granted ? '同意' : '不同意'}：${e.decisionReason ?? ''}`}`,
    })),
    ...page.escalations.map((e) => ({ at: e.at, text: `逾期提级：报${e.unitName}` })),
  ].toSorted((a, b) => (a.at < b.at ? -1 : 1))
  if (lines.length === 0 && page.related.length === 0 && !page.legalChannel) return null
  return (
    <Sheet title="时限变动与关联" padded>
      <ul className="stack" style={{ gap: 6 }}>
        {lines.map((l) => (
          <li key={`${l.at} ${l.text}`}>
            <span className="quiet">{moment(l.at)}</span>　{l.text}
          </li>
        ))}
        {page.related.map((r) => (
          <li key={r.id} className="row">
            <span className="quiet">{relatedWords[r.as]}</span>
            <Link className="chip" href={carry(`/demands/${r.id}`)}>
              {r.no} {r.title}
            </Link>
            <StateTag tone={states[r.state].tone}>{states[r.state].word}</StateTag>
          </li>
        ))}
        {page.legalChannel ? <li>已告知法定途径：{page.legalChannel}</li> : null}
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
