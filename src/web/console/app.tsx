// The console: who is signed in decides between the door and the frame.
import { QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query'
import { App, ConfigProvider, type ConfigProviderProps } from 'antd'
import zhCN from 'antd/es/locale/zh_CN.js'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Router } from 'wouter'
import type { Me } from '#modules/access/contract.ts'
import { ApiProblem, onSignedOut } from '#web/api.ts'
import { forgetDrafts } from '#web/kit/form.tsx'
import { forgetAll, meKey, useSession } from '#web/kit/session.ts'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { theme } from '#web/kit/theme.ts'
import { DoorFoot } from './door-foot.tsx'
import { Frame } from './frame.tsx'
import { useLive } from './live.ts'
import { SignIn } from './sign-in.tsx'

/** A refusal is an answer: only what may have been lost is asked again. */
const retry = (count: number, error: unknown) => count < 2 && error instanceof ApiProblem && error.unsettled

/** The file is an ES module in a package that does not say so; the compiler takes it for CommonJS. */
const locale = zhCN as unknown as NonNullable<ConfigProviderProps['locale']>

const client = new QueryClient({
  defaultOptions: { queries: { retry, staleTime: 10_000, refetchOnWindowFocus: true } },
})

export const Console = () => (
  <ConfigProvider theme={theme} locale={locale} button={{ autoInsertSpace: false }} wave={{ disabled: true }}>
    <App>
      <QueryClientProvider client={client}>
        <Router base="/console">
          <Door />
        </Router>
      </QueryClientProvider>
    </App>
  </ConfigProvider>
)

/** Signed out elsewhere, or too long idle: everything read is forgotten, the address is kept. */
function useSignedOut() {
  const queries = useQueryClient()
  const [ended, setEnded] = useState(false)
  useEffect(
    () =>
      onSignedOut(() => {
        if (!queries.getQueryData(meKey)) return
        setEnded(true)
        forgetAll(queries)
        forgetDrafts()
      }),
    [queries],
  )
  return ended
}

const PasswordForm = lazy(async () => ({ default: (await import('#modules/access/web/password.tsx')).PasswordForm }))

/** A password that was given, or is older than ninety days, is changed before anything else. [等保 3, 4] */
function MustChange({ me }: { me: Me }) {
  return (
    <div className="door">
      <header>
        基石<small>{me.district.name}</small>
      </header>
      <main>
        <section className="sheet" aria-label="修改口令">
          <h2>请先修改口令</h2>
          <div style={{ padding: 16 }}>
            <Suspense fallback={<Loading lines={3} />}>
              <PasswordForm me={me} done={() => {}} />
            </Suspense>
          </div>
        </section>
      </main>
      <DoorFoot />
    </div>
  )
}

function Door() {
  const session = useSession()
  const ended = useSignedOut()
  useLive(Boolean(session.data))
  if (session.isPending) return <Loading lines={3} />
  if (session.error) return <ErrorState error={session.error} retry={() => void session.refetch()} />
  if (!session.data) return <SignIn ended={ended} />
  return session.data.mustChangePassword ? <MustChange me={session.data} /> : <Frame me={session.data} />
}
