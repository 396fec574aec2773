// Dated links of a unit: places it serves, alliances 1+X+N it leads or belongs to, units it keeps contact with.
import { Button, Drawer, Select } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import { todayHere } from '#web/kit/time.ts'
import type { LinkKind, UnitLink } from '../contract.ts'
import { LinkForm, linkKinds } from './link-form.tsx'
import { type UnitMechanism, useUnitMechanisms, useUnitPage } from './known.ts'
import { Ended } from './register.tsx'

const linkWords: Record<LinkKind, [outward: string, inward: string]> = {
  serves: ['服务', '由其服务'],
  alliance: ['联盟成员', '所在联盟'],
  contact: ['联系', '由其联系'],
}

const roleWord = (l: UnitLink, mechanisms: readonly UnitMechanism[]) =>
  mechanisms.find((m) => m.id === l.mechanismId)?.settings.alliance?.roles.find((r) => r.id === l.role)?.name ?? l.role

function columnsWith(
  unit: string,
  mechanisms: readonly UnitMechanism[],
  open: (id: string) => void,
): Column<UnitLink>[] {
  const side = (l: UnitLink) => (l.from.id === unit ? 0 : 1)
  const other = (l: UnitLink) => (l.from.id === unit ? l.to : l.from)
  return [
    {
      id: 'kind',
      title: '关系',
      width: 110,
      render: (l) => linkWords[l.kind][side(l)],
      text: (l) => linkWords[l.kind][side(l)],
    },
    {
      id: 'other',
      title: '对方单位',
      render: (l) => (
        <button type="button" className="link" onClick={() => open(other(l).id)}>
          {other(l).name}
        </button>
      ),
      text: (l) => other(l).name,
    },
    { id: 'other-kind', title: '类别', width: 130, render: (l) => other(l).kindName, text: (l) => other(l).kindName },
    {
      id: 'role',
      title: '角色',
      width: 130,
      render: (l) => roleWord(l, mechanisms) || '—',
      text: (l) => roleWord(l, mechanisms),
    },
    { id: 'from', title: '起', width: 110, render: (l) => l.validFrom, text: (l) => l.validFrom },
    { id: 'to', title: '止', width: 110, render: (l) => l.validTo ?? '长期', text: (l) => l.validTo ?? '长期' },
    {
      id: 'act',
      title: '办理',
      width: 76,
      render: (l) => (l.can.includes('unit.link') ? <End link={l} name={other(l).name} /> : null),
    },
  ]
}

const End = ({ link, name }: { link: UnitLink; name: string }) => (
  <Act
    verb="结束"
    size="small"
    done="已结束"
    reason="optional"
    effect={`与“${name}”的关系自今天起结束，历史保留。`}
    run={(reason, key) =>
      call('POST', `/unit-links/${link.id}/end`, {
        body: { endsOn: todayHere(), ...(reason ? { reason } : {}) },
        idempotencyKey: key,
      })
    }
  />
)

export function Links({ unit }: { unit: string }) {
  const { get, set } = useAddress()
  const mechanisms = useUnitMechanisms()
  const page = useUnitPage(unit)
  const [adding, setAdding] = useState(false)
  const may = page.data?.unit.can.some((v) => v === 'unit.link') ?? false
  return (
    <>
      <div className="filters">
        <label>
          关系
          <Select
            allowClear
            aria-label="关系"
            style={{ width: 150 }}
            placeholder="全部"
            value={get('link') ?? null}
            onChange={(k) => set({ link: k ?? null, page: null })}
            options={linkKinds}
          />
        </label>
        <Ended />
        <span className="gap" />
        {may ? <Button onClick={() => setAdding(true)}>建立关系</Button> : null}
      </div>
      <DataTable<UnitLink>
        name="unit-links"
        title={`${page.data?.unit.name ?? ''}的服务、联盟和联系`}
        path="/unit-links"
        query={{ unit, kind: get('link'), ended: get('ended') === '1' || undefined }}
        columns={columnsWith(unit, mechanisms, (id) => set({ unit: id, page: null }, { push: true }))}
        empty={<EmptyState title="没有登记关系">服务的地方、联盟成员、联系的单位会列在这里，各有起止日期。</EmptyState>}
      />
      <Drawer open={adding} title="建立关系" size={480} onClose={() => setAdding(false)} destroyOnHidden>
        {page.data ? <LinkForm unit={page.data.unit} mechanisms={mechanisms} close={() => setAdding(false)} /> : null}
      </Drawer>
    </>
  )
}
