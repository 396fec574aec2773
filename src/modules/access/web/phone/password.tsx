import { type FormEvent, useState } from 'react'
import { call } from '#web/api.ts'
import { useSend } from '#web/phone/ask.ts'
import { Button, Field, Note, Page, Refused } from '#web/phone/parts.tsx'
import { askWho, useMe } from '#web/phone/session.ts'

export function Password() {
  const me = useMe()
  const [form, setForm] = useState({ old: '', new: '', again: '' })
  const [done, setDone] = useState(false)
  const { send, sending, problem } = useSend()
  const differs = form.again !== '' && form.again !== form.new
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const changed = await send(() =>
      call('PUT', '/me/password', { body: { old: form.old, new: form.new } }).then(() => true),
    )
    if (!changed) return
    setForm({ old: '', new: '', again: '' })
    setDone(true)
    await askWho()
  }
  const set = (part: Partial<typeof form>) => setForm((f) => ({ ...f, ...part }))
  return (
    <Page title="修改口令" back="/m/mine" lead={me.mustChangePassword ? '这是初始口令，请先修改。' : undefined}>
      {done ? (
        <Note tone="good">
          <p>口令已修改，其他设备上的登录已全部退出。</p>
        </Note>
      ) : null}
      {problem ? <Refused problem={problem} /> : null}
      <form className="sheet" onSubmit={(e) => void submit(e)} noValidate>
        <Field label="现在的口令">
          {(field) => (
            <input
              type="password"
              autoComplete="current-password"
              maxLength={256}
              value={form.old}
              onChange={(e) => set({ old: e.target.value })}
              {...field}
            />
          )}
        </Field>
        <Field label="新口令" hint="长一些、自己记得住的一句话更好" wrong={problem?.at('new')}>
          {(field) => (
            <input
              type="password"
              autoComplete="new-password"
              maxLength={256}
              value={form.new}
              onChange={(e) => set({ new: e.target.value })}
              {...field}
            />
          )}
        </Field>
        <Field label="再输入一次新口令" wrong={differs ? '两次输入不一样。' : undefined}>
          {(field) => (
            <input
              type="password"
              autoComplete="new-password"
              maxLength={256}
              value={form.again}
              onChange={(e) => set({ again: e.target.value })}
              {...field}
            />
          )}
        </Field>
        <Button main busy={sending} disabled={form.old === '' || form.new === '' || form.again !== form.new}>
          修改口令
        </Button>
      </form>
    </Page>
  )
}
