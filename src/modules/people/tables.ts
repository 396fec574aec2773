// Lists of persons as tables for spreadsheets; numbers and telephones stay masked, as on the screen.
import type { z } from 'zod'
import type { Column, OutValue, Table } from '#core/table.ts'
import { type PersonList, type PostList, type RegistrationList, talentForms, type TalentList } from './contract.ts'

/** No unit was named: all that the asker may see. */
const EVERYWHERE = '00000000-0000-7000-8000-000000000000'

const columnsOf = (...columns: [header: string, width: number][]): Column[] =>
  columns.map(([header, width]) => ({ header, width }))

const sexes: Readonly<Record<string, string>> = { '0': '未知', '1': '男', '2': '女', '9': '未说明' }
export const memberStatuses: Readonly<Record<string, string>> = {
  full: '正式党员',
  probationary: '预备党员',
  none: '非党员',
}
export const registrationStates: Readonly<Record<string, string>> = {
  reported: '待签收',
  confirmed: '已报到',
  ended: '已结束',
}

export const personsTable = ({ rows, total }: z.infer<typeof PersonList>): Table => ({
  title: '人员名册',
  mark: `共 ${total} 人`,
  columns: columnsOf(
    ['序号', 6],
    ['姓名', 12],
    ['性别', 6],
    ['出生日期', 12],
    ['政治面貌', 14],
    ['党员类别', 12],
    ['所在组织', 28],
    ['入党时间', 12],
    ['身份证号', 22],
    ['手机', 16],
    ['报到社区', 20],
    ['建档单位', 28],
  ),
  rows: rows.map((p, i): OutValue[] => [
    i + 1,
    p.name,
    sexes[p.sex] ?? '',
    p.born,
    p.politicsName,
    p.status ? (memberStatuses[p.status] ?? '') : '',
    p.branch,
    p.joined,
    p.idNumber,
    p.phone,
    p.registeredAt,
    p.home?.name ?? null,
  ]),
})

export const registrationsTable = ({ rows, total }: z.infer<typeof RegistrationList>): Table => ({
  title: '报到名单',
  mark: `共 ${total} 条`,
  columns: columnsOf(
    ['序号', 6],
    ['姓名', 12],
    ['报到社区', 20],
    ['所在单位', 28],
    ['特长', 24],
    ['状态', 10],
    ['报到日期', 12],
    ['签收日期', 12],
    ['结束日期', 12],
  ),
  rows: rows.map((r, i): OutValue[] => [
    i + 1,
    r.personName,
    r.placeName,
    r.organ,
    r.skills.join('、'),
    registrationStates[r.state] ?? '',
    r.reportedOn,
    r.confirmedOn,
    r.endedOn,
  ]),
})

export const talentsTable = ({ rows, total }: z.infer<typeof TalentList>): Table => ({
  title: '人才名册',
  mark: `共 ${total} 条`,
  columns: columnsOf(
    ['序号', 6],
    ['姓名或名称', 18],
    ['形式', 8],
    ['机制', 28],
    ['进展', 12],
    ['自哪天', 12],
    ['层次', 16],
    ['领域', 16],
    ['路径', 16],
    ['渠道', 16],
    ['用人（管理）单位', 28],
    ['目标年度', 10],
  ),
  rows: rows.map((t, i): OutValue[] => [
    i + 1,
    t.name,
    talentForms[t.form],
    t.names.mechanism,
    t.withdrawn ? '已撤回同意' : t.names.state,
    t.steps.at(-1)?.on ?? null,
    t.names.level,
    t.names.field,
    t.names.route,
    t.names.channel,
    t.holderName,
    t.targetYear,
  ]),
})

export const postsTable = ({ rows, total }: z.infer<typeof PostList>): Table => ({
  title: '职务名册',
  mark: `共 ${total} 条`,
  columns: columnsOf(['序号', 6], ['姓名', 12], ['单位', 28], ['职务', 20], ['任职日期', 12], ['免职日期', 12]),
  rows: rows.map((p, i): OutValue[] => [i + 1, p.personName, p.unitName, p.title, p.from, p.to]),
})

/** What the history says when a list is carried away: of which unit, and how many. */
export const carriedAway = (unit: string | undefined, rows: number) => ({
  subject: { kind: 'list', id: unit ?? EVERYWHERE },
  path: '',
  change: { rows, ...(unit ? { unit } : {}) },
})
