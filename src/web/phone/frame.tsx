// Around every page: the emblem line, whose system it is, large font, the tabs of one's work, feedback and About.
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import type { Me } from '#modules/access/contract.ts'
import { holds } from './session.ts'
import { toggleSize, useLarge } from './size.ts'

interface Tab {
  href: string
  name: string
}

/** What somebody's work consists of, at most four tabs; the server decides what is in them. */
export function tabsOf(me: Me): Tab[] {
  const works = ['demand.sign', 'demand.dispatch', 'demand.answer', 'task.accept', 'registration.confirm'].some((v) =>
    holds(me, v),
  )
  const tabs: Tab[] = []
  if (works) tabs.push({ href: '/m/todo', name: '待办' })
  if (holds(me, 'demand.open')) tabs.push({ href: '/m/take-in', name: '登记' })
  if (holds(me, 'task.read')) tabs.push({ href: '/m/tasks', name: '任务' })
  if (!works) tabs.push({ href: '/m/claims', name: '认领' })
  tabs.push({ href: '/m/mine', name: '我的' })
  return tabs
}

function Tabs({ me }: { me: Me }) {
  const [at] = useLocation()
  return (
    <nav className="tabs noprint" aria-label="主要功能">
      {tabsOf(me).map((t) => (
        <Link
          key={t.href}
          href={t.href}
          aria-current={at === t.href || at.startsWith(`${t.href}/`) ? 'page' : undefined}
        >
          {t.name}
        </Link>
      ))}
    </nav>
  )
}

/** Address of the feedback form: the kind of page it comes from and whose system it is, never what stood on it. [JF-12] */
function feedbackFrom(at: string): string {
  const [, first = 'm', second = ''] = at.split('/')
  const district = first === 'm' ? undefined : /^(\d{1,6})-/.exec(second)?.[1]
  const page = first === 'm' ? `/m/${second}` : `/${first}`
  return `/m/feedback?from=${page}${district ? `&d=${district}` : ''}`
}

/** `me` null or absent: no tabs; residents' pages never ask who somebody is. */
export function Frame({ name, me, children }: { name: string; me?: Me | null; children: ReactNode }) {
  const large = useLarge()
  const [at] = useLocation()
  return (
    <>
      <header className="top">
        <Link className="name" href="/m">
          {name}
        </Link>
        <button type="button" className="flat" aria-pressed={large} onClick={toggleSize}>
          {large ? '标准字号' : '大字'}
        </button>
      </header>
      <main className={me ? 'tabbed' : undefined}>{children}</main>
      <footer className="foot">
        <Link href={at.startsWith('/m/feedback') ? at : feedbackFrom(at)}>投诉建议</Link>
        <Link href={at.startsWith('/m') ? '/m/about' : feedbackFrom(at).replace('feedback', 'about')}>关于本系统</Link>
        <p className="secret">非涉密系统，严禁处理涉密信息</p>
      </footer>
      {me ? <Tabs me={me} /> : null}
    </>
  )
}
