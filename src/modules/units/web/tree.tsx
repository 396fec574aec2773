// 组织树: one unit of the day looked at — facts, who is below it, its history, links and planned changes.
import { useQuery } from '@tanstack/react-query'
import { Tabs } from 'antd'
import { Link } from 'wouter'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { Facts, PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { longDay, todayHere } from '#web/kit/time.ts'
import type { Unit, UnitPage } from '../contract.ts'
import { ChangeForm } from './change.tsx'
import { Plans } from './plans.tsx'

export function TreePage() {
  const { get, set } = useAddress()
  const unit = get('unit')
  const on = get('on')
  const tab = get('tab') ?? 'children'
  const mayChange = usePermission('unit.reorganise')
  return (
    <>
      <PageHead title="组织树" where={on ? `${longDay(on)}的组织树` : '今天的组织树'}>
        {mayChange ? <ChangeForm unit={unit} /> : null}
      </PageHead>
      {unit ? <One key={unit} id={unit} on={on} /> : null}
      <div style={{ marginTop: unit ? 12 : 0 }}>
        <Sheet>
          <Tabs
            style={{ padding: '0 12px' }}
            activeKey={tab}
            onChange={(t) => set({ tab: t === 'children' ? null : t, page: null })}
            items={[
              { key: 'children', label: unit ? '下级单位' : '最上级单位' },
              { key: 'plans', label: '机构调整' },
            ]}
          />
          {tab === 'plans' ? <Plans unit={unit} /> : <Children unit={unit} on={on} />}
        </Sheet>
      </div>
    </>
  )
}

function Children({ unit, on }: { unit: string | undefined; on: string | undefined }) {
  const { set } = useAddress()
  const columns: Column<Unit>[] = [
    {
      id: 'name',
      title: '名称',
      render: (u) => (
        <button type="button" className="link" onClick={() => set({ unit: u.id, page: null }, { push: true })}>
          {u.name}
        </button>
      ),
      text: (u) => u.name,
    },
    { id: 'kind', title: '类别', width: 130, render: (u) => u.kindName, text: (u) => u.kindName },
    { id: 'code', title: '代码', width: 150, render: (u) => u.code ?? '—', text: (u) => u.code },
    {
      id: 'children',
      title: '直接下级',
      width: 100,
      align: 'right',
      render: (u) => u.children,
      text: (u) => u.children,
      sum: (u) => u.children,
    },
    { id: 'opened', title: '设立日', width: 116, render: (u) => u.openedOn, text: (u) => u.openedOn },
    { id: 'closed', title: '撤销日', width: 116, render: (u) => u.closedOn ?? '—', text: (u) => u.closedOn },
    {
      id: 'planned',
      title: '计划',
      width: 100,
      render: (u) => (u.planned ? <StateTag tone="act">有计划调整</StateTag> : ''),
      text: (u) => (u.planned ? '有计划调整' : ''),
    },
  ]
  return (
    <DataTable<Unit>
      name="units"
      title="单位清单"
      path="/units"
      query={{ parent: unit, on }}
      columns={columns}
      empty={<EmptyState title="没有下级单位">这一天，这个单位下面没有设立单位。</EmptyState>}
    />
  )
}

const usePage = (id: string, on: string | undefined) =>
  useQuery({
    queryKey: ['/units/page', id, on],
    queryFn: ({ signal }) => call<UnitPage>('GET', `/units/${id}`, { query: { on }, signal }),
  })

function One({ id, on }: { id: string; on: string | undefined }) {
  const shown = usePage(id, on)
  const { set } = useAddress()
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
            计划自 {p.on} 起调整：{p.reason}
          </p>
        ))}
        <Links page={shown.data} />
      </Sheet>
      <Sheet title="沿革">
        <History page={shown.data} />
      </Sheet>
    </div>
  )
}

const linkWords = {
  serves: ['服务', '由其服务'],
  alliance: ['联盟成员', '所在联盟'],
  contact: ['联系', '联系单位'],
} as const

function Links({ page }: { page: UnitPage }) {
  const carry = useCarry()
  if (page.links.length === 0) return null
  return (
    <ul className="stack" style={{ gap: 4, marginTop: 12 }}>
      {page.links.map((l) => {
        const outward = l.from.id === page.unit.id
        const other = outward ? l.to : l.from
        return (
          <li key={l.id} className="row">
            <span className="quiet">{linkWords[l.kind][outward ? 0 : 1]}</span>
            <Link className="chip" href={carry('/units', { unit: other.id })}>
              {other.name}
            </Link>
            <span className="quiet">
              {l.role} {l.validFrom} 起{l.validTo ? `，${l.validTo} 止` : ''}
            </span>
            {l.can.includes('unit.link') && !l.validTo ? (
              <Act
                verb="结束"
                size="small"
                done="已结束联系"
                reason="optional"
                effect={`与“${other.name}”的联系自今天起结束，历史保留。`}
                run={(reason, key) =>
                  call('POST', `/unit-links/${l.id}/end`, {
                    body: { endsOn: todayHere(), ...(reason ? { reason } : {}) },
                    idempotencyKey: key,
                  })
                }
              />
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}

const changedWords = { kind: '类别', code: '代码', name: '名称', parentId: '隶属' } as const

function History({ page }: { page: UnitPage }) {
  const { set } = useAddress()
  return (
    <ol className="timeline">
      {page.predecessors.map((p) => (
        <li key={`p${p.changeId}${p.unit.id}`}>
          <time>{p.on}</time>
          <div>
            <b>承接</b>
            {p.unit.name}
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
            {s.unit.name}
          </div>
        </li>
      ))}
    </ol>
  )
}
