// 启用账号: whoever was invited sets his own password; roles that owe it bind the second factor in the same step.
import { useQueryClient } from '@tanstack/react-query'
import { Input } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { meKey } from '#web/kit/session.ts'
import type { OpenedInvitation } from '../contract.ts'
import { CodeField, Enrolment, rule } from './password.tsx'

export function InvitationForm({ back }: { back: () => void }) {
  const [opened, setOpened] = useState<(OpenedInvitation & { token: string }) | null>(null)
  const form = useForm({ token: '' })
  if (opened) return <Accept invitation={opened} />
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v) => {
          const token = v.token.trim()
          setOpened({ ...(await call<OpenedInvitation>('POST', '/invitations/opening', { body: { token } })), token })
        })
      }}
    >
      <FormProblem form={form} />
      <Field form={form} name="token" label="邀请码" required hint="由系统管理员当面或经内部渠道转告，只能用一次">
        {({ onChange, ...b }) => (
          <Input.TextArea {...b} autoFocus rows={2} autoComplete="off" onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      <FormFoot verb="下一步" busy={form.busy} onCancel={back} />
    </form>
  )
}

function Accept({ invitation: i }: { invitation: OpenedInvitation & { token: string } }) {
  const form = useForm({ password: '', again: '', code: '' })
  const queries = useQueryClient()
  const differs = form.values.again !== '' && form.values.again !== form.values.password
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v) => {
          await call('POST', '/invitations/acceptance', {
            body: { token: i.token, password: v.password, keep: 'cookie', ...(v.code ? { code: v.code } : {}) },
          })
          await queries.invalidateQueries({ queryKey: meKey })
        })
      }}
    >
      <div className="known">
        {i.name}（登录名 {i.login}）
      </div>
      {i.enrolment ? <Enrolment of={i.enrolment} /> : null}
      <FormProblem form={form} />
      <Field form={form} name="password" label="口令" required hint={rule}>
        {({ onChange, ...b }) => (
          <Input.Password {...b} autoComplete="new-password" onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      <Field form={form} name="again" label="再写一次" required hint={differs ? '两次写的不一样' : undefined}>
        {({ onChange, ...b }) => (
          <Input.Password
            {...b}
            status={differs ? 'error' : ''}
            autoComplete="new-password"
            onChange={(e) => onChange(e.target.value)}
          />
        )}
      </Field>
      {i.secondFactor === 'none' ? null : (
        <CodeField form={form} hint={i.secondFactor === 'enrol' ? '填写应用里显示的六位数字' : undefined} />
      )}
      <FormFoot
        verb="启用账号"
        busy={form.busy}
        disabled={differs || form.values.password === '' || form.values.again === ''}
      />
    </form>
  )
}
