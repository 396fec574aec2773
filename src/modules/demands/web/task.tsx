// One task beside a list: what it is, what may be done with it, who claimed it and what came of it.
import { useQuery } from '@tanstack/react-query'
import { Table } from 'antd'
import { Link } from 'wouter'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { DialogButton } from '#web/kit/dialog.tsx'
import type { ListOf } from '#web/kit/data-table.tsx'
import { Facts } from '#web/kit/page.tsx'
import { SaveFrom } from '#web/kit/save-as.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { duration, moment } from '#web/kit/time.ts'
import type { Claim, Task } from '../contract.ts'
import { ClaimForOthers } from './claim-forms.tsx'
import { useCategoryName } from './queries.ts'
import { AcceptForm, EditForm, ReviewTaskForm, SettleForm } from './task-forms.tsx'
import { claimStates, stateOfTask } from './words.ts'

export function TaskPanel({ id }: { id: string }) {
  const task = useQuery({
    queryKey: ['/tasks/one', id],
    queryFn: ({ signal }) => call<Task>('GET', `/tasks/${id}`, { signal }),
  })
  const claims = useQuery({
    queryKey: ['/claims', id],
    queryFn: ({ signal }) => call<ListOf<Claim>>('GET', `/tasks/${id}/claims`, { signal }),
  })
  if (task.error) return <ErrorState error={task.error} retry={() => void task.refetch()} />
  if (!task.data) return <Loading />
  return (
    <div className="stack">
      <Head task={task.data} />
      <div className="row">
        <h2 style={{ fontSize: 14, flex: 1 }}>认领情况</h2>
        <SaveFrom
          path={`/tasks/${id}/claims`}
          query={{}}
          persons={{ operation: 'listClaims', params: { id } }}
          size="small"
          disabled={!claims.data?.total}
        />
      </div>
      {claims.error ? (
        <ErrorState error={claims.error} retry={() => void claims.refetch()} />
      ) : claims.data ? (
        <Claims rows={claims.data.rows} task={task.data} />
      ) : (
        <Loading lines={4} />
      )}
    </div>
  )
}

function Head({ task: t }: { task: Task }) {
  const carry = useCarry()
  const category = useCategoryName()
  const state = stateOfTask(t)
  return (
    <>
      <div className="row">
        <b style={{ fontSize: 16 }}>{t.title}</b>
        <StateTag tone={state.tone}>{state.word}</StateTag>
        <span className="quiet">第 {t.no} 号</span>
        <span style={{ flex: 1 }} />
        <ClaimForOthers task={t} />
        <TaskSteps task={t} />
      </div>
      {t.detail ? <p className="words">{t.detail}</p> : null}
      <Facts
        two
        of={[
          ['地点', t.placeName],
          ['类别', category(t.mechanismId, t.category)],
          ['机制', t.mechanismName],
          t.record === 'done'
            ? ['认领截止', moment(t.endsAt)]
            : ['服务时间', `${moment(t.startsAt)} 至 ${moment(t.endsAt)}`],
          ['名额', `已认领 ${t.claimed} / ${t.capacity}`],
          ['特长要求', t.skills.length > 0 ? t.skills.join('、') : '不限'],
          ['来自诉求', t.demandId ? <Link href={carry(`/demands/${t.demandId}`)}>打开诉求</Link> : '社区自行发布'],
        ]}
      />
    </>
  )
}

/** What may be done with the task itself: looked through, changed, called off. */
function TaskSteps({ task: t }: { task: Task }) {
  if (!t.can.includes('task.publish') || (t.state !== 'draft' && t.state !== 'published')) return null
  return (
    <>
      {t.state === 'draft' ? (
        <DialogButton verb="审核" type="primary" width={520}>
          {(close) => <ReviewTaskForm task={t} close={close} />}
        </DialogButton>
      ) : null}
      <DialogButton verb="修改" title="修改任务" width={520}>
        {(close) => <EditForm task={t} close={close} />}
      </DialogButton>
      <Act
        verb="取消任务"
        done="已取消任务"
        reason="required"
        effect={`任务取消后不能恢复，${t.claimed} 个已认领的名额一并退出，理由会列在各人的认领里。`}
        run={(reason, key) => call('POST', `/tasks/${t.id}/cancellation`, { body: { reason }, idempotencyKey: key })}
      />
    </>
  )
}

