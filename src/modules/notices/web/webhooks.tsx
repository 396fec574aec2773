// 消息推送: which systems outside are told of signed editions and restatements, and what became of each message.
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Drawer, Input, Table } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { Act, useRefresh } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { DialogButton } from '#web/kit/dialog.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { Delivery, Webhook, WebhookList, WebhookSecret, WebhookType } from '../contract.ts'

const typeNames: Record<string, string> = {
  'edition.signed': '统计期签署',
  'edition.restated': '已签数字更正',
  'webhook.test': '试推送',
}

const states: Record<Webhook['state'], { word: string; tone: 'done' | 'plain' | 'late' }> = {
  on: { word: '推送中', tone: 'done' },
  off: { word: '已停用', tone: 'plain' },
  stopped: { word: '已自动停止', tone: 'late' },
  ended: { word: '已移除', tone: 'plain' },
}

const outcomes: Record<Delivery['state'], { word: string; tone: 'done' | 'plain' | 'late' }> = {
  waiting: { word: '待送达', tone: 'plain' },
  delivered: { word: '已送达', tone: 'done' },
  failed: { word: '未送达', tone: 'late' },
}

export function WebhooksPage() {
  const { data, error, refetch } = useQuery({
    queryKey: ['/webhooks', {}],
    queryFn: ({ signal }) => call<WebhookList>('GET', '/webhooks', { signal }),
  })
  return (
    <>
      <PageHead title="消息推送" where="统计期签署、已签数字更正时，把签名消息送到外部系统；不含个人信息">
        {data && data.listed.length > 0 ? (
          <DialogButton verb="登记地址" type="primary" width={560}>
            {(close) => <AddForm listed={data.listed} close={close} />}
          </DialogButton>
        ) : null}
      </PageHead>
      <Sheet>
        {error ? <ErrorState error={error} retry={() => void refetch()} /> : null}
        {data ? <Listed data={data} /> : error ? null : <Loading />}
      </Sheet>
      <Log />
    </>
  )
}

function Listed({ data: { rows, listed } }: { data: WebhookList }) {
  const { set } = useAddress()
  if (rows.length === 0)
    return (
      <EmptyState title={listed.length > 0 ? '还没有推送地址' : '运维人员没有允许任何推送地址'}>
        {listed.length > 0
          ? `可以登记的主机：${listed.join('、')}。消息按 Standard Webhooks 签名，对方用密钥验证。`
          : '系统不访问任何未经允许的外部地址。需要推送时，请运维人员在 WEBHOOKS 设置中写明允许的主机后重新启动。'}
      </EmptyState>
    )
  return (
    <Table<Webhook>
      rowKey="id"
      size="small"
      pagination={false}
      dataSource={rows}
      columns={[
        { title: '地址', render: (_, w) => <span className="break">{w.url}</span> },
        { title: '推送内容', width: 200, render: (_, w) => w.types.map((t) => typeNames[t]).join('、') },
        {
          title: '状态',
          width: 210,
          render: (_, w) => (
            <>
              <StateTag tone={states[w.state].tone}>{states[w.state].word}</StateTag>
              {w.reason ? <div className="quiet">{w.reason}</div> : null}
              {w.oldUntil ? <div className="quiet">旧密钥用到 {moment(w.oldUntil)}</div> : null}
            </>
          ),
        },
        {
          title: '记录',
          width: 130,
          render: (_, w) => (
            <button type="button" className="link" onClick={() => set({ deliveries: w.id }, { push: true })}>
              {w.failed > 0 ? `未送达 ${w.failed} 条` : w.waiting > 0 ? `待送达 ${w.waiting} 条` : '查看记录'}
            </button>
          ),
        },
        { title: '', width: 300, render: (_, w) => <Steps webhook={w} /> },
      ]}
    />
  )
}

function Steps({ webhook: { id, can } }: { webhook: Webhook }) {
  const post = (path: string) => (reason: string | undefined, idempotencyKey: string) =>
    call('POST', `/webhooks/${id}/${path}`, { idempotencyKey, ...(reason ? { body: { reason } } : {}) })
  return (
    <span className="row">
      {can.includes('test') ? <Act verb="试推送" done="已发出，请看记录" size="small" run={post('tests')} /> : null}
      {can.includes('resume') ? <Act verb="恢复" done="已恢复推送" size="small" run={post('resumption')} /> : null}
      {can.includes('stop') ? (
        <Act
          verb="停用"
          done="已停用"
          size="small"
          reason="required"
          effect="停用期间发生的不再补推。"
          run={post('stop')}
        />
      ) : null}
      <DialogButton verb="换密钥" size="small" width={560}>
        {(close) => <Rotate id={id} close={close} />}
      </DialogButton>
      <Act
        verb="移除"
        done="已移除"
        size="small"
        reason="required"
        effect="不再向这个地址推送；已有记录保留。"
        run={post('end')}
      />
    </span>
  )
}

