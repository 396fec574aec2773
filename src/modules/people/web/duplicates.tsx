// 查找重复: records that may be one person, what was decided about others, and the comparison side by side. [ID-01, ENG-06]
import { Drawer, Segmented, Select } from 'antd'
import { Link } from 'wouter'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { type Column, DataTable } from '#web/kit/data-table.tsx'
import { SearchBox } from '#web/kit/filters.tsx'
import { PageHead, Sheet } from '#web/kit/page.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { useUnit } from '#web/kit/units.tsx'
import type { Duplicate, PersonVerdict } from '../contract.ts'
import { Comparison } from './comparison.tsx'
import { duplicateGrounds, fieldNames } from './words.ts'

export function DuplicatesPage() {
  const { get, set } = useAddress()
  const carry = useCarry()
  const scope = useUnit(get('unit'))
  const view = get('view') ?? 'open'
  const [one, other] = [get('one'), get('other')]
  const close = () => set({ one: null, other: null })
  return (
    <>
      <PageHead title="查找重复" where={scope.data ? `${scope.data.name}及下级` : '全部可见范围'}>
        <Link href={carry('/persons')}>返回名册</Link>
      </PageHead>
      <Sheet>
        <div className="filters" role="search">
          <Segmented
            value={view}
            onChange={(v) => set({ view: v === 'open' ? null : v, page: null })}
            options={[
              { value: 'open', label: '待判定' },
              { value: 'same', label: '已合并' },
              { value: 'apart', label: '不是同一人' },
            ]}
          />
          <SearchBox label="查找" placeholder="姓名、拼音首字母、后四位" width={290} />
          {view === 'open' ? <GroundChoice /> : null}
        </div>
        {view === 'open' ? <Pairs /> : <Verdicts same={view === 'same'} />}
      </Sheet>
      <Drawer open={Boolean(one && other)} title="对照两条登记" size={1000} onClose={close} destroyOnHidden>
        {one && other ? <Comparison oneId={one} otherId={other} close={close} /> : null}
      </Drawer>
    </>
  )
}

function GroundChoice() {
  const { get, set } = useAddress()
  return (
    <label>
      相似之处
      <Select
        allowClear
        aria-label="相似之处"
        style={{ width: 200 }}
        placeholder="全部"
        value={get('ground') ?? null}
        onChange={(g) => set({ ground: g ?? null, page: null })}
        options={Object.entries(duplicateGrounds).map(([value, label]) => ({ value, label }))}
      />
    </label>
  )
}

const half = (title: string, side: 'one' | 'other'): Column<Duplicate>[] => [
  {
    id: `${side}-name`,
    title,
    render: (d) => (
      <>
        <b>{d[side].name}</b>
        <div className="quiet">{d[side].home ?? '没有管理单位'}</div>
      </>
    ),
    text: (d) => `${d[side].name}（${d[side].home ?? '没有管理单位'}）`,
  },
  { id: `${side}-born`, title: '出生', width: 104, render: (d) => d[side].born ?? '—', text: (d) => d[side].born },
  {
    id: `${side}-number`,
    title: '证件／电话',
    width: 168,
    render: (d) => (
      <>
        {d[side].idNumber ?? '—'}
        <div className="quiet">{d[side].phone ?? '—'}</div>
      </>
    ),
    text: (d) => [d[side].idNumber, d[side].phone].filter(Boolean).join('／'),
  },
]

function Pairs() {
  const { get, set } = useAddress()
  const open = (d: Duplicate) => set({ one: d.one.id, other: d.other.id }, { push: true })
  const columns: Column<Duplicate>[] = [
    {
      id: 'ground',
      title: '相似之处',
      width: 130,
      render: (d) => duplicateGrounds[d.ground],
      text: (d) => duplicateGrounds[d.ground],
    },
    ...half('甲', 'one'),
    ...half('乙', 'other'),
    {
      id: 'act',
      title: '办理',
      width: 70,
      render: (d) => (
        <button type="button" className="link" onClick={() => open(d)}>
          对照
        </button>
      ),
    },
  ]
  return (
    <DataTable<Duplicate>
      name="duplicates"
      title="疑似重复登记"
      path="/person-duplicates"
      query={{ unit: get('unit'), ground: get('ground'), search: get('search') }}
      columns={columns}
      rowId={(d) => `${d.one.id} ${d.other.id}`}
      onOpen={open}
      empty={
        <EmptyState title="没有疑似重复的登记">
          证件号码相同、姓名和出生日期相同、电话相同且姓名同音、出生日期相同且姓名同音的登记会列在这里，由人判定。
        </EmptyState>
      }
    />
  )
}

const verdictColumns = (carry: (path: string) => string, same: boolean): Column<PersonVerdict>[] => [
  {
    id: 'winner',
    title: same ? '主记录' : '甲',
    render: (v) => (
      <>
        <Link href={carry(`/persons/${v.winner.id}`)}>{v.winner.name}</Link>
        <div className="quiet">{v.winner.home ?? ''}</div>
      </>
    ),
    text: (v) => `${v.winner.name}（${v.winner.home ?? ''}）`,
  },
  {
    id: 'loser',
    title: same ? '并入的登记' : '乙',
    render: (v) => (
      <>
        {v.loser.name}
        <div className="quiet">{v.loser.home ?? ''}</div>
      </>
    ),
    text: (v) => `${v.loser.name}（${v.loser.home ?? ''}）`,
  },
  ...(same
    ? [
        {
          id: 'taken',
          title: '取自并入的登记',
          width: 150,
          render: (v: PersonVerdict) => v.taken.map((f) => fieldNames[f]).join('、') || '—',
          text: (v: PersonVerdict) => v.taken.map((f) => fieldNames[f]).join('、'),
        },
      ]
    : []),
  { id: 'reason', title: '理由', render: (v) => v.reason, text: (v) => v.reason },
  {
    id: 'by',
    title: '判定',
    width: 140,
    render: (v) => (
      <>
        {v.by}
        <div className="quiet">{moment(v.at)}</div>
      </>
    ),
    text: (v) => `${v.by} ${moment(v.at)}`,
  },
  { id: 'act', title: '办理', width: 100, render: (v) => <Undo verdict={v} /> },
]

function Undo({ verdict: v }: { verdict: PersonVerdict }) {
  if (v.undoneAt) return <StateTag tone="off">已撤销</StateTag>
  if (!v.can.includes('person.merge')) return null
  return (
    <Act
      verb="撤销"
      size="small"
      done={v.same ? '已撤销合并' : '已重新列入待判定'}
      reason="required"
      effect={
        v.same
          ? `“${v.loser.name}”恢复为单独的登记，组织关系、报到等各归各处；取过来的内容还原，合并后另有更正的保留更正。`
          : '这两条登记重新列入待判定。'
      }
      run={(reason, key) => call('POST', `/person-merges/${v.id}/undoing`, { body: { reason }, idempotencyKey: key })}
    />
  )
}

function Verdicts({ same }: { same: boolean }) {
  const { get } = useAddress()
  const carry = useCarry()
  return (
    <DataTable<PersonVerdict>
      key={String(same)}
      name="person-verdicts"
      title={same ? '已合并的登记' : '确认不是同一人的登记'}
      path="/person-merges"
      query={{ same, search: get('search') }}
      columns={verdictColumns(carry, same)}
      empty={
        <EmptyState title={same ? '没有合并过登记' : '没有确认过不是同一人的登记'}>
          在“待判定”里对照后作出的判定会列在这里，可以撤销。
        </EmptyState>
      }
    />
  )
}
