import { Button, Drawer } from 'antd'
import { Suspense, useEffect, useState, useSyncExternalStore } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import type { Me } from '#modules/access/contract.ts'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { holds } from '#web/kit/session.ts'
import { EmptyState, Fence, Loading } from '#web/kit/states.tsx'
import { NumberDrawer } from '#web/kit/number-drawer.tsx'
import { useUnit } from '#web/kit/units.tsx'
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

/** Where the unit tree has no room beside the page it is opened above it. */
const small = window.matchMedia('(max-width: 900px)')
const useSmall = () =>
  useSyncExternalStore(
    (tell) => {
      small.addEventListener('change', tell)
      return () => small.removeEventListener('change', tell)
    },
    () => small.matches,
  )

/** The scope on a small screen: its name as a button, the tree in a drawer that closes when a unit was chosen. */
function ScopeButton({ me }: { me: Me }) {
  const { get } = useAddress()
  const unit = get('unit')
  const chosen = useUnit(unit)
  const [open, setOpen] = useState(false)
  useEffect(() => setOpen(false), [unit])
  return (
    <>
      <Button className="scope-button" onClick={() => setOpen(true)}>
        范围：{unit ? (chosen.data?.name ?? '…') : '全部可见范围'}
      </Button>
      <Drawer
        open={open}
        placement="left"
        title="范围"
        size={320}
        onClose={() => setOpen(false)}
        className="scope-drawer"
        destroyOnHidden
      >
        <Scope me={me} />
      </Drawer>
    </>
  )
}

export function Frame({ me }: { me: Me }) {
  const scoped = holds(me, 'unit.read')
  const tight = useSmall()
  const [folded, setNarrow] = useState(!scoped)
  const narrow = folded || tight
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
        {!scoped ? <p className="blank">三员账号不查看业务数据，没有单位范围。</p> : tight ? null : <Scope me={me} />}
      </aside>
      <main id="main" tabIndex={-1}>
        {!scoped ? null : tight ? (
          <ScopeButton me={me} />
        ) : (
          <button type="button" className="unseen fold" onClick={() => setNarrow(!narrow)}>
            {narrow ? '展开范围栏' : '收起范围栏'}
          </button>
        )}
        <Fence name={path}>
          <Suspense fallback={<Loading lines={8} />}>
            <Pages open={open} />
          </Suspense>
        </Fence>
      </main>
    </div>
  )
}

const Missing = () => (
  <EmptyState title="没有这个页面，或者您没有查看它的权限">
    请从上方导航重新打开；如工作需要，请向本级管理员申请授权。
  </EmptyState>
)

/** A page that is closed to the reader keeps its address: `/persons/imports` is no person's number for anybody. */
function Pages({ open }: { open: PageEntry[] }) {
  const first = open.find((p) => !p.inner)
  return (
    <Switch>
      {first && first.path !== '/' ? (
        <Route path="/">
          <Redirect to={first.path} replace />
        </Route>
      ) : null}
      {pages.map((p) => (
        <Route key={p.path} path={p.path} component={open.includes(p) ? p.page : Missing} />
      ))}
      <Route component={Missing} />
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
