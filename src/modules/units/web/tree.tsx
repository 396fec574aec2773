// 组织树: one unit of the day looked at — facts, who is below it, its history, relations, marks and what is decided about it.
import { Button, Tabs } from 'antd'
import { Link, useLocation } from 'wouter'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { Facts, PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { longDay, todayHere } from '#web/kit/time.ts'
import type { UnitPage } from '../contract.ts'
import { Children } from './children.tsx'
import { DaySlider } from './days.tsx'
import { useUnitPage } from './known.ts'
import { Links } from './links.tsx'
import { Plans } from './plans.tsx'
import { Register } from './register.tsx'
import { UnitTermsPanel } from './unit-terms.tsx'

export function TreePage() {
  const { get } = useAddress()
  const [, navigate] = useLocation()
  const carry = useCarry()
  const unit = get('unit')
  const on = get('on')
  const mayChange = usePermission('unit.reorganise')
  const mayImport = usePermission('unit.import')
  return (
    <>
      <PageHead title="组织树" where={on ? `${longDay(on)}的组织树` : '今天的组织树'}>
        <Link href={carry('/units/plates')}>打印二维码</Link>
        {mayImport ? <Link href={carry('/units/imports')}>导入单位</Link> : null}
        {mayChange ? (
          <Button type="primary" onClick={() => navigate(carry('/units/change'))}>
            机构调整
          </Button>
        ) : null}
      </PageHead>
      <div className="stack">
        <DaySlider />
        {unit ? <One key={unit} id={unit} on={on} /> : null}
        <Below unit={unit} on={on} />
      </div>
    </>
  )
}

/** Everything about the unit that is a list; without a unit, the roots. */
function Below({ unit, on }: { unit: string | undefined; on: string | undefined }) {
  const { get, set } = useAddress()
  const tab = get('tab') ?? 'children'
  const tabs = [
    { key: 'children', label: unit ? '下级单位' : '最上级单位' },
    ...(unit
      ? [
          { key: 'links', label: '服务、联盟和联系' },
          { key: 'terms', label: '届次' },
          { key: 'register', label: '标识和活动' },
        ]
      : []),
    { key: 'plans', label: '机构调整' },
  ]
  return (
    <Sheet>
      <Tabs
        style={{ padding: '0 12px' }}
        activeKey={tab}
        onChange={(t) => set({ tab: t === 'children' ? null : t, page: null, search: null, state: null })}
        items={tabs}
      />
      {tab === 'plans' ? (
        <Plans unit={unit} />
      ) : tab === 'links' && unit ? (
        <Links unit={unit} />
      ) : tab === 'terms' && unit ? (
        <UnitTermsPanel key={unit} unitId={unit} />
      ) : tab === 'register' && unit ? (
        <Register unit={unit} />
      ) : (
        <Children unit={unit} on={on} />
      )}
    </Sheet>
  )
}

function One({ id, on }: { id: string; on: string | undefined }) {
  const shown = useUnitPage(id, on)
  const { set } = useAddress()
  const carry = useCarry()
  if (shown.error) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />
  if (!shown.data) return <Loading lines={5} />
  const { unit: u, line, planned } = shown.data
  return (
    <div className="split">
      <Sheet title={u.name} padded>
        <nav className="path" aria-label="所在位置" style={{ marginBottom: 8 }}>
          {line.map((l) => (
            <span key={l.id}>
              <button type="button" className="link" onClick={() => set({ unit: l.id, page: null }, { push: true })}>
                {l.name}
              </button>{' '}
              ›
            </span>
          ))}
          <span>{u.name}</span>
        </nav>
        <Facts
          two
          of={[
            ['类别', u.kindName],
            ['代码', u.code ?? '—'],
            ['设立日', u.openedOn],
            ['撤销日', u.closedOn ?? '—'],
            ['直接下级', `${u.children} 个`],
            ['哪一天', on ?? todayHere()],
          ]}
        />
        {planned.map((p) => (
          <p key={p.changeId} className="effect">
            计划自 {p.on} 起调整：
            <Link href={carry('/units', { tab: 'plans', change: p.changeId })}>{p.reason}</Link>
          </p>
        ))}
        <div className="row no-print" style={{ marginTop: 12 }}>
          <Link href={carry('/persons')}>人员</Link>
          <Link href={carry('/posts')}>职务</Link>
          <Link href={carry('/demands')}>诉求</Link>
        </div>
      </Sheet>
      <Sheet title="沿革">
        <History page={shown.data} />
      </Sheet>
    </div>
  )
}

const changedWords = { kind: '类别', code: '代码', name: '名称', parentId: '隶属' } as const

function History({ page }: { page: UnitPage }) {
  const { set } = useAddress()
  const other = (id: string, name: string) => (
    <button type="button" className="link" onClick={() => set({ unit: id, page: null }, { push: true })}>
      {name}
    </button>
  )
  return (
    <ol className="timeline">
      {page.predecessors.map((p) => (
        <li key={`p${p.changeId}${p.unit.id}`}>
          <time>{p.on}</time>
          <div>
            <b>承接</b>
            {other(p.unit.id, p.unit.name)}
          </div>
        </li>
      ))}
      {page.versions.map((v, i) => (
        <li key={v.from}>
          <time>
            <button
              type="button"
              className="link"
              onClick={() => set({ on: v.from === todayHere() ? null : v.from })}
              title="按这一天查看"
            >
              {v.from}
            </button>
          </time>
          <div>
            <b>
              {i === 0
                ? '设立'
                : v.changed.length > 0
                  ? `${v.changed.map((c) => changedWords[c]).join('、')}变更`
                  : '上级调整'}
            </b>
            {v.name}（{v.kindName}）{v.parent ? `，隶属${v.parent.name}` : ''}
            {v.reason ? <span className="why">依据：{v.reason}</span> : null}
            {v.to ? <span className="change">至 {v.to}</span> : null}
          </div>
        </li>
      ))}
      {page.successors.map((s) => (
        <li key={`s${s.changeId}${s.unit.id}`}>
          <time>{s.on}</time>
          <div>
            <b>由其承接</b>
            {other(s.unit.id, s.unit.name)}
          </div>
        </li>
      ))}
    </ol>
  )
}
