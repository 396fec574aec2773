import { type FormEvent, useState } from 'react'
import { call } from '#web/api.ts'
import { useSend } from '#web/phone/ask.ts'
import { Button, TextField, Note, Page, Refused } from '#web/phone/parts.tsx'
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
        <TextField
          label="现在的口令"
          kind="password"
          most={256}
          fill="current-password"
          value={form.old}
          onText={(text) => set({ old: text })}
        />
        <TextField
          label="新口令"
          hint="长一些、自己记得住的一句话更好"
          wrong={problem?.at('new')}
          kind="password"
          most={256}
          fill="new-password"
          value={form.new}
          onText={(text) => set({ new: text })}
        />
        <TextField
          label="再输入一次新口令"
          wrong={differs ? '两次输入不一样。' : undefined}
          kind="password"
          most={256}
          fill="new-password"
          value={form.again}
          onText={(text) => set({ again: text })}
        />
        <Button main busy={sending} disabled={form.old === '' || form.new === '' || form.again !== form.new}>
          修改口令
        </Button>
      </form>
    </Page>
  )
}
