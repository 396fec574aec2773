// What the district is told about the system itself, and what its units are asked to type.
import { insertMany } from '#core/bulk.ts'
import { addDays, addHours, addMonths, dayOf, periodOf } from '#core/calendar.ts'
import type { WriteTx } from '#core/context.ts'
import { followCode } from '#core/crypto.ts'
import { newId } from '#core/ids.ts'
import { insertFeedbacks } from '#modules/feedback/index.ts'
import type { Chance } from './chance.ts'
import type { DemoTree } from './tree.ts'
import { opinions } from './words.ts'

const functions: Record<string, string> = {
  '/m/tasks': 'tasks',
  '/p': 'raise',
  '/console/demands': 'demands',
  '/console/figures': 'figures',
  '/m/record': 'tasks',
  '/console/asks': 'forms',
  '/f': 'raise',
  '/m/about': 'feedback',
}

/** Thirty-two voices of the year: the last few wait, the others were answered, most in time, and half of them rated. */
export async function plantVoices({ tx, luck, home }: { tx: WriteTx; luck: Chance; home: string }) {
  const rows: Parameters<typeof insertFeedbacks>[1][number][] = []
  const messages: Parameters<typeof insertFeedbacks>[2][number][] = []
  const say = (feedbackId: string, side: 'sender' | 'desk', at: string, words: string) => {
    const id = newId()
    const sealed = tx.vault.seal(`feedback.words:${id}`, words)
    messages.push({ id, feedback_id: feedbackId, side, at, words_sealed: sealed, by_id: null })
  }
  for (let i = 0; i < 32; i++) {
    const [kind, page, words, reply] = opinions[i % opinions.length] as (typeof opinions)[number]
    const id = newId()
    const received = addHours(tx.now, i < 4 ? -6 - 20 * i : -24 * (5 + i * 9))
    const due = addHours(received, 72)
    const replied = i < 4 ? null : addHours(received, i % 9 === 0 ? 90 : 8 + luck.below(50))
    const rating = replied && luck.often(0.6) ? luck.pick(['satisfied', 'satisfied', 'basically', 'unsatisfied']) : null
    say(id, 'sender', received, words)
    if (replied) say(id, 'desk', replied, reply)
    rows.push({
      id,
      kind,
      face: page.startsWith('/console') ? 'console' : 'phone',
      page,
      function: functions[page] ?? 'own',
      unit_id: home,
      state: rating ? 'rated' : replied ? 'replied' : 'waiting',
      due_at: replied ? null : due,
      first_due_at: due,
      provisional: false,
      received_at: received,
      received_on: dayOf(received),
      replied_at: replied,
      replied_on: replied && dayOf(replied),
      spoken_at: replied ?? received,
      follow_index: tx.vault.blindIndex('follow', followCode()),
      rating,
      rated_at: rating && replied && addHours(replied, 5),
    })
  }
  await insertFeedbacks(tx, rows, messages)
}

interface Planned {
  title: string
  ground: string
  purpose: string
  owner: string
  kind: string
  frequency: 'month' | 'quarter'
  state: 'approved' | 'submitted' | 'draft' | 'stopped'
  fields: [label: string, type: string, measured: string, definition: string][]
}

const plans = (tree: DemoTree): Planned[] => [
  {
    title: '小区活动阵地情况',
    ground: '青组发〔2026〕9号（示例）',
    purpose: '安排阵地维修和开放',
    owner: tree.committee.id,
    kind: 'general-branch',
    frequency: 'month',
    state: 'approved',
    fields: [
      ['活动室面积', 'number', '平方米', '室内可用面积，不含走廊'],
      ['本月开放', 'number', '天', '对居民开放的天数'],
    ],
  },
  {
    title: '电动车充电棚需求',
    ground: '青城管〔2026〕21号（示例）',
    purpose: '编制充电设施计划',
    owner: (tree.departments[0] as DemoTree['departments'][number]).id,
    kind: 'general-branch',
    frequency: 'quarter',
    state: 'approved',
    fields: [
      ['充电棚缺口', 'number', '个', '现有车位与需求之差'],
      ['拟选位置', 'text', '', '写明楼栋或空地名称'],
    ],
  },
  {
    title: '公益岗设置意向',
    ground: '青人社〔2026〕14号（示例）',
    purpose: '核定公益岗',
    owner: (tree.departments[7] as DemoTree['departments'][number]).id,
    kind: 'general-branch',
    frequency: 'quarter',
    state: 'submitted',
    fields: [['公益岗意向', 'number', '个', '社区可安排的岗位']],
  },
  {
    title: '楼道堆物周报',
    ground: '原口头通知',
    purpose: '已由诉求办理代替',
    owner: tree.committee.id,
    kind: 'general-branch',
    frequency: 'month',
    state: 'stopped',
    fields: [['堆物楼道', 'number', '处', '月末仍有堆物的楼道']],
  },
]

