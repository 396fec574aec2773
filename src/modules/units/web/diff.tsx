// Before beside after: moved, merged, new, closed, and what it does to counts. The same for a decision looked at and one on record.
import { Segmented, Table } from 'antd'
import { useState } from 'react'
import type { ChangeEffect, ChangePreview, UnitDifference } from '../contract.ts'

export const whatWords: Record<UnitDifference['what'][number], string> = {
  created: '新设',
  closed: '撤销',
  merged: '并入他处',
  split: '拆分',
  renamed: '更名',
  moved: '调整隶属',
  're-kinded': '变更类别',
  recoded: '变更代码',
}

interface Foreseen {
  effectiveOn: string
  differences: UnitDifference[]
  effects: ChangeEffect[]
  blockers: ChangePreview['blockers']
}

/** `ahead`: it has not happened yet, so what it would do to counts is told. */
export function Outlook({ of, ahead = true }: { of: Foreseen; ahead?: boolean }) {
  const [view, setView] = useState<'beside' | 'list'>('beside')
  return (
    <div className="stack">
      <Summary of={of} />
      {of.blockers.length > 0 ? (
        <div className="issue-box" role="alert" style={{ marginBottom: 0 }}>
          须先办结或移交（依据 ORG-01）：
          {of.blockers.map((b) => (
            <div key={`${b.unitId} ${b.text}`}>
              {b.unitName}：{b.text}
            </div>
          ))}
        </div>
      ) : null}
      <div>
        <Segmented
          size="small"
          value={view}
          onChange={setView}
          options={[
            { value: 'beside', label: '左右对照' },
            { value: 'list', label: '逐项列表' },
          ]}
        />
      </div>
      {view === 'beside' ? <Beside rows={of.differences} /> : <Differences rows={of.differences} />}
      {ahead ? <Effects rows={of.effects} /> : null}
    </div>
  )
}

function Summary({ of: { differences, effectiveOn } }: { of: Foreseen }) {
  const having = (...what: UnitDifference['what']) =>
    differences.filter((d) => d.what.some((w) => what.includes(w))).length
  const words = [
    [having('created'), '新设'],
    [having('closed', 'merged', 'split'), '撤销'],
    [having('renamed'), '更名'],
    [having('moved'), '调整隶属'],
    [having('re-kinded', 'recoded'), '变更类别或代码'],
  ] as const
  const below = differences.reduce((n, d) => n + d.below, 0)
  return (
    <div className="effect" style={{ margin: 0 }}>
      {effectiveOn} 起：
      {words
        .filter(([n]) => n > 0)
        .map(([n, word]) => `${word} ${n} 个`)
        .join('，') || '没有变动'}
      {below > 0 ? `，随同移动的下级 ${below} 个` : ''}。
    </div>
  )
}

type State = NonNullable<UnitDifference['before']>

interface Line {
  id: string
  name: string
  note: string
  tone: 'gone' | 'new' | 'same'
}

/** What stands on the left of a unit: where it goes. */
function leaving(d: UnitDifference, before: State): Line {
  const to = d.successorNames.join('、')
  const gone = d.what.find((w) => w === 'closed' || w === 'merged' || w === 'split')
  if (gone) {
    const how = { closed: to ? `撤销，由${to}承接` : '撤销', merged: `并入${to}`, split: `拆分为${to}` }[gone]
    return { id: d.unitId, name: before.name, note: how, tone: 'gone' }
  }
  if (d.what.includes('moved'))
    return { id: d.unitId, name: before.name, note: `移到${d.after?.parentName ?? ''}`, tone: 'gone' }
  return { id: d.unitId, name: before.name, note: before.kindName, tone: 'same' }
}

/** What stands on the right of it: where it comes from, and what else it is called. */
function arriving(d: UnitDifference, after: State): Line {
  const notes = [
    d.what.includes('created') ? '新设' : null,
    d.what.includes('moved') ? `自${d.before?.parentName ?? ''}移入` : null,
    d.what.includes('renamed') ? `原名${d.before?.name ?? ''}` : null,
    d.what.includes('re-kinded') ? `由${d.before?.kindName ?? ''}改为${after.kindName}` : null,
    d.what.includes('recoded') ? `代码${d.before?.code ?? '无'}改为${after.code ?? '无'}` : null,
    d.below > 0 ? `随同下级 ${d.below} 个` : null,
  ].filter((n) => n !== null)
  const fresh = d.what.includes('created') || d.what.includes('moved')
  return { id: d.unitId, name: after.name, note: notes.join('，'), tone: fresh ? 'new' : 'same' }
}

