// 口令 and 动态口令: set by the holder himself, never handed out. [等保 2, 3, 4, 7]
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { useTold } from '#web/kit/act.tsx'
import { Field, type FormOf, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { meKey } from '#web/kit/session.ts'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import type { Me, SecondFactor } from '../contract.ts'

const digits = (text: string) => text.replace(/\D/g, '').slice(0, 6)

export function CodeField<V extends { code: string }>({ form, hint }: { form: FormOf<V>; hint?: string }) {
  return (
    <Field form={form} name="code" label="动态口令" required hint={hint}>
      {({ onChange, ...b }) => (
        <Input
          {...b}
          inputMode="numeric"
          autoComplete="one-time-code"
          style={{ width: 140 }}
          onChange={(e) => onChange(digits(e.target.value) as V['code'])}
        />
      )}
    </Field>
  )
}

export const rule = '至少 10 位，含大写、小写、数字、符号中的三类；不含登录名；不与最近五次相同'

/** Changing the password ends the sessions elsewhere. */
export function PasswordForm({ me, done }: { me: Me; done: () => void }) {
  const form = useForm({ old: '', fresh: '', again: '', code: '' })
  const queries = useQueryClient()
  const told = useTold()
  const differs = form.values.again !== '' && form.values.again !== form.values.fresh
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        if (form.values.again !== form.values.fresh) return
        void form.submit(async (v) => {
          await call('PUT', '/me/password', { body: { old: v.old, new: v.fresh, ...(v.code ? { code: v.code } : {}) } })
          told('口令已修改')
          await queries.invalidateQueries({ queryKey: meKey })
          done()
        })
      }}
    >
      <FormProblem form={form} />
      <Field form={form} name="old" label="现在的口令" required>
        {({ onChange, ...b }) => (
          <Input.Password {...b} autoComplete="current-password" onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      <Field form={form} name="fresh" path="new" label="新口令" required hint={rule}>
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
      {me.secondFactor ? <CodeField form={form} /> : null}
      <FormFoot verb="修改口令" busy={form.busy} disabled={differs || form.values.fresh === ''} />
    </form>
  )
}

/** The secret as a picture for the authenticator, and as text for typing. */
export function Enrolment({ of }: { of: SecondFactor }) {
  const picture = useQuery({
    queryKey: ['qr', of.uri],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await import('qrcode')).toDataURL(of.uri, { margin: 1, width: 180 }),
  })
  return (
    <div className="row" style={{ alignItems: 'flex-start', marginBottom: 12 }}>
      {picture.data ? <img src={picture.data} width={180} height={180} alt="动态口令二维码" /> : <Loading lines={3} />}
      <div style={{ flex: 1, minWidth: 160 }}>
        <p>用手机上的动态口令应用扫码，或手工输入：</p>
        <p className="effect" style={{ overflowWrap: 'anywhere', userSelect: 'all' }}>
          {of.secret}
        </p>
        <p className="quiet">只显示这一次。</p>
      </div>
    </div>
  )
}

function SecondFactorForm({ done }: { done: () => void }) {
  const begun = useQuery({
    queryKey: ['/me/second-factor'],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    retry: false,
    queryFn: () => call<SecondFactor>('POST', '/me/second-factor', { body: {} }),
  })
  const form = useForm({ code: '' })
  const queries = useQueryClient()
  const told = useTold()
  if (begun.error) return <ErrorState error={begun.error} />
  if (!begun.data) return <Loading lines={4} />
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v) => {
          await call('PUT', '/me/second-factor', { body: { code: v.code } })
          told('已绑定动态口令')
          await queries.invalidateQueries({ queryKey: meKey })
          done()
        })
      }}
    >
      <Enrolment of={begun.data} />
      <FormProblem form={form} />
      <CodeField form={form} hint="填写应用里显示的六位数字" />
      <FormFoot verb="绑定" busy={form.busy} disabled={form.values.code.length !== 6} />
    </form>
  )
}

/** Buttons of one's own account, for the menu at the top. */
export function OwnAccount({ me }: { me: Me }) {
  const [open, setOpen] = useState<'password' | 'second' | null>(null)
  const close = () => setOpen(null)
  return (
    <>
      <Button onClick={() => setOpen('password')}>修改口令</Button>
      {me.secondFactor ? null : <Button onClick={() => setOpen('second')}>绑定动态口令</Button>}
      <Modal
        open={open !== null}
        title={open === 'password' ? '修改口令' : '绑定动态口令'}
        onCancel={close}
        footer={null}
        width={460}
        destroyOnHidden
      >
        {open === 'password' ? (
          <PasswordForm me={me} done={close} />
        ) : open === 'second' ? (
          <SecondFactorForm done={close} />
        ) : null}
      </Modal>
    </>
  )
}