const DUE_DAY = 28

/** Registered forms in every state; those in force were asked these three months, the past ones answered. */
export async function plantForms({ tx, luck, tree }: { tx: WriteTx; luck: Chance; tree: DemoTree }) {
  const put = (table: Parameters<typeof insertMany>[1], rows: readonly object[]) =>
    insertMany(
      tx.db,
      table,
      rows.map((r) => ({ district_id: tx.district, ...r })),
    )
  const began = addMonths(`${tx.today.slice(0, 7)}-01`, -3)
  const forms = plans(tree).map((p) => ({ ...p, id: newId(), fields: p.fields.map((f) => ({ id: newId(), of: f })) }))
  await insertForms(tx, forms, { began, tree, put })
  const months = [2, 1, 0].map((n) => addMonths(`${tx.today.slice(0, 7)}-01`, -n))
  const targets = tree.communities.map((c) => c.org)
  const dueOn = (month: string) => addDays(month, DUE_DAY - 1)
  await put(
    'form_deadline',
    months.flatMap((month) => targets.map((unit) => ({ unit_id: unit, month, due_on: dueOn(month) }))),
  )
  const asks: Record<string, unknown>[] = []
  const answers: Record<string, unknown>[] = []
  for (const f of forms.filter((x) => x.state === 'approved'))
    for (const month of f.frequency === 'month' ? months : months.filter((m) => Number(m.slice(5, 7)) % 3 === 0))
      for (const unit of targets) {
        const id = newId()
        const past = dueOn(month) < tx.today
        // the community of the demo's secretary has this month's still to do
        const filled = past ? luck.often(0.97) : luck.often(0.3) && unit !== targets[0]
        const on = past ? addDays(dueOn(month), luck.often(0.94) ? -1 - luck.below(12) : 2) : tx.today
        const done = filled && on <= tx.today
        asks.push({
          id,
          form_id: f.id,
          period: f.frequency === 'month' ? month.slice(0, 7) : periodOf(month, 'quarter').key,
          unit_id: unit,
          month,
          due_on: dueOn(month),
          opened_on: month,
          state: done ? 'filled' : 'open',
          minutes: 3 + f.fields.reduce((n, x) => n + (x.of[1] === 'text' ? 5 : 2), 0),
          typed: f.fields.length,
          confirmed: 0,
          first_filled_on: done ? on : null,
          filled_at: done ? `${on}T02:00:00Z` : null,
          version: 1,
        })
        if (!done) continue
        for (const { id: field, of } of f.fields) {
          const many = of[2] === '天' ? 8 + luck.below(18) : 20 + luck.below(160)
          const value = of[1] === 'text' ? '东门空地' : String(many)
          answers.push({ id: newId(), ask_id: id, field_id: field, value, number: of[1] === 'text' ? null : value })
        }
      }
  await put('form_ask', asks)
  await put('form_answer', answers)
}

type Made = Omit<Planned, 'fields'> & { id: string; fields: { id: string; of: Planned['fields'][number] }[] }

async function insertForms(
  tx: WriteTx,
  forms: readonly Made[],
  more: {
    began: string
    tree: DemoTree
    put: (table: 'form' | 'form_field', rows: readonly object[]) => Promise<void>
  },
) {
  const { began, tree, put } = more
  const decided = addDays(began, -10)
  await put(
    'form',
    forms.map((f) => {
      const over = f.state === 'approved' || f.state === 'stopped'
      return {
        id: f.id,
        title: f.title,
        ground: f.ground,
        purpose: f.purpose,
        owner_id: f.owner,
        kinds: [f.kind],
        below_id: tree.committee.id,
        frequency: f.frequency,
        due_months: 0,
        due_day: DUE_DAY,
        valid_from: over ? began : tx.today,
        ends_on: addMonths(tx.today, 10),
        state: f.state,
        submitted_at: f.state === 'draft' ? null : `${decided}T01:00:00Z`,
        decided_at: over ? `${decided}T03:00:00Z` : null,
        decided_on: over ? decided : null,
        decision_reason: over ? '依据充分，同意' : null,
        stopped_on: f.state === 'stopped' ? addDays(tx.today, -20) : null,
        stop_reason: f.state === 'stopped' ? '改由诉求记录得出，不再填报' : null,
        version: 1,
      }
    }),
  )
  await put(
    'form_field',
    forms.flatMap((f) =>
      f.fields.map(({ id, of: [label, type, measured, definition] }, i) => ({
        id,
        form_id: f.id,
        seq: i + 1,
        label,
        term: label,
        definition,
        type,
        measured,
        required: true,
        choices: [],
        differs: '',
      })),
    ),
  )
}
