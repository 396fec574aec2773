// 拆分: the parts, which child goes to which, and who takes over what hangs at the unit itself. [ORG-01, ORG-02]
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Segmented, Select, Table } from 'antd'
import { FieldAt } from '#web/kit/form.tsx'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { listUnits, UnitPicker } from '#web/kit/units.tsx'
import type { Unit } from '../contract.ts'
import { type CardProps, KindField } from './kind-field.tsx'
import { type Draft, newPart, type Part } from './operations.ts'

const most = 500

const nameOf = (part: Part, at: number) => part.name || `第${at + 1}个单位`

export function Split(props: CardProps) {
  const { part, put, form, at } = props
  const freshCount = part.parts.filter((p) => p.fresh).length
  const unit = part.unitIds[0]
  return (
    <>
      <FieldAt
        form={form}
        path={`operations.${at + freshCount}.into`}
        label="拆分为"
        required
        value={part.parts}
        onChange={(parts: Part[]) => put({ parts })}
      >
        {() => (
          <ol className="stack" style={{ gap: 8 }}>
            {part.parts.map((p, i) => (
              <PartLine key={p.id} {...props} piece={p} at={i} />
            ))}
          </ol>
        )}
      </FieldAt>
      <div style={{ marginBottom: 14 }}>
        <Button onClick={() => put({ parts: [...part.parts, newPart()] })}>增加一个单位</Button>
      </div>
      {freshCount > 0 ? <KindField {...props} /> : null}
      {unit ? <Homes part={part} put={put} unit={unit} /> : null}
      <FieldAt
        form={form}
        path={`operations.${at + freshCount}.restId`}
        label="自身的人员和未办结事项由谁承接"
        hint="登记在被拆分单位自身的党员、报到、诉求和任务；下级单位的随下级走"
        ground="ORG-01"
        value={part.restId}
        onChange={(restId) => put({ restId })}
      >
        {({ onChange, value, ...b }) => (
          <Select
            {...b}
            allowClear
            style={{ width: 300 }}
            value={value ?? null}
            onChange={(id: string | null) => onChange(id ?? undefined)}
            options={part.parts.map((p, i) => ({ value: p.id, label: nameOf(p, i) }))}
          />
        )}
      </FieldAt>
    </>
  )
}

function PartLine({ part, put, piece, at, named }: Omit<CardProps, 'at'> & { piece: Part; at: number }) {
  const change = (next: Partial<Part>) => put({ parts: part.parts.map((p) => (p === piece ? { ...p, ...next } : p)) })
  /** Another id: what was assigned to the old one is assigned to none. */
  const replace = (next: Part) =>
    put({
      parts: part.parts.map((p) => (p === piece ? next : p)),
      homes: Object.fromEntries(Object.entries(part.homes).filter(([, home]) => home !== piece.id)),
      restId: part.restId === piece.id ? undefined : part.restId,
    })
  return (
    <li className="row" style={{ flexWrap: 'nowrap' }}>
      <Segmented
        value={piece.fresh ? 'fresh' : 'known'}
        onChange={(v) => replace(v === 'fresh' ? newPart() : { ...newPart(), fresh: false })}
        options={[
          { value: 'fresh', label: '新设' },
          { value: 'known', label: '已有单位' },
        ]}
      />
      <span style={{ flex: 1 }}>
        {piece.fresh ? (
          <Input
            value={piece.name}
            maxLength={60}
            aria-label={`第${at + 1}个单位的名称`}
            placeholder="名称"
            onChange={(e) => change({ name: e.target.value })}
          />
        ) : (
          <UnitPicker
            value={piece.name ? piece.id : undefined}
            tree={named.get(part.unitIds[0] ?? '')?.tree}
            placeholder={`第${at + 1}个单位`}
            onChange={(id, unit) =>
              replace(id ? { id, fresh: false, name: unit?.name ?? '' } : { ...newPart(), fresh: false })
            }
          />
        )}
      </span>
      <Button
        type="text"
        disabled={part.parts.length <= 2}
        onClick={() => put({ parts: part.parts.filter((p) => p !== piece) })}
      >
        去掉
      </Button>
    </li>
  )
}

type Options = { value: string; label: string }[]

function Homes({ part, put, unit }: { part: Draft; put: CardProps['put']; unit: string }) {
  const query = { parent: unit, limit: most }
  const children = useQuery({ queryKey: ['/units', query], queryFn: ({ signal }) => listUnits(query, signal) })
  if (children.error) return <ErrorState error={children.error} retry={() => void children.refetch()} />
  if (!children.data) return <Loading lines={3} />
  const { rows, total } = children.data
  if (total === 0) return <p className="effect">没有下级单位。</p>
  const options = part.parts.map((p, i) => ({ value: p.id, label: nameOf(p, i) }))
  const open = rows.filter((u) => !part.homes[u.id]).map((u) => u.id)
  const assign = (ids: string[], home: string) =>
    put({ homes: { ...part.homes, ...Object.fromEntries(ids.map((id) => [id, home])) } })
  return (
    <section aria-label="下级单位归属" style={{ marginBottom: 14 }}>
      <div className="row" style={{ marginBottom: 6 }}>
        <b>下级单位归属</b>
        <span className="quiet" aria-live="polite">
          共 {total} 个，还有 {open.length} 个没有定
          {total > most ? `；下级超过 ${most} 个，请先分批调整隶属` : ''}
        </span>
        {options.map((o) => (
          <Button key={o.value} size="small" disabled={open.length === 0} onClick={() => assign(open, o.value)}>
            其余都归{o.label}
          </Button>
        ))}
      </div>
      <HomeTable rows={rows} homes={part.homes} options={options} assign={assign} />
    </section>
  )
}

const HomeTable = ({
  rows,
  homes,
  options,
  assign,
}: {
  rows: Unit[]
  homes: Draft['homes']
  options: Options
  assign: (ids: string[], home: string) => void
}) => (
  <Table<Unit>
    rowKey="id"
    size="small"
    dataSource={rows}
    expandable={{ childrenColumnName: 'rowsBelow' }}
    pagination={rows.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
    columns={[
      { title: '序号', width: 56, className: 'seq', render: (_, u) => rows.indexOf(u) + 1 },
      { title: '下级单位', render: (_, u) => u.name },
      { title: '类别', width: 120, render: (_, u) => u.kindName },
      { title: '直接下级', width: 90, className: 'num', render: (_, u) => u.children },
      {
        title: '归属',
        width: 280,
        render: (_, u) => (
          <Select
            size="small"
            style={{ width: 250 }}
            aria-label={`${u.name}归属`}
            value={homes[u.id] ?? null}
            placeholder="请选择"
            onChange={(home: string) => assign([u.id], home)}
            options={options}
          />
        ),
      },
    ]}
  />
)
