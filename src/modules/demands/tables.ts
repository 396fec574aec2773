// Who claimed a task, as a table for spreadsheets.
import type { z } from 'zod'
import { dayOf, timeOf } from '#core/calendar.ts'
import type { OutValue, Table } from '#core/table.ts'
import { type ClaimList, claimStateNames } from './contract.ts'

const moment = (at: string | null) => (at ? `${dayOf(at)} ${timeOf(at)}` : null)

export const claimsTable = ({ rows, total }: z.infer<typeof ClaimList>): Table => ({
  title: '认领名单',
  mark: `共 ${total} 条`,
  columns: [
    ['序号', 6] as const,
    ['认领人', 18] as const,
    ['任务', 28] as const,
    ['状态', 10] as const,
    ['认领时间', 18] as const,
    ['代为认领', 14] as const,
    ['到场', 18] as const,
    ['确认时间', 18] as const,
    ['服务（分钟）', 12] as const,
  ].map(([header, width]) => ({ header, width })),
  rows: rows.map((c, i): OutValue[] => [
    i + 1,
    c.personName,
    c.taskTitle,
    c.place ? `候补第 ${c.place} 位` : claimStateNames[c.state],
    moment(c.claimedAt),
    c.claimedBy,
    moment(c.arrivedAt),
    moment(c.acceptedAt),
    c.minutes,
  ]),
})
