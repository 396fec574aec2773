import { type FormEvent, useState } from 'react'
import { openSession } from '#web/api.ts'
import { useSend } from '#web/phone/ask.ts'
import { Button, TextField, Page, Refused } from '#web/phone/parts.tsx'
import { askWho } from '#web/phone/session.ts'

/** Login, password and, where the role demands it, the six digits; the page stays where it was and shows what was asked for. */
export function SignIn() {
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const { send, sending, problem } = useSend()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const done = await send(() =>
      openSession({ client: 'phone', login: login.trim(), password, ...(code ? { code } : {}) }),
    )
    if (done) await askWho()
  }
  return (
    <Page title="登录" back="/m" lead="党员、志愿者和工作人员使用；居民提出诉求不需要登录。">
      {problem ? <Refused problem={problem} /> : null}
      <form className="sheet" onSubmit={submit} noValidate>
        <TextField
          label="账号"
          wrong={problem?.at('login')}
          most={60}
          fill="username"
          exact
          value={login}
          onText={setLogin}
        />
        <TextField
          label="口令"
          wrong={problem?.at('password')}
          kind="password"
          most={256}
          fill="current-password"
          value={password}
          onText={setPassword}
        />
        <details>
          <summary>账号绑定了动态口令</summary>
          <TextField
            label="动态口令"
            hint="六位数字"
            wrong={problem?.at('code')}
            most={6}
            fill="one-time-code"
            digits
            value={code}
            onText={(text) => setCode(text.replace(/\D/g, ''))}
          />
        </details>
        <Button main busy={sending} disabled={login.trim() === '' || password === ''}>
          登录
        </Button>
      </form>
      <p className="head quiet small">忘记口令或没有账号，请联系所在社区或单位的系统管理员。</p>
    </Page>
  )
}
