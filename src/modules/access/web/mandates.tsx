// 授权: a role at a unit for a time. An officer's mandate waits for a second officer; nobody grants to himself. [等保 10, 12, 33]
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { Act, useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable, type ListOf } from '#web/kit/data-table.tsx'
import { DayInput, toInstant } from '#web/kit/dates.tsx'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { useMe, usePermission } from '#web/kit/session.ts'
import { EmptyState } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { UnitPicker } from '#web/kit/units.tsx'
import type { Account, Granted, Mandate, MandateRequest, Role } from '../contract.ts'

const useRoles = () =>
  useQuery({
    queryKey: ['/roles'],
    staleTime: 300_000,
    queryFn: ({ signal }) => call<ListOf<Role>>('GET', '/roles', { signal }),
  })

const columns: Column<Mandate>[] = [
  { id: 'name', title: '姓名', width: 150, render: (m) => m.name, text: (m) => m.name },
  { id: 'login', title: '登录名', width: 130, render: (m) => m.login, text: (m) => m.login },
  {
    id: 'role',
    title: '角色',
    width: 140,
    render: (m) => (m.officer ? <StateTag tone="act">{m.roleName}</StateTag> : m.roleName),
    text: (m) => m.roleName,
  },
  { id: 'unit', title: '单位', render: (m) => m.unitName, text: (m) => m.unitName },
  { id: 'from', title: '起', width: 140, render: (m) => moment(m.from), text: (m) => moment(m.from) },
  {
    id: 'to',
    title: '止',
    width: 140,
    render: (m) => (m.to ? moment(m.to) : '长期'),
    text: (m) => (m.to ? moment(m.to) : '长期'),
  },
  {
    id: 'by',
    title: '授权人',
    width: 110,
    render: (m) => `${m.grantedBy ?? '—'}${m.delegated ? '（转授）' : ''}`,
    text: (m) => `${m.grantedBy ?? ''}${m.delegated ? '（转授）' : ''}`,
  },
  {
    id: 'act',
    title: '办理',
    width: 76,
    render: (m) =>
      m.can.length > 0 ? (
        <Act
          verb="收回"
          size="small"
          done="已收回"
          reason="required"
          effect={`“${m.name}”在“${m.unitName}”的“${m.roleName}”立即失效。`}
          run={(reason, key) => call('POST', `/mandates/${m.id}/end`, { body: { reason }, idempotencyKey: key })}
        />
      ) : null,
  },
]

const requestColumns: Column<MandateRequest>[] = [
  { id: 'name', title: '姓名', width: 150, render: (r) => `${r.name}（${r.login}）`, text: (r) => r.name },
  { id: 'role', title: '角色', width: 140, render: (r) => r.roleName, text: (r) => r.roleName },
  { id: 'unit', title: '单位', render: (r) => r.unitName, text: (r) => r.unitName },
  { id: 'reason', title: '理由', render: (r) => r.reason, text: (r) => r.reason },
  {
    id: 'asked',
    title: '申请',
    width: 200,
    render: (r) => `${r.askedBy} ${moment(r.askedAt)}`,
    text: (r) => r.askedBy,
  },
  {
    id: 'act',
    title: '办理',
    width: 140,
    render: (r) =>
      r.can.includes('mandate.confirm') ? (
        <span className="row">
          <Act
            verb="同意"
            size="small"
            done="已同意"
            effect={`“${r.name}”在“${r.unitName}”成为“${r.roleName}”。`}
            ground="等保 33"
            run={(_, key) =>
              call('POST', `/mandate-requests/${r.id}/decision`, {
                body: { hash: r.hash, granted: true },
                idempotencyKey: key,
              })
            }
          />
          <Act
            verb="不同意"
            size="small"
            done="已退回"
            effect="申请退回，不生效。"
            run={(_, key) =>
              call('POST', `/mandate-requests/${r.id}/decision`, {
                body: { hash: r.hash, granted: false },
                idempotencyKey: key,
              })
            }
          />
        </span>
      ) : (
        <span className="quiet">等待另一名管理员</span>
      ),
  },
]

