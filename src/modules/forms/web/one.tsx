// One registered form: what it asks and on which ground, what it costs, what came back, and its way through approval.
import { useQuery } from '@tanstack/react-query'
import { Button, Table, Tabs } from 'antd'
import { Link, useParams } from 'wouter'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag } from '#web/kit/clock.tsx'
import { Facts, PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import { Timeline } from '#web/kit/timeline.tsx'
import { useKinds } from '#web/kit/units.tsx'
import type { FormField, FormPage as Shown } from '../contract.ts'
import { Answers } from './answers.tsx'
import { hours, states, termWords, types } from './words.ts'

export function FormPage() {
  const { id } = useParams<{ id: string }>()
  const { get, set } = useAddress()
  const shown = useQuery({
    queryKey: ['/forms', 'one', id],
    queryFn: ({ signal }) => call<Shown>('GET', `/forms/${id}`, { signal }),
  })
  if (shown.error) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />
  if (!shown.data) return <Loading lines={12} />
  const page = shown.data
  const asked = page.form.state === 'approved' || page.form.state === 'stopped'
  const tab = asked ? (get('tab') ?? 'form') : 'form'
  return (
    <>
      <PrintHead title={`报表登记表　第 ${page.form.no} 号`} unit={page.form.ownerName} />
      <Head page={page} />
      {asked && !page.form.base ? (
        <Tabs
          className="no-print"
          activeKey={tab}
          onChange={(t) => set({ tab: t === 'form' ? null : t, page: null })}
          items={[
            { key: 'form', label: '登记内容' },
            { key: 'answers', label: '填报结果' },
          ]}
        />
      ) : null}
      {tab === 'answers' ? <Answers page={page} /> : <Content page={page} />}
      <PrintFoot />
    </>
  )
}

function Head({ page }: { page: Shown }) {
  const f = page.form
  const carry = useCarry()
  return (
    <PageHead
      title={f.title}
      where={
        <span className="row">
          <StateTag tone={states[f.state].tone}>{states[f.state].word}</StateTag>
          <span>
            第 {f.no} 号　{f.ownerName}
          </span>
        </span>
      }
    >
      <Link href={carry('/forms')} className="no-print">
        返回清单
      </Link>
      <Steps page={page} />
    </PageHead>
  )
}

/** What approving it will cost those who are asked, in numbers, before it happens. */
const costOf = ({ form: f, targets }: Shown) =>
  f.base
    ? `在《${f.base.title}》里为 ${targets} 个单位增加 ${f.fields} 个选填项，截止日不变。`
    : `将向 ${targets} 个单位布置，每个单位每期预计 ${f.minutes} 分钟，一期合计约 ${hours(targets * f.minutes)}；${termWords(f)}。`

function Steps({ page }: { page: Shown }) {
  const f = page.form
  const carry = useCarry()
  const writes = f.can.includes('form.write')
  const post = (path: string, body: unknown, key: string) =>
    call('POST', `/forms/${f.id}/${path}`, { body, idempotencyKey: key })
  const drafted = writes && (f.state === 'draft' || f.state === 'refused')
  return (
    <>
      {drafted ? (
        <Link href={carry('/forms/draft', { edit: f.id })}>
          <Button>修改</Button>
        </Link>
      ) : null}
      {drafted ? (
        <Act
          verb="提交审批"
          type="primary"
          done="已提交审批"
          effect={costOf(page)}
          run={(_, key) => post('submission', {}, key)}
        />
      ) : null}
      {f.state === 'submitted' && f.can.includes('form.approve') ? (
        <>
          <Act
            verb="不批准"
            done="已退回"
            reason="required"
            run={(reason, key) => post('decision', { approve: false, reason }, key)}
          />
          <Act
            verb="批准"
            type="primary"
            done="已批准"
            effect={costOf(page)}
            reason="required"
            reasonLabel="审批意见"
            ground="JF-09"
            run={(reason, key) => post('decision', { approve: true, reason }, key)}
          />
        </>
      ) : null}
      {f.inForce && !f.base && !writes ? null : f.inForce && !f.base ? (
        <Link href={carry('/forms/draft', { base: f.id })}>
          <Button>补充选填项</Button>
        </Link>
      ) : null}
      {writes && f.state === 'approved' ? (
        <Act
          verb="停用"
          done="已停用"
          effect="还没有填报的立即撤回，已经填报的保留。"
          reason="required"
          run={(reason, key) => post('stop', { reason }, key)}
        />
      ) : null}
    </>
  )
}

function Content({ page }: { page: Shown }) {
  const f = page.form
  const kinds = useKinds('org')
  const carry = useCarry()
  const named = f.kinds.map((k) => kinds.find((x) => x.value === k)?.label ?? k).join('、')
  return (
    <div className="split">
      <div className="stack">
        <Sheet title="登记内容" padded>
          <Facts
            two
            of={[
              ['依据', f.ground],
              ['由谁要求', f.ownerName],
              ['用途', f.purpose],
              ['谁来填', `${f.belowName}及下级的${named}`],
              ['频次和截止', termWords(f)],
              ['单位数', `${page.targets.toLocaleString('zh-CN')} 个`],
              ['有效期', `${f.validFrom} 至 ${f.endsOn}（当天起不再要求）`],
              ['预计用时', `每个单位每期 ${f.minutes} 分钟，一期合计约 ${hours(page.targets * f.minutes)}`],
              f.base !== null && [
                '补充',
                <Link key="base" href={carry(`/forms/${f.base.id}`)}>
                  《{f.base.title}》
                </Link>,
              ],
              f.decidedAt !== null && [
                '审批',
                `${f.decidedBy ?? ''}　${moment(f.decidedAt)}　${f.decisionReason ?? ''}`,
              ],
              f.stopReason !== null && ['停用', `${f.stoppedOn}　${f.stopReason}`],
            ]}
          />
        </Sheet>
        <Sheet title={`要填 ${f.typed} 项，只确认 ${f.fields - f.typed} 项`}>
          <Fields of={page.fields} />
        </Sheet>
      </div>
      <div className="stack">
        <Coming page={page} />
        <Sheet title="经过">
          <Timeline items={page.timeline} names={stateNames} />
        </Sheet>
      </div>
    </div>
  )
}

const stateNames = Object.fromEntries(Object.entries(states).map(([id, s]) => [id, s.word]))

const Fields = ({ of }: { of: FormField[] }) => (
  <Table
    rowKey="id"
    size="small"
    pagination={false}
    dataSource={of}
    columns={[
      { title: '序号', width: 52, className: 'seq', render: (_, __, i) => i + 1 },
      {
        title: '项目',
        width: 170,
        render: (_, f) => `${f.label}${f.measured ? `（${f.measured}）` : ''}`,
      },
      {
        title: '填法',
        width: 84,
        render: (_, f) => <StateTag tone={f.type === 'held' ? 'done' : 'plain'}>{types[f.type]}</StateTag>,
      },
      { title: '必填', width: 56, render: (_, f) => (f.type === 'held' ? '确认' : f.required ? '必填' : '选填') },
      {
        title: '口径',
        render: (_, f) => (
          <>
            {f.definition}
            {f.choices.length > 0 ? <div className="quiet">选项：{f.choices.join('、')}</div> : null}
            {f.differs ? <div className="quiet">与系统已有的不同：{f.differs}</div> : null}
          </>
        ),
      },
    ]}
  />
)

function Coming({ page }: { page: Shown }) {
  const carry = useCarry()
  if (page.form.state !== 'approved' && page.form.state !== 'submitted') return null
  return (
    <Sheet title="今后的截止日" padded>
      <ul className="stack" style={{ gap: 4 }}>
        {page.coming.map((c) => (
          <li key={c.period} className="row">
            <b>{c.dueOn}</b>
            <span className="quiet">
              {c.period} 期{c.provisional ? '（暂算：该年工作日历尚未公布）' : ''}
            </span>
          </li>
        ))}
        {page.coming.length === 0 ? <li className="quiet">没有了</li> : null}
        {page.supplements.map((s) => (
          <li key={s.id} className="row">
            <span className="quiet">补充</span>
            <Link className="chip" href={carry(`/forms/${s.id}`)}>
              {s.ownerName}：{s.title}
            </Link>
            <StateTag tone={states[s.state].tone}>{states[s.state].word}</StateTag>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}