function Secret({ secret, close }: { secret: string; close: () => void }) {
  return (
    <>
      <div className="effect">密钥只显示这一次，请现在交给对方系统的管理人员；系统内加密保存，以后看不到。</div>
      <Input.TextArea readOnly value={secret} autoSize aria-label="密钥" onFocus={(e) => e.target.select()} />
      <div className="row" style={{ marginTop: 12 }}>
        <Button type="primary" onClick={close}>
          已经记下
        </Button>
      </div>
    </>
  )
}

function AddForm({ listed, close }: { listed: readonly string[]; close: () => void }) {
  const [secret, setSecret] = useState<string | null>(null)
  const refresh = useRefresh()
  const form = useForm({ url: '', types: ['edition.signed', 'edition.restated'] as WebhookType[] })
  if (secret) return <Secret secret={secret} close={close} />
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (body, idempotencyKey) => {
          const made = await call<WebhookSecret>('POST', '/webhooks', { body, idempotencyKey })
          await refresh()
          setSecret(made.secret)
        })
      }}
    >
      <FormProblem form={form} />
      <Field form={form} name="url" label="地址" required hint={`以 https:// 开头；允许的主机：${listed.join('、')}`}>
        {({ onChange, ...b }) => <Input {...b} maxLength={500} onChange={(e) => onChange(e.target.value.trim())} />}
      </Field>
      <Field form={form} name="types" label="推送内容" required>
        {({ onChange, status: _, ...b }) => (
          <Checkbox.Group
            {...b}
            onChange={(v) => onChange(v as WebhookType[])}
            options={['edition.signed', 'edition.restated'].map((value) => ({ value, label: typeNames[value] }))}
          />
        )}
      </Field>
      <FormFoot verb="登记" busy={form.busy} onCancel={close} disabled={form.values.url === ''} />
    </form>
  )
}

function Rotate({ id, close }: { id: string; close: () => void }) {
  const [secret, setSecret] = useState<string | null>(null)
  const refresh = useRefresh()
  if (secret) return <Secret secret={secret} close={close} />
  return (
    <>
      <div className="effect">此后 24 小时内，每条消息同时带新旧两个签名，对方可以从容更换。</div>
      <Act
        verb="生成新密钥"
        done="已生成"
        type="primary"
        run={async (_, idempotencyKey) => {
          const made = await call<WebhookSecret>('POST', `/webhooks/${id}/secret`, { idempotencyKey })
          await refresh()
          setSecret(made.secret)
        }}
      />
    </>
  )
}

const columns: Column<Delivery>[] = [
  { id: 'at', title: '时间', width: 150, render: (d) => moment(d.at), text: (d) => moment(d.at) },
  { id: 'type', title: '内容', width: 120, render: (d) => typeNames[d.type], text: (d) => typeNames[d.type] ?? d.type },
  {
    id: 'state',
    title: '结果',
    width: 90,
    render: (d) => <StateTag tone={outcomes[d.state].tone}>{outcomes[d.state].word}</StateTag>,
    text: (d) => outcomes[d.state].word,
  },
  { id: 'attempts', title: '次数', width: 60, align: 'right', render: (d) => d.attempts, text: (d) => d.attempts },
  {
    id: 'fault',
    title: '答复',
    render: (d) => `${d.fault || d.status || '—'}${d.nextAt ? `；${moment(d.nextAt)} 再送` : ''}`,
    text: (d) => d.fault || d.status,
  },
]

function Log() {
  const { get, set } = useAddress()
  const id = get('deliveries')
  return (
    <Drawer open={Boolean(id)} title="推送记录" size={760} onClose={() => set({ deliveries: null })} destroyOnHidden>
      {id ? (
        <DataTable<Delivery>
          name="webhook-deliveries"
          title="推送记录"
          path={`/webhooks/${id}/deliveries`}
          query={{}}
          columns={columns}
          empty={<EmptyState title="还没有推送">登记之后签署的统计期会出现在这里；也可以先试推送一次。</EmptyState>}
        />
      ) : null}
    </Drawer>
  )
}
