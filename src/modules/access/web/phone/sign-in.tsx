import { type FormEvent, useState } from 'react'
import { openSession } from '#web/api.ts'
import { useSend } from '#web/phone/ask.ts'
import { Button, Field, Page, Refused } from '#web/phone/parts.tsx'
import { askWho } from '#web/phone/session.ts'

/** Login, password and, where the role demands it, the six digits; the page stays where it was and shows what was asked for. */
export function SignIn() {
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const { send, sending, problem } = useSend()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const done = await send(() => openSession({ login: login.trim(), password, ...(code ? { code } : {}) }))
    if (done) await askWho()
  }
  return (
    <Page title="登录" back="/m" lead="党员、志愿者和工作人员使用；居民提出诉求不需要登录。">
      {problem ? <Refused problem={problem} /> : null}
      <form className="sheet" onSubmit={submit} noValidate>
        <Field label="账号" wrong={problem?.at('login')}>
          {(field) => (
            <input
              type="text"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              maxLength={60}
              value={login}
              onChange={(e) => setLogin(e.target.value)}
              {...field}
            />
          )}
        </Field>
        <Field label="口令" wrong={problem?.at('password')}>
          {(field) => (
            <input
              type="password"
              autoComplete="current-password"
              required
              maxLength={256}
              value={password}
              onChange={(e) => setPassword(e.target.value)}
              {...field}
            />
          )}
        </Field>
        <details>
          <summary>账号绑定了动态口令</summary>
          <Field label="动态口令" hint="六位数字" wrong={problem?.at('code')}>
            {(field) => (
              <input
                type="text"
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={6}
                value={code}
                onChange={(e) => setCode(e.target.value.replace(/\D/g, ''))}
                {...field}
              />
            )}
          </Field>
        </details>
        <Button main busy={sending} disabled={login.trim() === '' || password === ''}>
          登录
        </Button>
      </form>
      <p className="head quiet small">忘记口令或没有账号，请联系所在社区或单位的系统管理员。</p>
    </Page>
  )
}
