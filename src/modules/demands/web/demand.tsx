// One demand: head with state, clock, owner and what may be done; facts left, timeline right.
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { Clock, StateTag } from '#web/kit/clock.tsx'
import { Facts, PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { Timeline } from '#web/kit/timeline.tsx'
import type { DemandPage as Shown } from '../contract.ts'
import { Clocks } from './clocks.tsx'
import { Hands } from './hands.tsx'
import { Photos } from './photos.tsx'
import { useDemand } from './queries.ts'
import { type OpenStep, StepDrawer } from './step-drawer.tsx'
import { type FormStep, otherSteps } from './due.ts'
import { NextStep, stepWords } from './steps.tsx'
import { channels, exclusionGrounds, grades, outcomes, satisfactions, states } from './words.ts'

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
          <Photos page={page} />
          <Clocks page={page} />
          <Hands page={page} />
          <Answer page={page} />
          <Aside page={page} />
        </div>
        <Sheet title="办理经过">
          <Timeline items={page.timeline} names={namesOf(page)} />
        </Sheet>
      </div>
      <PrintFoot />
      <StepDrawer open={step} close={() => setStep(null)} />
    </>
  )
}

/** Ids of the district's own settings by their names. */
const namesOf = ({ demand: d, rules }: Shown) => ({
  [d.category]: d.categoryName,
  ...Object.fromEntries(rules.means.map((m) => [m.id, m.name])),
})

function Head({ page, open }: { page: Shown; open: (step: FormStep) => void }) {
  const d = page.demand
  const carry = useCarry()
  return (
    <PageHead
      title={d.title}
      where={
        <span className="row">
          <StateTag tone={states[d.state].tone}>{states[d.state].word}</StateTag>
          {d.suspendedUntil ? <StateTag>{`挂账至 ${d.suspendedUntil}`}</StateTag> : null}
          {d.excluded ? <StateTag tone="off">已剔除</StateTag> : null}
          {d.dueAt && !d.suspendedUntil ? <Clock dueAt={d.dueAt} provisional={d.provisional} /> : null}
          <span>承办：{d.ownerName ?? '未派'}</span>
        </span>
      }
    >
      <Link href={carry('/demands')} className="no-print">
        返回清单
      </Link>
      <Button className="no-print" onClick={() => window.print()}>
        打印
      </Button>
      {d.steps.includes('contact') ? (
        <Act
          verb={stepWords.contact}
          done="已记录首次联系"
          effect="响应时限到此为止，改按办结时限计时。"
          run={(_, key) => call('POST', `/demands/${d.id}/contact`, { body: {}, idempotencyKey: key })}
        />
      ) : null}
      <Others steps={otherSteps(d)} open={open} />
      <NextStep demand={d} open={open} primary />
    </PageHead>
  )
}

/** The rarer steps that are lawful now, each as a button; many of them in a menu. */
function Others({ steps, open }: { steps: FormStep[]; open: (step: FormStep) => void }) {
  if (steps.length <= 2) {
    return steps.map((s) => (
      <Button key={s} onClick={() => open(s)}>
        {stepWords[s]}
      </Button>
    ))
  }
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: steps.map((s) => ({ key: s, label: stepWords[s] })),
        onClick: ({ key }) => open(key as FormStep),
      }}
    >
      <Button>其他办理</Button>
    </Dropdown>
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
          ['轮次', d.round > 0 ? `第 ${d.round + 1} 轮办理` : null],
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

const callbackKinds = { call: '电话回访', self: '诉求人自评', verification: '现场核验' } as const

function Answer({ page }: { page: Shown }) {
  const d = page.demand
  if (!page.answer && page.callbacks.length === 0) return null
  const means = page.rules.means.find((m) => m.id === page.means)?.name
  return (
    <Sheet title="答复和回访" padded>
      {page.answer ? <p className="words">{page.answer}</p> : null}
      {page.answer && (means || !page.feasible) ? (
        <p className="quiet">{[means, page.feasible ? null : '目前条件办不成，已解释'].filter(Boolean).join('；')}</p>
      ) : null}
      <ul style={{ marginTop: page.callbacks.length > 0 ? 10 : 0 }}>
        {page.callbacks.map((c) => (
          <li key={c.at} className="row">
            <span className="quiet">{moment(c.at)}</span>
            <span>{callbackKinds[c.kind]}</span>
            {c.reached
              ? [c.outcome && outcomes[c.outcome], c.satisfaction && satisfactions[c.satisfaction]]
                  .filter(Boolean)
                  .join('，')
              : '未联系上'}
            {page.demand.round > 0 ? <span className="quiet">第 {c.round + 1} 轮</span> : null}
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

const relatedWords = { parent: '主单', child: '并入的诉求', whole: '原诉求', part: '拆出的诉求' } as const

/** Exclusions, merged and split demands, the lawful way that was told: only what there is. */
function Aside({ page }: { page: Shown }) {
  const carry = useCarry()
  const { exclusions, related, legalChannel } = page
  if (exclusions.length === 0 && related.length === 0 && !legalChannel) return null
  return (
    <Sheet title="剔除与关联" padded>
      <ul className="stack" style={{ gap: 6 }}>
        {exclusions.map((e) => (
          <li key={e.id}>
            <span className="quiet">{moment(e.askedAt)}</span>　{e.askedUnit}申请剔除（{exclusionGrounds[e.ground]}）：
            {e.reason}
            {e.granted === null
              ? '　等待审核'
              : `　${e.decidedUnit ?? ''}${e.granted ? '同意' : '不同意'}：${e.decisionReason ?? ''}`}
          </li>
        ))}
        {related.map((r) => (
          <li key={r.id} className="row">
            <span className="quiet">{relatedWords[r.as]}</span>
            <Link className="chip" href={carry(`/demands/${r.id}`)}>
              {r.no} {r.title}
            </Link>
            <StateTag tone={states[r.state].tone}>{states[r.state].word}</StateTag>
          </li>
        ))}
        {legalChannel ? <li>已告知法定途径：{legalChannel}</li> : null}
      </ul>
    </Sheet>
  )
}
