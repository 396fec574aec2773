// Weighty acts need a proof of identity no older than five minutes: the dialog asks for it, then the act goes on by itself. [等保 33]
import { Input, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { call } from '#web/api.ts'
import { Field, FormFoot, FormProblem, useForm } from './form.tsx'
import { provedBy, type Waiter } from './proved.ts'

export function ProofDialog({ secondFactor }: { secondFactor: boolean }) {
  const [waiter, setWaiter] = useState<Waiter | null>(null)
  useEffect(() => {
    provedBy((w) => setWaiter(() => w))
    return () => provedBy(null)
  }, [])
  const finish = (ok: boolean) => {
    waiter?.(ok)
    setWaiter(null)
  }
  return (
    <Modal
      open={waiter !== null}
      title="请再次确认身份"
      onCancel={() => finish(false)}
      footer={null}
      width={400}
      destroyOnHidden
      zIndex={1200}
    >
      <ProofForm secondFactor={secondFactor} done={() => finish(true)} />
    </Modal>
  )
}

function ProofForm({ secondFactor, done }: { secondFactor: boolean; done: () => void }) {
  const form = useForm({ password: '', code: '' })
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form.submit(async (v) => {
          await call('POST', '/sessions/current/proof', {
            body: { password: v.password, ...(v.code ? { code: v.code } : {}) },
          })
          done()
        })
      }}
    >
      <p className="effect">这项办理较为重要，须重新验证，五分钟内有效。</p>
      <FormProblem form={form} />
      <Field form={form} name="password" label="口令" required>
        {({ onChange, ...b }) => (
          <Input.Password {...b} autoFocus autoComplete="current-password" onChange={(e) => onChange(e.target.value)} />
        )}
      </Field>
      {secondFactor ? (
        <Field form={form} name="code" label="动态口令" required>
          {({ onChange, ...b }) => (
            <Input
              {...b}
              inputMode="numeric"
              autoComplete="one-time-code"
              onChange={(e) => onChange(e.target.value.replace(/\D/g, '').slice(0, 6))}
            />
          )}
        </Field>
      ) : null}
      <FormFoot verb="确认" busy={form.busy} />
    </form>
  )
}
