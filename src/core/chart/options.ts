// What a chart looks like, made once from plain numbers: the same options draw it on screen (SVG in the browser) and in a document
// (SVG in Node). Nothing in it is told by colour alone, and beside every chart stands its table.
import type { EChartsCoreOption } from 'echarts/core'

export const chartForms = ['line', 'bar', 'share'] as const
export type ChartForm = (typeof chartForms)[number]

export interface Chart {
  form: ChartForm
  /** what the values are counted in; one for all series */
  classifier: string
  /** the categories are periods, in their order */
  timed: boolean
  categories: readonly string[]
  series: readonly { name: string; values: readonly (number | null)[] }[]
}

/** More categories than a reader tells apart: the table alone says it better. */
export const MOST_CATEGORIES = 40
export const MOST_SERIES = 4

const INK = '#1d2329'
const QUIET = '#59626e'
const LINE = '#d9dde3'
/** Told apart by lightness on paper as well, and by pattern, dash and symbol. */
const SHADES = ['#2f4a66', '#8a9bae', '#c3ccd6', '#5b6b5f']
const DASHES = ['solid', 'dashed', 'dotted', [8, 3, 2, 3]] as const
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond']
const FONTS = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif"

const ROW = 24
const HEAD = 44

/** Why these numbers make no such chart, in words for the writer; null where they do. */
export function whyNoChart({ form, timed, categories, series }: Chart, whole: readonly (number | null)[]) {
  if (categories.length === 0) return '没有可画的内容'
  if (categories.length > MOST_CATEGORIES) return `项目超过 ${MOST_CATEGORIES} 个，图上分不清，请只用表`
  if (series.length > MOST_SERIES) return `一张图最多并列 ${MOST_SERIES} 个指标`
  if (form === 'line' && !timed) return '折线只用于按月、季、年的序列'
  if (form !== 'share') return null
  if (timed || series.length !== 1) return '构成图只画一个指标在各部分的分布'
  const values = series[0]?.values ?? []
  const sum = values.reduce<number>((a, v) => a + (v ?? 0), 0)
  if (values.some((v) => v === null) || sum === 0 || sum !== whole[0])
    return '各部分相加不等于总数（同一人可能算在几处，或有数不显示），不能画构成'
  return null
}

const shown = (value: number, classifier: string) =>
  classifier === '%'
    ? `${value.toFixed(1)}%`
    : value.toLocaleString('zh-CN', { maximumFractionDigits: Number.isInteger(value) ? 0 : 1 })

/** `2026年3月` … of one year are months; the year stands in the title of what is around. */
function short(categories: readonly string[], timed: boolean): readonly string[] {
  const year = /^\d{4}年(?=.)/.exec(categories[0] ?? '')?.[0]
  if (!timed || !year || !categories.every((c) => c.startsWith(year) && c.length > year.length)) return categories
  return categories.map((c) => c.slice(year.length))
}

/** Has the month, quarter or year of this key begun on that day? What has not is no zero. */
export function hasBegun(key: string, day: string): boolean {
  const [year = '', part] = key.split('-')
  const month = !part ? '01' : part.startsWith('Q') ? String(Number(part[1]) * 3 - 2).padStart(2, '0') : part
  return `${year}-${month}` <= day.slice(0, 7)
}

const isAcross = ({ form, timed }: Chart) => form === 'share' || (form === 'bar' && !timed)

/** Height that gives every bar its line. */
export const chartHeight = (chart: Chart): number =>
  isAcross(chart)
    ? HEAD + 16 + chart.categories.length * (chart.series.length > 1 ? ROW + 10 * chart.series.length : ROW + 4)
    : 280

function axes(chart: Chart) {
  const text = { color: INK, fontSize: 12 }
  const category = {
    type: 'category' as const,
    data: short(chart.categories, chart.timed),
    axisLabel: { ...text, interval: chart.categories.length > 18 ? 'auto' : 0, width: 150, overflow: 'break' },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: QUIET } },
  }
  const value = {
    type: 'value' as const,
    min: 0,
    minInterval: chart.classifier === '%' ? 0 : 1,
    axisLabel: { color: QUIET, fontSize: 12 },
    splitLine: { lineStyle: { color: LINE } },
  }
  return isAcross(chart) ? { xAxis: value, yAxis: { ...category, inverse: true } } : { xAxis: category, yAxis: value }
}

function seriesOf(chart: Chart) {
  const { form, series, classifier, categories } = chart
  const label = series.length === 1 || (isAcross(chart) && categories.length <= 12) || categories.length <= 6
  const total = series[0]?.values.reduce<number>((a, v) => a + (v ?? 0), 0) ?? 0
  const said = ({ value }: { value?: unknown }) => {
    if (typeof value !== 'number') return ''
    const part = form === 'share' && total > 0 ? `　${((100 * value) / total).toFixed(1)}%` : ''
    return `${shown(value, classifier)}${part}`
  }
  return series.map(({ name, values }, at) => ({
    name,
    type: form === 'line' ? ('line' as const) : ('bar' as const),
    data: [...values],
    silent: true,
    barMaxWidth: 22,
    symbol: SYMBOLS[at] ?? 'circle',
    symbolSize: 6,
    lineStyle: { width: 2, type: DASHES[at] ?? 'solid' },
    itemStyle: { color: SHADES[at] ?? QUIET, borderColor: INK, borderWidth: form === 'line' || at === 0 ? 0 : 0.5 },
    label: {
      show: label,
      position: isAcross(chart) ? ('right' as const) : ('top' as const),
      color: INK,
      fontSize: 12,
      formatter: said,
    },
    labelLayout: { hideOverlap: true },
  }))
}

export function chartOptions(chart: Chart): EChartsCoreOption {
  const many = chart.series.length > 1
  return {
    animation: false,
    textStyle: { fontFamily: FONTS, color: INK },
    aria: { enabled: true, label: { enabled: false }, decal: { show: many && chart.form !== 'line' } },
    legend: {
      show: many,
      top: 0,
      left: 0,
      itemWidth: 28,
      itemHeight: 12,
      selectedMode: false,
      textStyle: { color: INK },
    },
    title: {
      show: true,
      text: `单位：${chart.classifier}`,
      right: 0,
      top: 2,
      textStyle: { fontSize: 12, fontWeight: 'normal', color: QUIET },
    },
    grid: { left: 4, right: chart.form === 'share' ? 92 : 56, top: HEAD, bottom: 8, outerBoundsMode: 'same' },
    ...axes(chart),
    series: seriesOf(chart),
  }
}

/** What a reader who does not see the picture is told; the numbers themselves stand in the table. */
export function chartWords({ form, categories, series }: Chart, title: string): string {
  const kind = { line: '折线图', bar: '柱形图', share: '构成图' }[form]
  return `${kind}：${title}，${categories.length} 项${series.length > 1 ? `，并列${series.map((s) => s.name).join('、')}` : ''}。数字见表。`
}
