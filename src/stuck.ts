// What is stuck, gathered from the lists of those who know it: each link opens the list its rows are from. No person is named here; the
// page hangs on a wall.
import * as demands from '#modules/demands/index.ts'
import * as feedback from '#modules/feedback/index.ts'
import * as figures from '#modules/figures/index.ts'
import * as forms from '#modules/forms/index.ts'
import type { StuckSource } from '#modules/overview/index.ts'
import * as people from '#modules/people/index.ts'
import * as reports from '#modules/reports/index.ts'
import * as units from '#modules/units/index.ts'

type DemandQuery = Parameters<typeof demands.listDemands>[1]
type DemandRow = Awaited<ReturnType<typeof demands.listDemands>>['rows'][number]

const ofDemands = (
  { query, ...source }: Pick<StuckSource, 'id' | 'name' | 'from'> & { query: DemandQuery },
  since: (d: DemandRow) => string,
): StuckSource => ({
  ...source,
  verb: 'demand.read',
  link: `/demands?${new URLSearchParams(query as Record<string, string>)}`,
  list: async (ctx, asked) => {
    const { total, rows } = await demands.listDemands(ctx, { ...query, ...asked })
    return {
      total,
      rows: rows.map((d) => ({
        id: d.id,
        title: d.title,
        unitName: d.ownerName ?? d.placeName,
        since: since(d),
        link: `/demands/${d.id}`,
      })),
    }
  },
})

const dueOf = (d: DemandRow) => d.dueAt ?? d.openedAt
const openedOf = (d: DemandRow) => d.openedAt

const tasks: StuckSource = {
  id: 'task-acceptance',
  name: '服务待确认',
  from: '任务结束',
  verb: 'task.read',
  link: '/tasks?waits=acceptance',
  list: async (ctx, asked) => {
    const { total, rows } = await demands.listTasks(ctx, { waits: 'acceptance', ...asked })
    const row = (t: (typeof rows)[number]) => ({ id: t.id, title: t.title, unitName: t.placeName, since: t.endsAt })
    return { total, rows: rows.map((t) => ({ ...row(t), link: `/tasks?task=${t.id}` })) }
  },
}

const registrations: StuckSource = {
  id: 'registration',
  name: '报到待签收',
  from: '报到',
  verb: 'person.read',
  link: '/registrations?state=reported',
  list: async (ctx, asked) => {
    const { total, rows } = await people.listRegistrations(ctx, { state: 'reported', ...asked })
    const row = (r: (typeof rows)[number]) => ({
      id: r.id,
      title: `${r.organ || '外单位'}党员报到`,
      since: r.reportedOn,
    })
    return {
      total,
      rows: rows.map((r) => ({ ...row(r), unitName: r.placeName, link: '/registrations?state=reported' })),
    }
  },
}

const asks: StuckSource = {
  id: 'form-late',
  name: '填报逾期',
  from: '填报截止',
  verb: 'form.read',
  link: '/burden',
  list: async (ctx, asked) => {
    const { total, rows } = await forms.listAsks(ctx, { late: true, ...asked })
    const row = (k: (typeof rows)[number]) => ({ id: k.id, title: k.title, unitName: k.unitName, since: k.dueOn })
    return { total, rows: rows.map((k) => ({ ...row(k), link: `/asks/${k.id}` })) }
  },
}

const complaints: StuckSource = {
  id: 'feedback',
  name: '投诉建议待回复',
  from: '收到',
  verb: 'feedback.read',
  link: '/feedback?state=waiting',
  list: async (ctx, { limit }) => {
    const { total, rows } = await feedback.listFeedback(ctx, { state: 'waiting', limit })
    const row = (f: (typeof rows)[number]) => ({
      id: f.id,
      title: `对“${f.functionName}”的意见`,
      unitName: '',
      since: f.receivedAt,
    })
    return { total, rows: rows.map((f) => ({ ...row(f), link: `/feedback/${f.id}` })) }
  },
}

const editions: StuckSource = {
  id: 'edition',
  name: '统计期待签署',
  from: '编制',
  verb: 'figure.read',
  link: '/editions?state=prepared',
  list: async (ctx, { limit }) => {
    const { total, rows } = await figures.listEditions(ctx, { state: 'prepared', limit })
    const row = (e: (typeof rows)[number]) => ({ id: e.id, title: e.title, unitName: e.unit.name, since: e.preparedAt })
    return { total, rows: rows.map((e) => ({ ...row(e), link: `/editions/${e.id}` })) }
  },
}

const manuscripts = (state: 'checked' | 'reviewed', name: string, from: string): StuckSource => ({
  id: `manuscript-${state}`,
  name,
  from,
  verb: 'report.read',
  link: `/reports?state=${state}`,
  list: async (ctx, { limit }) => {
    const { total, rows } = await reports.listManuscripts(ctx, { state, limit })
    const row = (m: (typeof rows)[number]) => ({ id: m.id, title: m.title, unitName: m.unit.name, since: m.changedAt })
    return { total, rows: rows.map((m) => ({ ...row(m), link: `/reports/${m.id}` })) }
  },
})

/** BR-12 */
const terms: StuckSource = {
  id: 'term-past',
  name: '届满未换届',
  from: '届满',
  verb: 'unit.read',
  link: '/terms?light=past',
  list: async (ctx, asked) => {
    const { total, rows } = await units.listTerms(ctx, { light: 'past', sort: 'due', ...asked })
    const row = (t: (typeof rows)[number]) => ({
      id: t.id,
      title: `${t.unitName}第${t.term?.no}届`,
      unitName: t.parentName ?? '',
      since: t.term?.dueOn ?? '',
    })
    return { total, rows: rows.map((t) => ({ ...row(t), link: `/terms?term=${t.id}` })) }
  },
}

const shifts: StuckSource = {
  id: 'term-shift',
  name: '换届改期待批复',
  from: '申请',
  verb: 'unit.read',
  link: '/terms?view=shifts&state=asked',
  list: async (ctx, asked) => {
    const { total, rows } = await units.listShifts(ctx, { state: 'asked', sort: 'asked', ...asked })
    const row = (s: (typeof rows)[number]) => ({
      id: s.id,
      title: `${s.unitName}第${s.no}届${s.toDay > s.fromDay ? '延期' : '提前'}`,
      unitName: s.unitName,
      since: s.askedAt,
    })
    return { total, rows: rows.map((s) => ({ ...row(s), link: `/terms?term=${s.unitId}` })) }
  },
}

export const stuck: readonly StuckSource[] = [
  ofDemands({ id: 'overdue', name: '诉求逾期', from: '时限', query: { late: 'true', sort: 'due' } }, dueOf),
  ofDemands({ id: 'call-back', name: '待回访', from: '提出', query: { waits: 'call-back', sort: 'opened' } }, openedOf),
  ofDemands(
    { id: 'dispute', name: '派单异议待审', from: '提出', query: { state: 'disputed', sort: 'opened' } },
    openedOf,
  ),
  ofDemands(
    { id: 'exclusion', name: '剔除待审', from: '提出', query: { waits: 'exclusion', sort: 'opened' } },
    openedOf,
  ),
  tasks,
  registrations,
  terms,
  shifts,
  asks,
  complaints,
  editions,
  manuscripts('checked', '稿件待审核', '核数'),
  manuscripts('reviewed', '稿件待签发', '审核'),
]
