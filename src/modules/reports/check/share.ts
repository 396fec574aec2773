// A number without a unit of its own, or without the cadence it is owed by, shares its neighbour's.
import type { Figure } from './judge.ts'
import { scanNumerals } from './numerals.ts'
import { type Page, sentenceAt } from './page.ts'
import type { Draft } from './reading.ts'

export interface Found {
  figures: Figure[]
  ignored: Draft['ignored']
}

const RANGE = /^(?:[、，,]|[至到~～—–-]{1,2})$/
/** 从3.2万增加到5.6万人 */
const ROSE = /^(?:增加|增长|提高|提升|上升|扩大|发展|减少|下降|降低|压缩|缩减|增|升|降|减)[到至为]$/
/** 96%和94.5%, 转入291、转出217） */
const STANDS = /[、）)，。；,;和及至到~～—–增提上扩发减下降压缩升-]/

const scaleOf = (text: string) => (/亿/.test(text) ? 1e8 : /万/.test(text) ? 1e4 : 1)

/** 5—10万元: both are in 万. */
function valueOf(page: Page, one: Draft['ignored'][number], lender: Figure): number | null {
  const value = scanNumerals(page.text.slice(one.start, one.end))[0]?.value ?? null
  const between = page.text.slice(one.end, lender.start)
  if (value === null || !/^[至到~～—–-]{1,2}$/.test(between)) return value
  const scale = scaleOf(page.text.slice(lender.start, lender.end))
  return value < scale && scaleOf(page.text.slice(one.start, one.end)) === 1 ? value * scale : value
}

/** The figure whose unit a number without one is counted in. */
function lenderOf(page: Page, i: Draft['ignored'][number], figures: readonly Figure[]): Figure | undefined {
  const next = figures.findIndex((f) => f.start >= i.end)
  const after = figures[next]
  const between = after ? page.text.slice(i.end, after.start) : ''
  if (after && (RANGE.test(between) || ROSE.test(between))) return after
  const sentence = sentenceAt(page, i)
  if (!/[（(][^）)]*$/.test(page.text.slice(sentence.start, i.start))) return undefined
  const before = (next < 0 ? figures : figures.slice(0, next)).findLast((f) => f.kind === 'count')
  return before && before.start >= sentence.start ? before : undefined
}

function lend(page: Page, found: Found) {
  found.figures.sort((a, b) => a.start - b.start)
  const lent = new Set<unknown>()
  for (const i of found.ignored) {
    if (!i.why.startsWith('没有计量单位') || !STANDS.test(page.text.slice(i.end, i.end + 1))) continue
    const lender = lenderOf(page, i, found.figures)
    // 三至五户; of numerals nothing but a range is lent to.
    if (!lender || (!i.why.includes('，') && !/^[至到]$/.test(page.text.slice(i.end, lender.start)))) continue
    lent.add(i)
    const plain = { bound: 'exact-as-printed', sense: 'exact', remainder: '' } as const
    found.figures.push({
      ...lender,
      ...plain,
      start: i.start,
      end: i.end,
      tail: i.end,
      value: valueOf(page, i, lender),
    })
    found.figures.sort((a, b) => a.start - b.start)
  }
  found.ignored = found.ignored.filter((i) => !lent.has(i))
}

/** 每月3000元、1500元; 每年3万元提高到6万元. */
const RISES = /^(?:、|\p{Script=Han}{0,3}[到至为])$/u
const NORMS = new Set(['次', '天', '小时', '学时', '课时', '期', '节', '场', '篇'])
/** 每年体检1次、疗养15天: small as a rule is, not what came of it. */
const isNorm = (f: Figure) => (f.value ?? 0) <= 31 && NORMS.has(f.unit)

/** 508人次（转入291、转出217）, 96%和94.5%, 每月3000元、1500元. */
export function share(page: Page, found: Found) {
  lend(page, found)
  for (const [at, f] of found.figures.entries()) {
    const before = found.figures[at - 1]
    if (before?.kind !== 'cadence' || !['count', 'duration'].includes(f.kind)) continue
    const [unit, per] = before.unit.split('/') as [string, string]
    const between = page.text.slice(before.tail, f.start)
    if (f.unit === unit ? RISES.test(between) : isNorm(f) && /^、[^，。；、：]{1,6}$/.test(between))
      Object.assign(f, { unit: `${f.unit}/${per}`, kind: 'cadence' })
  }
}
