// What appeared elsewhere, as a table for spreadsheets.
import type { z } from 'zod'
import type { Table } from '#core/table.ts'
import type { CoverageList } from './contract.ts'

export const coverageTable = ({ rows, total }: z.infer<typeof CoverageList>): Table => ({
  title: '宣传刊播',
  mark: `共 ${total} 条`,
  columns: [
    { header: '日期' },
    { header: '题目', width: 50 },
    { header: '媒体', width: 24 },
    { header: '形式' },
    { header: '级别' },
    { header: '单位', width: 24 },
    { header: '网址', width: 40 },
    { header: '状态' },
    { header: '编号', width: 38 },
  ],
  rows: rows.map((c) => [
    c.on,
    c.title,
    c.outlet,
    c.form,
    c.level,
    c.unit.name,
    c.link,
    c.withdrawn ? '已撤回' : '在册',
    c.id,
  ]),
})