export function MandatesPage() {
  const { get, set } = useAddress()
  const roles = useRoles()
  const mayGrant = usePermission('mandate.grant')
  const mayConfirm = usePermission('mandate.confirm')
  const view = get('view') ?? 'now'
  return (
    <>
      <PageHead title="授权">
        {mayGrant ? (
          <Button type="primary" onClick={() => set({ new: 1 })}>
            授权
          </Button>
        ) : null}
      </PageHead>
      <Sheet>
        <div className="filters">
          <Segmented
            size="small"
            value={view}
            onChange={(v) => set({ view: v === 'now' ? null : v, page: null })}
            options={[
              { value: 'now', label: '现行' },
              { value: 'all', label: '含已终止' },
              ...(mayConfirm ? [{ value: 'requests', label: '待确认' }] : []),
            ]}
          />
          {view === 'requests' ? null : (
            <label>
              角色
              <Select
                allowClear
                aria-label="角色"
                style={{ width: 150 }}
                placeholder="全部"
                value={get('role') ?? null}
                onChange={(r) => set({ role: r ?? null, page: null })}
                options={(roles.data?.rows ?? []).map((r) => ({ value: r.id, label: r.name }))}
              />
            </label>
          )}
        </div>
        {view === 'requests' ? (
          <DataTable<MandateRequest>
            name="requests"
            title="待确认的授权"
            path="/mandate-requests"
            query={{}}
            all
            columns={requestColumns}
            empty={
              <EmptyState title="没有等待确认的授权">三员的授权由另一名管理员确认后生效，等待的会列在这里。</EmptyState>
            }
          />
        ) : (
          <DataTable<Mandate>
            name="mandates"
            title="授权清单"
            path="/mandates"
            query={{ when: view, role: get('role') }}
            columns={columns}
            empty={<EmptyState title="没有授权">谁在哪个单位、以什么角色、从何时到何时，会列在这里。</EmptyState>}
          />
        )}
      </Sheet>
      <Drawer open={get('new') === '1'} title="授权" size={480} onClose={() => set({ new: null })} destroyOnHidden>
        <Grant roles={roles.data?.rows ?? []} close={() => set({ new: null })} />
      </Drawer>
    </>
  )
}

function AccountPicker({
  value,
  onChange,
  id,
}: {
  id?: string
  value: string | undefined
  onChange: (account: Account | undefined) => void
}) {
  const [words, setWords] = useState('')
  const query = { search: words.trim() || undefined, limit: 20 }
  const hits = useQuery({
    queryKey: ['/accounts', query],
    queryFn: ({ signal }) => call<ListOf<Account>>('GET', '/accounts', { query, signal }),
  })
  return (
    <Select
      {...(id ? { id } : {})}
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: setWords }}
      value={value ?? null}
      onChange={(v: string | null) => onChange(hits.data?.rows.find((a) => a.id === v))}
      options={(hits.data?.rows ?? []).map((a) => ({
        value: a.id,
        label: `${a.name}（${a.login}）　${a.unitName ?? ''}`,
      }))}
    />
  )
}

function Grant({ roles, close }: { roles: Role[]; close: () => void }) {
  const form = useForm({
    accountId: undefined as string | undefined,
    role: undefined as string | undefined,
    unitId: undefined as string | undefined,
    to: '',
    reason: '',
  })
  const refresh = useRefresh()
  const told = useTold()
  const [account, setAccount] = useState<Account | undefined>(undefined)
  const own = useMe().mandates.map((m) => ({ id: m.unitId, name: m.unitName, kindName: '本单位' }))
  const first = [
    ...(account?.unitId ? [{ id: account.unitId, name: account.unitName ?? '', kindName: '所在单位' }] : []),
    ...own.filter((o) => o.id !== account?.unitId),
  ]
  const role = roles.find((r) => r.id === form.values.role)
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v, idempotencyKey) => {
          const granted = await call<Granted>('POST', '/mandates', {
            body: {
              accountId: v.accountId,
              role: v.role,
              unitId: v.unitId,
              reason: v.reason,
              ...(v.to ? { to: toInstant(`${v.to}T00:00`) } : {}),
            },
            idempotencyKey,
          })
          told(granted.mandateId ? '已授权' : '已提交，等待另一名管理员确认')
          await refresh()
          close()
        })
      }}
    >
      <FormProblem form={form} />
      <Field form={form} name="accountId" label="账号" required>
        {({ id, value }) => (
          <AccountPicker
            id={id}
            value={value}
            onChange={(a) => {
              setAccount(a)
              form.set({ accountId: a?.id })
            }}
          />
        )}
      </Field>
      <Field
        form={form}
        name="role"
        label="角色"
        required
        hint={role?.officer ? '三员授权须由另一名管理员确认' : role?.secondFactor ? '此角色须绑定动态口令' : undefined}
        ground="等保 12"
      >
        {({ onChange, value, ...b }) => (
          <Select
            {...b}
            style={{ width: '100%' }}
            value={value ?? null}
            onChange={(r) => onChange(r ?? undefined)}
            options={roles.map((r) => ({ value: r.id, label: r.name }))}
          />
        )}
      </Field>
      <Field form={form} name="unitId" label="单位" required hint="权限及于该单位和下级">
        {({ onChange, ...b }) => <UnitPicker {...b} accounts first={first} onChange={(id) => onChange(id)} />}
      </Field>
      <Field form={form} name="to" label="到哪天为止" hint="不填为长期">
        {(b) => <DayInput {...b} clear />}
      </Field>
      <Field form={form} name="reason" label="理由" required>
        {({ onChange, ...b }) => (
          <Input.TextArea {...b} rows={2} maxLength={200} showCount onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      <FormFoot verb="授权" busy={form.busy} onCancel={close} />
    </form>
  )
}
