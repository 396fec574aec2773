import { Suspense, useState } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import type { Me } from '#modules/access/contract.ts'
import { useCarry } from '#web/kit/address.ts'
import { holds } from '#web/kit/session.ts'
import { EmptyState, Fence, Loading } from '#web/kit/states.tsx'
import { NumberDrawer } from '#web/kit/number-drawer.tsx'
import { ProofDialog } from '#web/kit/proof.tsx'
import { AsOf, PastStrip } from './as-of.tsx'
import { FeedbackEntry } from './feedback.tsx'
import { MeMenu } from './me.tsx'
import { groupsOf, type PageEntry, pages } from './pages.ts'
import { Scope } from './scope.tsx'
import { Seek } from './seek.tsx'
import { TodoCount } from './todo-count.tsx'
import { Views } from './views.tsx'

const mayOpen = (me: Me, page: PageEntry) => page.verbs.length === 0 || page.verbs.some((v) => holds(me, v))

export function Frame({ me }: { me: Me }) {
  const [narrow, setNarrow] = useState(() => window.innerWidth < 900 || !holds(me, 'unit.read'))
  const open = pages.filter((p) => mayOpen(me, p))
  const [path] = useLocation()
  return (
    <div className={narrow ? 'frame narrow' : 'frame'}>
      <a className="skip" href="#main">
        跳到正文
      </a>
      <header className="top">
        <TopLine me={me} open={open} />
        <Nav pages={open.filter((p) => !p.inner)} me={me} />
        <PastStrip />
      </header>
      <NumberDrawer />
      <ProofDialog secondFactor={me.secondFactor} />
      <aside aria-label="范围" style={narrow ? { visibility: 'hidden' } : {}}>
        {holds(me, 'unit.read') ? <Scope me={me} /> : <p className="blank">三员账号不查看业务数据，没有单位范围。</p>}
      </aside>
      <main id="main" tabIndex={-1}>
        <button type="button" className="unseen" onClick={() => setNarrow(!narrow)}>
          {narrow ? '展开范围栏' : '收起范围栏'}
        </button>
        <Fence name={path}>
          <Suspense fallback={<Loading lines={8} />}>
            <Pages open={open} />
          </Suspense>
        </Fence>
      </main>
    </div>
  )
}

function Pages({ open }: { open: PageEntry[] }) {
  const first = open.find((p) => !p.inner)
  return (
    <Switch>
      {open.map((p) => (
        <Route key={p.path} path={p.path} component={p.page} />
      ))}
      {first && first.path !== '/' ? (
        <Route path="/">
          <Redirect to={first.path} replace />
        </Route>
      ) : null}
      <Route>
        <EmptyState title="没有这个页面，或者您没有查看它的权限">
          请从上方导航重新打开；如工作需要，请向本级管理员申请授权。
        </EmptyState>
      </Route>
    </Switch>
  )
}

function TopLine({ me, open }: { me: Me; open: PageEntry[] }) {
  const carry = useCarry()
  return (
    <div className="first">
      <Link className="brand" href={carry('/')}>
        基石<small>{me.district.name}</small>
      </Link>
      <span className="unclassified">非涉密系统，严禁处理涉密信息</span>
      <span className="gap" />
      <Seek pages={open.filter((p) => !p.path.includes(':'))} me={me} />
      {holds(me, 'unit.read') ? <AsOf /> : null}
      <Views pages={open.filter((p) => !p.path.includes(':'))} />
      <FeedbackEntry />
      <MeMenu me={me} />
    </div>
  )
}

const isAt = (path: string, p: PageEntry) =>
  p.path === '/' ? path === '/' : path === p.path || path.startsWith(`${p.path}/`)

/** More pages than this stand in groups: the groups in one line, the pages of the open one below. */
const FLAT = 8

function Nav({ pages: shown, me }: { pages: PageEntry[]; me: Me }) {
  const [path] = useLocation()
  const carry = useCarry()
  const line = (entries: PageEntry[]) =>
    entries.map((p) => (
      <Link key={p.path} href={carry(p.path)} aria-current={isAt(path, p) ? 'page' : undefined}>
        {p.title}
        {p.path === '/' ? <TodoCount me={me} /> : null}
      </Link>
    ))
  if (shown.length <= FLAT) return <nav aria-label="页面">{line(shown)}</nav>
  const held = groupsOf(shown)
  const current = held.find((g) => g.pages.some((p) => isAt(path, p)))
  return (
    <>
      <nav aria-label="栏目">
        {held.map((g) => (
          <Link key={g.title} href={carry(g.pages[0]?.path ?? '/')} aria-current={g === current ? 'true' : undefined}>
            {g.title}
            {g !== current && g.pages.some((p) => p.path === '/') ? <TodoCount me={me} /> : null}
          </Link>
        ))}
      </nav>
      {current ? (
        <nav aria-label={`${current.title}：页面`} className="within">
          {line(current.pages)}
        </nav>
      ) : null}
    </>
  )
}
