import { Link } from 'wouter'
import { StateTag } from '#web/kit/clock.tsx'
import type { Column } from '#web/kit/data-table.tsx'
import { DialogButton } from '#web/kit/dialog.tsx'
import type { Talent, TalentEvent, Target } from '../contract.ts'
import { HoldEventForm } from './talent-events.tsx'
import { forms, type TalentMechanism, type TalentWords, toneOf } from './talent-words.ts'

const stateWord = (t: Talent) => (t.withdrawn ? '已撤回同意' : t.names.state)

type Part = 'level' | 'field' | 'route' | 'channel'

const partOf = (id: Part, title: string): Column<Talent> => ({
  id,
  title,
  width: id === 'level' ? 136 : 108,
  extra: id === 'route' || id === 'channel',
  render: (t) => t.names[id] || '—',
  text: (t) => t.names[id],
})

export const talentColumns = (carry: (path: string) => string): Column<Talent>[] => [
  {
    id: 'name',
    title: '姓名或名称',
    width: 146,
    sort: { up: 'name', down: '-name' },
    render: (t) => <Link href={carry(`/talents/${t.id}`)}>{t.name}</Link>,
    text: (t) => t.name,
  },
  { id: 'form', title: '形式', width: 60, render: (t) => forms[t.form], text: (t) => forms[t.form] },
  {
    id: 'mechanism',
    title: '机制',
    width: 196,
    render: (t) => t.names.mechanism,
    text: (t) => t.names.mechanism,
  },
  {
    id: 'state',
    title: '进展',
    width: 104,
    render: (t) => <StateTag tone={toneOf(t)}>{stateWord(t)}</StateTag>,
    text: (t) => stateWord(t),
  },
  {
    id: 'since',
    title: '自哪天',
    width: 104,
    render: (t) => t.steps.at(-1)?.on ?? '—',
    text: (t) => t.steps.at(-1)?.on,
  },
  partOf('level', '层次'),
  partOf('field', '领域'),
  partOf('route', '路径'),
  partOf('channel', '渠道'),
  { id: 'holder', title: '用人（管理）单位', width: 150, render: (t) => t.holderName, text: (t) => t.holderName },
  {
    id: 'year',
    title: '目标年度',
    width: 88,
    align: 'right',
    sort: { up: 'year', down: '-year' },
    render: (t) => t.targetYear,
    text: (t) => t.targetYear,
  },
]

export const eventColumns = (w: TalentWords, mechanisms: TalentMechanism[]): Column<TalentEvent>[] => [
  { id: 'title', title: '活动', render: (e) => e.title, text: (e) => e.title },
  {
    id: 'kind',
    title: '种类',
    width: 146,
    render: (e) => w.word(e.mechanismId, 'events', e.kind),
    text: (e) => w.word(e.mechanismId, 'events', e.kind),
  },
  {
    id: 'mechanism',
    title: '机制',
    width: 160,
    extra: true,
    render: (e) => w.mechanism(e.mechanismId),
    text: (e) => w.mechanism(e.mechanismId),
  },
  { id: 'holder', title: '主办单位', width: 160, render: (e) => e.holderName, text: (e) => e.holderName },
  { id: 'place', title: '地点', width: 140, render: (e) => e.place || '—', text: (e) => e.place },
  { id: 'planned', title: '计划日', width: 100, render: (e) => e.plannedOn, text: (e) => e.plannedOn },
  {
    id: 'held',
    title: '举办日',
    width: 100,
    render: (e) => e.heldOn ?? <StateTag tone="plain">待举办</StateTag>,
    text: (e) => e.heldOn ?? '待举办',
  },
  {
    id: 'posts',
    title: '推介岗位（个）',
    width: 120,
    align: 'right',
    render: (e) => (e.heldOn ? e.posts.toLocaleString('zh-CN') : '—'),
    text: (e) => (e.heldOn ? e.posts : null),
    sum: (e) => (e.heldOn ? e.posts : 0),
  },
  {
    id: 'act',
    title: '办理',
    width: 100,
    render: (e) =>
      !e.heldOn && e.can.includes('talent.write') ? (
        <DialogButton verb="登记举办" size="small">
          {(close) => <HoldEventForm event={e} mechanisms={mechanisms} close={close} />}
        </DialogButton>
      ) : null,
  },
]

const rate = (t: Target) => `${((t.reached / t.amount) * 100).toFixed(1)}%`

export const targetColumns = (w: TalentWords): Column<Target>[] => [
  { id: 'holder', title: '单位', render: (t) => t.holderName, text: (t) => t.holderName },
  {
    id: 'mechanism',
    title: '机制',
    width: 240,
    render: (t) => w.mechanism(t.mechanismId),
    text: (t) => w.mechanism(t.mechanismId),
  },
  { id: 'year', title: '年度', width: 80, align: 'right', render: (t) => t.year, text: (t) => t.year },
  {
    id: 'amount',
    title: '目标（人）',
    width: 110,
    align: 'right',
    render: (t) => t.amount.toLocaleString('zh-CN'),
    text: (t) => t.amount,
  },
  {
    id: 'reached',
    title: '已到岗（人）',
    width: 120,
    align: 'right',
    render: (t) => t.reached.toLocaleString('zh-CN'),
    text: (t) => t.reached,
  },
  { id: 'rate', title: '完成', width: 90, align: 'right', render: rate, text: rate },
]
