// One person: what is held, why and how long; what he may do as a member; who opened his data.
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Tabs } from 'antd'
import { Link, useParams } from 'wouter'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { Facts, PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { Reveal } from '#web/kit/reveal.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { Timeline } from '#web/kit/timeline.tsx'
import type { PersonPage as Shown } from '../contract.ts'
import { EditPersonForm } from './person-edit.tsx'
import { Ties } from './ties.tsx'
import { heldWords, readingWord, sexes } from './words.ts'

export function PersonPage() {
  const { id } = useParams<{ id: string }>()
  const { get, set } = useAddress()
  const carry = useCarry()
  const shown = useQuery({
    queryKey: ['/persons/one', id],
    queryFn: ({ signal }) => call<Shown>('GET', `/persons/${id}`, { signal }),
  })
  if (shown.error) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />
  if (!shown.data) return <Loading lines={12} />
  const page = shown.data
  return (
    <>
      <PrintHead title={`${page.person.name}　登记情况`} unit={page.person.home?.name} />
      <PageHead title={page.person.name} where={page.person.home?.name}>
        <Link href={carry('/persons')} className="no-print">
          返回名册
        </Link>
        {page.person.can.includes('person.write') ? (
          <Button type="primary" onClick={() => set({ edit: 1 })}>
            更正信息
          </Button>
        ) : null}
      </PageHead>
      <div className="split">
        <div className="stack">
          <Basics page={page} />
          <Ties page={page} />
        </div>
        <Sheet>
          <Tabs
            style={{ padding: '0 16px' }}
            activeKey={get('tab') ?? 'rights'}
            onChange={(t) => set({ tab: t === 'rights' ? null : t })}
            items={[
              { key: 'rights', label: '党员权利', children: <Rights page={page} /> },
              { key: 'held', label: '本系统保存了什么', children: <HeldAbout page={page} /> },
              { key: 'changes', label: '变更记录', children: <Changes page={page} /> },
              { key: 'readings', label: '谁查看过', children: <Readings page={page} /> },
            ]}
          />
        </Sheet>
      </div>
      <PrintFoot />
      <Drawer
        open={get('edit') === '1'}
        title={`更正信息　${page.person.name}`}
        size={520}
        onClose={() => set({ edit: null })}
        destroyOnHidden
      >
        <EditPersonForm person={page.person} close={() => set({ edit: null })} />
      </Drawer>
    </>
  )
}

/** What was put right, by whom and why, before → after; sealed fields are named and never shown. [CO-07] */
const Changes = ({ page }: { page: Shown }) => (
  <div style={{ paddingBottom: 12 }}>
    <Timeline items={page.changes} />
  </div>
)

function Basics({ page }: { page: Shown }) {
  const p = page.person
  return (
    <Sheet title="基本情况" padded>
      <Facts
        two
        of={[
          ['性别', sexes[p.sex]],
          ['出生日期', p.born ?? '—'],
          ['民族', p.nationName ?? '—'],
          ['政治面貌', p.politicsName],
          ['学历', p.educationName ?? '—'],
          ['职业', p.occupation || '—'],
          ['入党时间', p.joined ?? '—'],
          ['转正时间', p.fullSince ?? '—'],
          ['公民身份号码', <Sealed key="i" page={page} field="id-number" masked={p.idNumber} />],
          ['电话', <Sealed key="p" page={page} field="phone" masked={p.phone} />],
          ['住址', <Sealed key="a" page={page} field="address" masked={p.address} />],
          page.merged.length > 0 && ['已合并的重复登记', <Merged key="m" page={page} />],
        ]}
      />
    </Sheet>
  )
}

/** Doubles this record stands for; each can be taken out again. [ID-01] */
const Merged = ({ page }: { page: Shown }) => (
  <ul>
    {page.merged.map((m) => (
      <li key={m.mergeId} className="row">
        {m.name}
        <span className="quiet">{moment(m.at)} 并入</span>
        {page.person.can.includes('person.merge') ? (
          <Act
            verb="撤销合并"
            size="small"
            done="已撤销合并"
            reason="required"
            ground="ID-01"
            effect={`“${m.name}”恢复为单独的登记，组织关系、报到等各归各处。`}
            run={(reason, key) =>
              call('POST', `/person-merges/${m.mergeId}/undoing`, { body: { reason }, idempotencyKey: key })
            }
          />
        ) : null}
      </li>
    ))}
  </ul>
)

/** Masked by default; opening it takes a reason and is written down. [等保 28, A-46] */
function Sealed({
  page,
  field,
  masked,
}: {
  page: Shown
  field: 'id-number' | 'phone' | 'address'
  masked: string | null
}) {
  if (masked === null) return <>—</>
  return (
    <Reveal
      may={page.person.can.includes('person.reveal')}
      title="完整信息"
      ground="等保 28"
      effect="查看人、时间和理由会记录在案，本人可以看到。"
      open={async (reason, idempotencyKey) => {
        const { value, left } = await call<{ value: string; left: number }>(
          'POST',
          `/persons/${page.person.id}/reveal`,
          { body: { field, reason }, idempotencyKey },
        )
        return { value, note: `一小时内还可查看 ${left} 人次。` }
      }}
    >
      {masked}
    </Reveal>
  )
}

const rightWords = {
  vote: '表决、选举和被选举',
  inBase: '计入应到人数',
  dues: '交纳党费',
  graded: '评议定等次',
  sponsor: '可任培养联系人、入党介绍人',
} as const

function Rights({ page }: { page: Shown }) {
  const { rights } = page
  if (!rights) return <EmptyState title="不是党员">党员的权利情况会显示在这里。</EmptyState>
  return (
    <ul style={{ paddingBottom: 12 }}>
      {Object.entries(rightWords).map(([key, word]) => (
        <li key={key} className="row" style={{ padding: '3px 0' }}>
          <StateTag tone={rights[key as keyof typeof rightWords] ? 'done' : 'off'}>
            {rights[key as keyof typeof rightWords] ? '有' : '无'}
          </StateTag>
          {word}
        </li>
      ))}
      <li className="quiet">由组织关系和特殊情况按规则得出（依据 MEM-RIGHTS），不在这里修改。</li>
    </ul>
  )
}

function HeldAbout({ page }: { page: Shown }) {
  return (
    <div style={{ paddingBottom: 12 }} className="stack">
      <ul>
        {page.held.map((h) => (
          <li key={h.table}>
            {heldWords[h.table] ?? h.table}：{h.rows} 条
          </li>
        ))}
      </ul>
      <dl className="stack" style={{ gap: 6 }}>
        {page.purposes.map((f) => (
          <div key={f.field}>
            <dt>
              <b>{f.field}</b>
            </dt>
            <dd className="quiet">
              用于{f.purpose}；依据{f.basis}；保存{f.kept}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function Readings({ page }: { page: Shown }) {
  if (page.readings.length === 0) return <EmptyState title="还没有人查看过完整信息" />
  return (
    <ul className="stack" style={{ gap: 6, paddingBottom: 12 }}>
      {page.readings.map((r) => (
        <li key={`${r.at} ${r.what}`}>
          <span className="quiet">{moment(r.at)}</span>　{r.who}　{readingWord(r.what)}
          {r.reason ? `　理由：${r.reason}` : ''}
        </li>
      ))}
    </ul>
  )
}
