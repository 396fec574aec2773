// A document of ours, number by number, as a person reads it.
import type { Verified } from '#modules/reports/contract.ts'
import { table } from '../table.ts'

const VERDICTS: Record<Verified['entries'][number]['verdict'], string> = {
  unchanged: '相符',
  restated: '记录已变',
  edited: '手工改动',
  missing: '已删去',
  gone: '已无此数',
}

const columns = [
  { key: 'n', title: '序号' },
  { key: 'name', title: '指标', most: 30 },
  { key: 'printed', title: '付印' },
  { key: 'found', title: '文中' },
  { key: 'now', title: '现在' },
  { key: 'verdict', title: '判断' },
]

export function renderVerified(json: unknown): string {
  const { document, entries, loose, counts, pictures } = json as Verified
  const rows = entries.map((e) => ({ ...e, found: e.found ?? '—', now: e.now ?? '—', verdict: VERDICTS[e.verdict] }))
  const sums = Object.entries(VERDICTS).map(([v, word]) => `${word} ${counts[v as keyof typeof counts]}`)
  const typed = loose.length > 0 ? `\n另有 ${loose.length} 个数没有记录可据：${loose.join('、')}` : ''
  const drawn = pictures.filter((p) => p.verdict === 'changed').map((p) => p.title)
  const changed = drawn.length > 0 ? `\n图已不是付印时的图：${drawn.join('、')}` : ''
  return `${document.title}（${document.unit.name}，${document.period.key}，截至 ${document.asOf}）\n${table(rows, columns)}\n${sums.join('，')}${typed}${changed}`
}
