// 指标口径: every measure there is, what it counts and who answers for it; the district's own are defined, changed and retired here.
import { Button, Checkbox, Drawer } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable, useList } from '#web/kit/data-table.tsx'
import { figureText, useFigures } from '#web/kit/figures.ts'
import { SearchBox } from '#web/kit/filters.tsx'
import { Facts, PageHead, Sheet } from '#web/kit/page.tsx'
import { usePermission } from '#web/kit/session.ts'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { MeasureVersion } from '../contract.ts'
import { Editor } from './definition-editor.tsx'

const kinds = { flow: '期间发生', stock: '期末存量', ratio: '比率' } as const
const NEW = 'new'

const columns = (open: (m: MeasureVersion) => void): Column<MeasureVersion>[] => [
  {
    id: 'name',
    title: '指标',
    width: 170,
    render: (m) => (
      <button type="button" className="link" onClick={() => open(m)}>
        {m.name}
      </button>
    ),
    text: (m) => m.name,
  },
  { id: 'classifier', title: '量词', width: 64, render: (m) => m.classifier, text: (m) => m.classifier },
  { id: 'kind', title: '种类', width: 90, render: (m) => kinds[m.kind], text: (m) => kinds[m.kind] },
  { id: 'definition', title: '口径', width: 350, render: (m) => m.definition, text: (m) => m.definition },
  { id: 'formula', title: '计算', width: 300, render: (m) => m.formula, text: (m) => m.formula, extra: true },
  { id: 'verbs', title: '可用说法', width: 150, render: (m) => m.verbs.join('、'), text: (m) => m.verbs.join('、') },
  {
    id: 'owner',
    title: '归口',
    width: 140,
    render: (m) => m.owner?.name ?? <span className="quiet">系统自带</span>,
    text: (m) => m.owner?.name ?? '系统自带',
  },
  { id: 'version', title: '版本', width: 64, render: (m) => m.version, text: (m) => m.version },
  {
    id: 'force',
    title: '状态',
    width: 90,
    render: (m) => <StateTag tone={m.inForce ? 'done' : 'off'}>{stateOf(m)}</StateTag>,
    text: stateOf,
  },
  { id: 'id', title: '编号', width: 200, render: (m) => m.id, text: (m) => m.id, extra: true },
]

function stateOf(m: MeasureVersion) {
  if (m.inForce) return '在用'
  return m.to ? '已停用' : '未起用'
}

export function DefinitionsPage() {
  const { get, set } = useAddress()
  const mayDefine = usePermission('figure.define')
  const search = get('q')
  const open = get('measure')
  const query = { search, own: get('own'), retired: get('retired') }
  return (
    <>
      <PageHead title="指标口径" where="每个数数的是什么、由谁负责、怎样计算">
        {mayDefine ? (
          <Button type="primary" onClick={() => set({ measure: NEW }, { push: true })}>
            新设指标
          </Button>
        ) : null}
      </PageHead>
      <Sheet>
        <div className="filters">
          <SearchBox label="查找指标" placeholder="名称、拼音首字母或口径" width={280} name="q" />
          <Flag name="own" label="只看本区自定" />
          <Flag name="retired" label="含已停用" />
        </div>
        <DataTable<MeasureVersion>
          name="measures"
          title="指标口径"
          path="/measures"
          query={query}
          all
          columns={columns((m) => set({ measure: m.id }, { push: true }))}
          open={open}
          empty={<EmptyState title="没有找到指标">换一个名称、拼音首字母，或者新设一个。</EmptyState>}
        />
      </Sheet>
      <Drawer
        open={open !== undefined}
        title={open === NEW ? '新设指标' : '指标口径'}
        size={open === NEW ? 1080 : 820}
        onClose={() => set({ measure: null })}
        destroyOnHidden
      >
        {open === NEW ? <Editor close={(id) => set({ measure: id ?? null })} /> : null}
        {open && open !== NEW ? <Definition key={open} id={open} /> : null}
      </Drawer>
    </>
  )
}

function Flag({ name, label }: { name: string; label: string }) {
  const { get, set } = useAddress()
  return (
    <Checkbox checked={get(name) === 'true'} onChange={(e) => set({ [name]: e.target.checked ? 'true' : null })}>
      {label}
    </Checkbox>
  )
}

function Definition({ id }: { id: string }) {
  const { data, error, refetch } = useList<MeasureVersion>(`/measures/${id}/versions`, {})
  const [editing, setEditing] = useState(false)
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  const [last] = data?.rows ?? []
  if (!data || !last) return <Loading />
  const shown = data.rows.find((v) => v.inForce) ?? last
  if (editing) return <Editor of={last} close={() => setEditing(false)} />
  return (
    <div className="stack">
      <Now measure={shown} />
      <Facts
        of={[
          ['口径', shown.definition],
          ['计算', shown.formula],
          ['量词', shown.classifier],
          ['可用说法', shown.verbs.join('、')],
          shown.list !== null && ['名册', shown.list],
          shown.persons && ['人数太少', '不足规定人数的数不显示'],
          ['可分列', shown.dimensions.map((d) => d.name).join('、')],
          shown.ground !== null && ['依据', shown.ground],
          ['归口', shown.owner?.name ?? '系统自带，口径随系统发布'],
          shown.restedOnBy.length > 0 && ['被引用', shown.restedOnBy.map((m) => m.name).join('、')],
          ['编号', shown.id],
        ]}
      />
      {last.can.includes('figure.define') ? <Steps of={last} edit={() => setEditing(true)} /> : null}
      {last.own ? <Versions of={data.rows} /> : null}
    </div>
  )
}

/** The number it gives now, for the scope of the page. */
function Now({ measure }: { measure: MeasureVersion }) {
  const { get } = useAddress()
  const { data } = useFigures({ measures: `${measure.id}@${measure.version}`, unit: get('unit') })
  const figure = data?.figures[0]
  return (
    <div>
      <div>{measure.name}</div>
      <div className="bignum">{figure ? figureText(figure, measure) : ' '}</div>
      {data ? <div className="quiet">{`${data.unit.name}　${data.period.from} 至 ${data.period.to}`}</div> : null}
    </div>
  )
}

function Steps({ of: m, edit }: { of: MeasureVersion; edit: () => void }) {
  return (
    <div className="row">
      <Button onClick={edit}>{m.to ? '重新起用' : '修改口径'}</Button>
      {m.to ? null : (
        <Act
          verb="停用"
          done="已停用"
          reason="required"
          effect={
            m.restedOnBy.length > 0 ? (
              <>还有 {m.restedOnBy.length} 个指标用到它，须先停用那些指标。</>
            ) : (
              <>停用后不再列出；已经用它写成的数，注明版本仍可读。</>
            )
          }
          run={(reason, idempotencyKey) =>
            call('POST', `/measures/${m.id}/retirement`, { body: { reason }, idempotencyKey })
          }
        />
      )}
    </div>
  )
}

const Versions = ({ of: versions }: { of: MeasureVersion[] }) => (
  <section>
    <h3>各版本</h3>
    <ul className="timeline">
      {versions.map((v) => (
        <li key={v.version}>
          <time>{v.decidedAt ? moment(v.decidedAt) : ''}</time>
          <div>
            <b>第 {v.version} 版</b>　{v.from} 起{v.to ? `，${v.to} 止` : ''}　{v.decidedBy}
            <div className="change">{v.formula}</div>
            {v.reason ? <div className="why">{v.reason}</div> : null}
          </div>
        </li>
      ))}
    </ul>
  </section>
)
