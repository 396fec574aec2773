import { type ComponentType, lazy, type ReactNode, Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { SignIn } from '#modules/access/web/phone/sign-in.tsx'
import { Follow } from '#modules/demands/web/phone/follow.tsx'
import { Raise } from '#modules/demands/web/phone/raise.tsx'
import { About } from './about.tsx'
import { Frame, tabsOf } from './frame.tsx'
import { Home } from './home.tsx'
import { Empty, Loading, Page, Refused } from './parts.tsx'
import { askWho, useSession } from './session.ts'

/** Pages of members and secretaries come when they are needed; residents don't wait for them. */
const staff = <T extends string>(name: T) =>
  lazy(async () => {
    const pages: Record<string, ComponentType> = await import('./staff.ts')
    return { default: pages[name] as ComponentType }
  })

const pages: [path: string, page: ComponentType][] = [
  ['/m/tasks', staff('Tasks')],
  ['/m/tasks/:id', staff('TaskPage')],
  ['/m/claims', staff('Claims')],
  ['/m/record', staff('Record')],
  ['/m/record/:id', staff('CertificatePage')],
  ['/m/report-in', staff('ReportIn')],
  ['/m/todo', staff('Todo')],
  ['/m/todo/:id', staff('DemandPage')],
  ['/m/asks/:id', staff('FillPage')],
  ['/m/take-in', staff('TakeIn')],
  ['/m/occasions', staff('Occasions')],
  ['/m/registrations', staff('Registrations')],
  ['/m/password', staff('Password')],
  ['/m/mine', staff('Mine')],
]

/** What residents need now and then comes when they ask for it. */
const feedback = <T extends string>(name: T) =>
  lazy(async () => {
    const pages: Record<string, ComponentType> = await import('#modules/feedback/web/phone/feedback.tsx')
    return { default: pages[name] as ComponentType }
  })
const FeedbackForm = feedback('FeedbackForm')
const FollowFeedback = feedback('FollowFeedback')

const Unknown = () => (
  <Page title="没有这个页面" back="/m">
    <Empty>网址可能不完整。请重新扫描二维码，或从首页进入。</Empty>
  </Page>
)

/** Shows `children` to whoever is signed in, the way in to everybody else. */
function Signed({ children, offline }: { children: ReactNode; offline?: ReactNode }) {
  const session = useSession()
  if (session.state === 'asking') return <Loading />
  if (session.state === 'out') return <SignIn />
  if (session.state === 'unreachable')
    return (
      offline ?? (
        <Page title="暂时连不上">
          <Refused problem={session.problem} again={() => void askWho()} />
        </Page>
      )
    )
  return children
}

function First() {
  const session = useSession()
  if (session.state === 'in' && session.me.mustChangePassword) return <Redirect to="/m/password" replace />
  if (session.state === 'in') return <Redirect to={tabsOf(session.me)[0]?.href ?? '/m/mine'} replace />
  return <Home />
}

const TakeInOffline = staff('TakeInOffline')
const CheckCertificate = staff('CheckCertificate')

const Personal = () => {
  const session = useSession()
  const me = session.state === 'in' ? session.me : null
  return (
    <Frame name={me?.district.name ?? '基石'} me={me}>
      <Suspense fallback={<Loading />}>
        <Switch>
          {pages.map(([path, Shown]) => (
            <Route path={path} key={path}>
              <Signed offline={path === '/m/take-in' ? <TakeInOffline /> : undefined}>
                <Shown />
              </Signed>
            </Route>
          ))}
          <Route path="/m/sign-in">
            <Signed>
              <Redirect to="/m" replace />
            </Signed>
          </Route>
          <Route path="/m/check" component={CheckCertificate} />
          <Route path="/m/about" component={About} />
          <Route path="/m/feedback" component={FeedbackForm} />
          <Route path="/m/feedback/:code" component={FollowFeedback} />
          <Route path="/m" component={First} />
          <Route component={Unknown} />
        </Switch>
      </Suspense>
    </Frame>
  )
}

export const App = () => (
  <Switch>
    <Route path="/p/:plate">{({ plate }) => <Raise plate={plate} key={plate} />}</Route>
    <Route path="/f/:code">{({ code }) => <Follow code={code} key={code} />}</Route>
    <Route component={Personal} />
  </Switch>
)