interface Parent {
  id: string
  name: string
  before: Line[]
  after: Line[]
}

/** Units under the parent they have: left as it is, right as it will be. */
function byParent(rows: readonly UnitDifference[]): Parent[] {
  const parents = new Map<string, Parent>()
  const at = (s: State) => {
    const key = s.parentId ?? ''
    const found = parents.get(key) ?? { id: key, name: s.parentName ?? '（没有上级）', before: [], after: [] }
    parents.set(key, found)
    return found
  }
  for (const d of rows) {
    if (d.before) at(d.before).before.push(leaving(d, d.before))
    if (d.after) at(d.after).after.push(arriving(d, d.after))
  }
  return [...parents.values()]
}

const marks = { gone: '－', new: '＋', same: '＝' }

const Lines = ({ of, none }: { of: Line[]; none: string }) =>
  of.length === 0 ? (
    <span className="quiet">{none}</span>
  ) : (
    <ul className="diff">
      {of.map((l) => (
        <li key={l.id} className={l.tone}>
          <i aria-hidden="true">{marks[l.tone]}</i>
          <span>{l.name}</span>
          <span className="quiet">{l.note}</span>
        </li>
      ))}
    </ul>
  )

const Beside = ({ rows }: { rows: UnitDifference[] }) => (
  <table className="compare" aria-label="左右对照">
    <thead>
      <tr>
        <th scope="col">所属上级</th>
        <th scope="col">调整前</th>
        <th scope="col">调整后</th>
      </tr>
    </thead>
    <tbody>
      {byParent(rows).map((p) => (
        <tr key={p.id}>
          <th scope="row">{p.name}</th>
          <td>
            <Lines of={p.before} none="—" />
          </td>
          <td>
            <Lines of={p.after} none="—" />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

const side = (s: UnitDifference['before']) =>
  s ? `${s.name}（${s.kindName}）${s.parentName ? `，隶属${s.parentName}` : ''}` : '—'

/** Unit by unit. */
const Differences = ({ rows }: { rows: UnitDifference[] }) => (
  <Table<UnitDifference>
    rowKey="unitId"
    size="small"
    pagination={rows.length > 50 ? { pageSize: 50, size: 'small' } : false}
    dataSource={rows}
    columns={[
      { title: '序号', width: 56, className: 'seq', render: (_, d) => rows.indexOf(d) + 1 },
      { title: '变动', width: 150, render: (_, d) => d.what.map((w) => whatWords[w]).join('、') },
      { title: '调整前', render: (_, d) => side(d.before) },
      { title: '调整后', render: (_, d) => (d.after ? side(d.after) : d.successorNames.join('、') || '—') },
      { title: '随同下级', width: 90, className: 'num', render: (_, d) => (d.below > 0 ? `${d.below} 个` : '—') },
    ]}
  />
)

const whole = (n: number) => n.toLocaleString('zh-CN')

/** Counts of the units whose numbers change, as things stand now. */
function Effects({ rows }: { rows: ChangeEffect[] }) {
  if (rows.length === 0) return <p className="quiet">各单位的党员、报到、诉求、任务数不因此变化。</p>
  const whats = [...new Set(rows.flatMap((r) => r.counts.map((c) => c.what)))]
  return (
    <section aria-label="对数量的影响">
      <b>对数量的影响</b>
      <span className="quiet">　含下级，按现在的记录计</span>
      <Table<ChangeEffect>
        rowKey="unitId"
        size="small"
        style={{ marginTop: 6 }}
        dataSource={rows}
        pagination={rows.length > 20 ? { pageSize: 20, size: 'small', showSizeChanger: false } : false}
        columns={[
          { title: '序号', width: 56, className: 'seq', render: (_, r) => rows.indexOf(r) + 1 },
          {
            title: '单位',
            render: (_, r) => (
              <>
                {r.unitName}
                <span className="kind">{r.kindName}</span>
              </>
            ),
          },
          ...whats.map((what) => ({
            title: what,
            width: 170,
            className: 'num',
            render: (_: unknown, r: ChangeEffect) => {
              const c = r.counts.find((x) => x.what === what)
              if (!c) return <span className="quiet">不变</span>
              const more = c.after - c.before
              return (
                <>
                  {whole(c.before)} → <b>{whole(c.after)}</b>
                  <span className="kind">{more > 0 ? `增 ${whole(more)}` : `减 ${whole(-more)}`}</span>
                </>
              )
            },
          })),
        ]}
      />
    </section>
  )
}
