import { Table } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import { ApiProblem, call } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import type { ListOf } from '#web/kit/data-table.tsx'
import { DialogButton } from '#web/kit/dialog.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { Facts } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { duration, moment } from '#web/kit/time.ts'
import type { Claim, Task } from '../contract.ts'
import { MomentInput, toInstant } from '#web/kit/dates.tsx'
import { useCategoryName } from './queries.ts'
import { claimStates, taskStates } from './words.ts'

/** The task is in the list it was opened from, or among the tasks I may see. */
function useTask(id: string) {
  const client = useQueryClient()
  return useQuery({
    queryKey: ['/tasks/one', id],
    queryFn: async ({ signal }): Promise<Task> => {
      const seen = client.getQueriesData<ListOf<Task>>({ queryKey: ['/tasks'] }).flatMap(([, list]) => list?.rows ?? [])
      const known = seen.find((t) => t.id === id)
      const { rows } = await call<ListOf<Task>>('GET', '/tasks', {
        query: { limit: 500, search: known?.title },
        signal,
      })
      const found = rows.find((t) => t.id === id) ?? known
      if (!found)
        throw new ApiProblem({
          code: 'demand.task-not-found',
          status: 404,
          title: '没有找到这项任务，或者不在您的查看范围内。',
        })
      return found
    },
  })
}

export function TaskPanel({ id }: { id: string }) {
  const task = useTask(id)
  const claims = useQuery({
    queryKey: ['/claims', id],
    queryFn: ({ signal }) => call<ListOf<Claim>>('GET', `/tasks/${id}/claims`, { signal }),
  })
  const carry = useCarry()
  const category = useCategoryName()
  if (task.error) return <ErrorState error={task.error} retry={() => void task.refetch()} />
  if (!task.data) return <Loading />
  const t = task.data
  return (
    <div className="stack">
      <div className="row">
        <b style={{ fontSize: 16 }}>{t.title}</b>
        <StateTag tone={taskStates[t.state]?.tone ?? 'plain'}>{taskStates[t.state]?.word ?? t.state}</StateTag>
        <span className="quiet">第 {t.no} 号</span>
      </div>
      {t.detail ? <p className="words">{t.detail}</p> : null}
      <Facts
        two
        of={[
          ['地点', t.placeName],
          ['类别', category(t.mechanismId, t.category)],
          ['服务时间', `${moment(t.startsAt)} 至 ${moment(t.endsAt)}`],
          ['名额', `已认领 ${t.claimed} / ${t.capacity} 人`],
          ['特长要求', t.skills.length > 0 ? t.skills.join('、') : '不限'],
          ['来自诉求', t.demandId ? <Link href={carry(`/demands/${t.demandId}`)}>打开诉求</Link> : '社区自行发布'],
        ]}
      />
      <h2 style={{ fontSize: 14 }}>认领情况</h2>
      {claims.error ? (
        <ErrorState error={claims.error} retry={() => void claims.refetch()} />
      ) : claims.data ? (
        <Claims rows={claims.data.rows} task={t} />
      ) : (
        <Loading lines={4} />
      )}
    </div>
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
        { title: '序号', width: 56, className: 'seq', render: (_, __, i) => i + 1 },
        { title: '姓名', dataIndex: 'personName', width: 96 },
        {
          title: '状态',
          width: 120,
          render: (_, c) => (
            <StateTag tone={claimStates[c.state]?.tone ?? 'plain'}>
              {c.place ? `候补第 ${c.place}` : (claimStates[c.state]?.word ?? c.state)}
            </StateTag>
          ),
        },
        { title: '认领时间', width: 140, render: (_, c) => <span className="nowrap">{moment(c.claimedAt)}</span> },
        {
          title: '服务时长',
          width: 110,
          className: 'num',
          render: (_, c) => (c.minutes === null ? '—' : duration(c.minutes)),
        },
        {
          title: '办理',
          render: (_, c) =>
            c.can.includes('task.accept') && (c.state === 'submitted' || c.state === 'claimed') ? (
              <DialogButton verb="确认服务" size="small" width={340}>
                {(close) => <AcceptForm claim={c} task={task} close={close} />}
              </DialogButton>
            ) : c.certificate ? (
              <span className="quiet">证明 {c.certificate}</span>
            ) : null,
        },
      ]}
    />
  )
}

/** An instant as `datetime-local` shows it, in Asia/Shanghai. */
const local = (at: string) => moment(at).replace(' ', 'T')

/** Actual service only, travel excluded; times of one person may not overlap. [VOL-02, VOL-03] */
function AcceptForm({ claim, task, close }: { claim: Claim; task: Task; close: () => void }) {
  const form = useForm({ servedFrom: local(task.startsAt), servedTo: local(claim.submittedAt ?? task.endsAt) })
  const refresh = useRefresh()
  const told = useTold()
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          const { minutes } = await call<{ minutes: number }>('POST', `/claims/${claim.id}/acceptance`, {
            body: { servedFrom: toInstant(v.servedFrom), servedTo: toInstant(v.servedTo) },
            idempotencyKey,
          })
          told(`已确认 ${claim.personName} 服务 ${duration(minutes)}`)
          close()
          await refresh()
        })
      }}
    >
      <FormProblem form={form} />
      <Field form={form} name="servedFrom" label="服务开始" required>
        {(b) => <MomentInput {...b} />}
      </Field>
      <Field form={form} name="servedTo" label="服务结束" required hint="只记实际服务时间，不含路程" ground="VOL-02">
        {(b) => <MomentInput {...b} />}
      </Field>
      <FormFoot verb="确认" busy={form.busy} onCancel={close} />
    </form>
  )
}