function Claims({ rows, task }: { rows: Claim[]; task: Task }) {
  if (rows.length === 0) return <EmptyState title="还没有人认领">认领的人、提交和确认的时间会列在这里。</EmptyState>
  return (
    <Table<Claim>
      rowKey="id"
      size="small"
      pagination={rows.length > 50 ? { pageSize: 50, size: 'small' } : false}
      dataSource={rows}
      columns={[
        { title: '序号', width: 52, className: 'seq', render: (_, __, i) => i + 1 },
        {
          title: '认领人',
          width: 110,
          render: (_, c) => (
            <>
              {c.personName}
              {c.unitId ? <span className="kind">单位</span> : null}
              {c.claimedBy ? <div className="quiet">{c.claimedBy}代认领</div> : null}
            </>
          ),
        },
        { title: '状态', width: 100, render: (_, c) => <ClaimState claim={c} /> },
        {
          title: '认领时间',
          width: 136,
          render: (_, c) => (
            <>
              <span className="nowrap">{moment(c.claimedAt)}</span>
              {c.arrivedAt ? <div className="quiet nowrap">{moment(c.arrivedAt)} 到场</div> : null}
            </>
          ),
        },
        {
          title: '服务时长',
          width: 96,
          className: 'num',
          render: (_, c) => (c.minutes === null ? '—' : duration(c.minutes)),
        },
        { title: '办理', render: (_, c) => <ClaimSteps claim={c} task={task} /> },
      ]}
    />
  )
}

const ClaimState = ({ claim: c }: { claim: Claim }) => (
  <StateTag tone={claimStates[c.state]?.tone ?? 'plain'}>
    {c.place ? `候补第 ${c.place}` : (claimStates[c.state]?.word ?? c.state)}
  </StateTag>
)

interface StepProps {
  claim: Claim
  task: Task
}

/** What the claimant would do himself, done by who claims for him or for the unit. */
function StepsForThem({ claim: c, task }: StepProps) {
  const may = c.can.includes(c.unitId ? 'task.claim-unit' : 'task.claim-for')
  const held = c.state === 'claimed' || c.state === 'returned'
  const arrives = c.state === 'claimed' && task.record === 'minutes' && !c.arrivedAt && task.state === 'published'
  return (
    <>
      {arrives && (may || c.can.includes('task.accept')) ? (
        <Act
          verb="到场"
          done={`已记 ${c.personName} 到场`}
          size="small"
          run={(_, key) => call('POST', `/claims/${c.id}/arrival`, { idempotencyKey: key })}
        />
      ) : null}
      {may && held ? (
        <Act
          verb="提交完成"
          done="已提交，等组织者确认"
          size="small"
          reason="optional"
          reasonLabel="做了什么"
          run={(report, key) =>
            call('POST', `/claims/${c.id}/submission`, { body: report ? { report } : {}, idempotencyKey: key })
          }
        />
      ) : null}
      {may && (held || c.state === 'waiting') ? (
        <Act
          verb="退出"
          done="已退出"
          size="small"
          effect={`${c.personName}退出后，名额放回或递补给候补。`}
          run={(_, key) => call('DELETE', `/claims/${c.id}`, { idempotencyKey: key })}
        />
      ) : null}
    </>
  )
}

/** Only the organiser writes the record; the volunteer may object and is answered. [VOL-04] */
function ClaimSteps({ claim: c, task }: StepProps) {
  const may = c.can.includes('task.accept')
  const objected = c.objection !== null && c.objectionAnswer === null
  return (
    <div className="row">
      <StepsForThem claim={c} task={task} />
      {may && task.record === 'done' && (c.state === 'submitted' || c.state === 'claimed') ? (
        <Act
          verb="确认办成"
          done="已确认"
          size="small"
          run={(_, key) => call('POST', `/claims/${c.id}/acceptance`, { body: {}, idempotencyKey: key })}
        />
      ) : null}
      {may && task.record === 'minutes' && (c.state === 'submitted' || c.state === 'claimed') ? (
        <DialogButton verb="确认服务" size="small" width={340}>
          {(close) => <AcceptForm claim={c} task={task} close={close} />}
        </DialogButton>
      ) : null}
      {may && c.state === 'submitted' ? (
        <Act
          verb="退回"
          done="已退回补充"
          size="small"
          reason="required"
          effect="退回后由认领人补充，再次提交后确认。"
          run={(reason, key) => call('POST', `/claims/${c.id}/return`, { body: { reason }, idempotencyKey: key })}
        />
      ) : null}
      {may && objected ? (
        <DialogButton verb="答复异议" size="small" width={380}>
          {(close) => <SettleForm claim={c} close={close} />}
        </DialogButton>
      ) : null}
      {c.objection ? <span className="quiet">异议：{c.objection}</span> : null}
      {c.objectionAnswer ? <span className="quiet">答复：{c.objectionAnswer}</span> : null}
      {c.returnReason ? <span className="quiet">原因：{c.returnReason}</span> : null}
      {c.certificate ? <span className="quiet">证明 {c.certificate}</span> : null}
    </div>
  )
}
