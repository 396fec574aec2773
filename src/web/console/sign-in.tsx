import { useQueryClient } from '@tanstack/react-query'
import { Input } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { openSession } from '#web/api.ts'
import { Field, FormFoot, FormProblem, useForm } from '#web/kit/form.tsx'
import { meKey } from '#web/kit/session.ts'
import { Loading } from '#web/kit/states.tsx'
import { DoorFoot } from './door-foot.tsx'

const InvitationForm = lazy(async () => ({
  default: (await import('#modules/access/web/invitation.tsx')).InvitationForm,
}))

/** Password and, for accounts that owe it, the six digits; the server never says which of them was wrong. */
export function SignIn({ ended }: { ended: boolean }) {
  const [invited, setInvited] = useState(false)
  return (
    <div className="door">
      <header>
        基石<small>区县组织工作平台</small>
      </header>
      <main>
        <section className="sheet" aria-label={invited ? '启用账号' : '登录'}>
          <h2>{invited ? '启用账号' : '登录'}</h2>
          <div style={{ padding: '16px 16px 18px' }}>
            {invited ? (
              <Suspense fallback={<Loading lines={3} />}>
                <InvitationForm back={() => setInvited(false)} />
              </Suspense>
            ) : (
              <>
                <Enter ended={ended} />
                <button type="button" className="link" style={{ marginTop: 14 }} onClick={() => setInvited(true)}>
                  有邀请码？启用账号
                </button>
              </>
            )}
          </div>
        </section>
      </main>
      <DoorFoot />
    </div>
  )
}

function Enter({ ended }: { ended: boolean }) {
  const queries = useQueryClient()
  const form = useForm({ login: '', password: '', code: '' })
  return (
    <form
      style={{ width: 'auto' }}
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async ({ login, password, code }) => {
          await openSession({ login: login.trim(), password, ...(code ? { code } : {}) })
          await queries.invalidateQueries({ queryKey: meKey })
        })
      }}
    >
      {ended ? <div className="effect">登录已到期，请重新登录；地址已保留，登录后回到原处。</div> : null}
      <FormProblem form={form} />
      <Field form={form} name="login" label="账号" required>
        {({ onChange, ...b }) => (
          <Input {...b} onChange={(e) => onChange(e.target.value)} autoComplete="username" autoFocus required />
        )}
      </Field>
      <Field form={form} name="password" label="口令" required>
        {({ onChange, ...b }) => (
          <Input.Password {...b} onChange={(e) => onChange(e.target.value)} autoComplete="current-password" required />
        )}
      </Field>
      <Field form={form} name="code" label="动态口令" required hint="区级科室和三员账号填写六位动态口令，其他账号不填">
        {({ onChange, ...b }) => (
          <Input
            {...b}
            onChange={(e) => onChange(e.target.value.replace(/\D/g, '').slice(0, 6))}
            inputMode="numeric"
            autoComplete="one-time-code"
          />
        )}
      </Field>
      <FormFoot verb="登录" busy={form.busy} />
    </form>
  )
}
