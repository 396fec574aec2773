// 数据清单: what stands behind every number of a document. Cells of tables stand in their tables.
import { dayOf, timeOf } from '#core/calendar.ts'
import type { Manifest } from '../contract.ts'

export const LIST_HEAD = ['序号', '指标', '付印', '记录数', '口径'] as const

/** `2026年11月22日 23:18`, Asia/Shanghai. */
function inWords(instant: string): string {
  const [year, month, date] = dayOf(instant).split('-').map(Number)
  return `${year}年${month}月${date}日 ${timeOf(instant)}`
}

export const listRows = ({ entries }: Manifest): string[][] =>
  entries
    .filter((e) => e.by === null)
    .map((e) => {
      const digest = e.evidence.slice(0, 16) || '—'
      return [
        String(e.n),
        e.name,
        e.printed,
        String(e.value),
        `${e.definition}（${e.measure} 第${e.version}版；依据摘要 ${digest}）`,
      ]
    })

/** Of what, when and as of when all of it was counted. */
export const listGround = ({ id, unit, period, tree, asOf }: Manifest): string =>
  `${unit.name}，${period.from} 至 ${period.to}，${tree === 'today' ? '按今天的组织树' : '按当时的组织树'}，截至 ${inWords(asOf)}。文档编号 ${id}。`
