// 账号: the system officer keeps accounts; passwords are set by their holders, so nobody ever hands one out. [等保 1, 4, 11]
import { Button, Drawer, Input, Modal } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { Act, useRefresh } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { StateTag, type Tone } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { ChoiceBox, SearchBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { useMe, usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { UnitPicker } from '#web/kit/units.tsx'
import type { Account, Invitation } from '../contract.ts'

const states: Record<Account['state'], { word: string; tone: Tone }> = {
  invited: { word: '待启用', tone: 'act' },
  active: { word: '在用', tone: 'done' },
  disabled: { word: '已停用', tone: 'off' },
  retired: { word: '久未使用', tone: 'off' },
}

export function AccountsPage() {
  const { get, set } = useAddress()
  const mayWrite = usePermission('account.write')
  const [invitation, setInvitation] = useState<Invitation | null>(null)
  return (
    <>
      <PageHead title="账号">
        {mayWrite ? (
          <Button type="primary" onClick={() => set({ new: 1 })}>
            开设账号
          </Button>
        ) : null}
      </PageHead>
      <Sheet>
        <div className="filters" role="search">
          <SearchBox label="查找账号" placeholder="登录名或姓名" />
          <ChoiceBox
            name="state"
            options={[['', '全部'], ...Object.entries(states).map(([value, s]) => [value, s.word] as const)]}
          />
        </div>
        <DataTable<Account>
          name="accounts"
          title="账号清单"
          path="/accounts"
          query={{ search: get('search'), state: get('state') }}
          columns={columnsWith(setInvitation)}
          empty={<EmptyState title="没有账号">开设的账号会列在这里。</EmptyState>}
        />
      </Sheet>
      <Drawer open={get('new') === '1'} title="开设账号" size={480} onClose={() => set({ new: null })} destroyOnHidden>
        <NewAccount
          close={() => set({ new: null })}
          made={(i) => {
            set({ new: null })
            setInvitation(i)
          }}
        />
      </Drawer>
      <Modal
        open={invitation !== null}
        title="邀请码"
        onCancel={() => setInvitation(null)}
        footer={<Button onClick={() => setInvitation(null)}>已转告本人</Button>}
        width={560}
      >
        <p>
          请当面或经内部渠道转告本人。本人在登录页选择“启用账号”，自己设定口令。此码只显示这一次，
          {invitation ? moment(invitation.expiresAt) : ''} 前有效。
        </p>
        <p className="effect" style={{ overflowWrap: 'anywhere', userSelect: 'all' }}>
          {invitation?.token}
        </p>
      </Modal>
    </>
  )
}

const columnsWith = (invited: (i: Invitation) => void): Column<Account>[] => [
  { id: 'login', title: '登录名', width: 110, render: (a) => a.login, text: (a) => a.login },
  { id: 'name', title: '姓名', width: 120, render: (a) => a.name, text: (a) => a.name },
  { id: 'unit', title: '所在单位', render: (a) => a.unitName ?? '—', text: (a) => a.unitName },
  {
    id: 'state',
    title: '状态',
    width: 80,
    render: (a) =>
      a.lockedUntil ? (
        <StateTag tone="late">锁定</StateTag>
      ) : (
        <StateTag tone={states[a.state].tone}>{states[a.state].word}</StateTag>
      ),
    text: (a) => (a.lockedUntil ? '锁定' : states[a.state].word),
  },
  {
    id: 'second',
    title: '动态口令',
    width: 76,
    render: (a) => (a.secondFactor ? '已绑定' : '未绑定'),
    text: (a) => (a.secondFactor ? '已绑定' : '未绑定'),
  },
  { id: 'mandates', title: '授权', width: 52, align: 'right', render: (a) => a.mandates, text: (a) => a.mandates },
  { id: 'sessions', title: '在线', width: 52, align: 'right', render: (a) => a.sessions, text: (a) => a.sessions },
  {
    id: 'used',
    title: '最近使用',
    width: 136,
    render: (a) => (a.lastUsedAt ? moment(a.lastUsedAt) : '—'),
    text: (a) => (a.lastUsedAt ? moment(a.lastUsedAt) : ''),
  },
  {
    id: 'created',
    title: '开设时间',
    width: 140,
    extra: true,
    render: (a) => moment(a.createdAt),
    text: (a) => moment(a.createdAt),
  },
  { id: 'act', title: '办理', width: 236, render: (a) => <Acts account={a} invited={invited} /> },
]

function Acts({ account: a, invited }: { account: Account; invited: (i: Invitation) => void }) {
  if (!a.can.includes('account.write') && !a.can.includes('second-factor.clear')) return null
  const write = a.can.includes('account.write')
  return (
    <span className="row">
      {write && a.state !== 'disabled' ? (
        <Act
          verb="重发邀请"
          size="small"
          done="已生成邀请码"
          effect={`“${a.name}”原有的邀请码作废；须用新邀请码重设口令。`}
          run={async (_, key) =>
            invited(await call('POST', `/accounts/${a.id}/invitations`, { body: {}, idempotencyKey: key }))
          }
        />
      ) : null}
      {write && a.lockedUntil ? (
        <Act
          verb="解除锁定"
          size="small"
          done="已解除锁定"
          ground="等保 5"
          effect={`“${a.name}”连续输错，${moment(a.lockedUntil)} 前从该处不能登录。请先确认是本人再解除。`}
          run={() => call('DELETE', `/accounts/${a.id}/lock`)}
        />
      ) : null}
      {write && a.sessions > 0 ? (
        <Act
          verb="下线"
          size="small"
          done="已下线"
          effect={`结束“${a.name}”现有的 ${a.sessions} 个登录。`}
          run={() => call('DELETE', `/accounts/${a.id}/sessions`)}
        />
      ) : null}
      {write && a.state !== 'disabled' ? (
        <Act
          verb="停用"
          size="small"
          done="已停用"
          reason="required"
          ground="等保 11"
          effect={`停用后“${a.name}”立即不能登录，${a.mandates} 项授权不再生效；登录名不再分给别人。`}
          run={(reason, key) =>
            call('POST', `/accounts/${a.id}/disablement`, { body: { reason }, idempotencyKey: key })
          }
        />
      ) : null}
      {write && a.state === 'disabled' ? (
        <Act
          verb="恢复"
          size="small"
          done="已恢复"
          effect={`恢复后“${a.name}”可以登录。`}
          run={() => call('DELETE', `/accounts/${a.id}/disablement`)}
        />
      ) : null}
      {a.can.includes('second-factor.clear') && a.secondFactor ? (
        <Act
          verb="解绑动态口令"
          size="small"
          done="已解绑"
          reason="required"
          ground="等保 7"
          effect="本人须重新绑定后才能登录。"
          run={(reason, key) =>
            call('POST', `/accounts/${a.id}/second-factor/clearance`, { body: { reason }, idempotencyKey: key })
          }
        />
      ) : null}
    </span>
  )
}

function NewAccount({ close, made }: { close: () => void; made: (i: Invitation) => void }) {
  const form = useForm({ login: '', name: '', unitId: undefined as string | undefined })
  const refresh = useRefresh()
  const own = useMe().mandates.map((m) => ({ id: m.unitId, name: m.unitName, kindName: '本单位' }))
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          const invitation = await call<Invitation>('POST', '/accounts', { body: v, idempotencyKey })
          await refresh()
          made(invitation)
        })
      }}
    >
      <FormProblem form={form} />
      <Field
        form={form}
        name="login"
        label="登录名"
        required
        hint="小写字母、数字，3 到 40 位；用过的不再分配"
        ground="等保 1"
      >
        {({ onChange, ...b }) => (
          <Input {...b} maxLength={40} autoComplete="off" onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      <Field form={form} name="name" label="姓名" required>
        {({ onChange, ...b }) => <Input {...b} maxLength={40} onChange={(e) => onChange(e.target.value)} />}
      </Field>
      <Field form={form} name="unitId" label="所在单位" required>
        {({ onChange, ...b }) => <UnitPicker {...b} accounts first={own} onChange={(id) => onChange(id)} />}
      </Field>
      <FormFoot verb="开设" busy={form.busy} onCancel={close} />
    </form>
  )
}
