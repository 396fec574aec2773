// Answers of this module as tables for spreadsheets: numbers stay numbers, what is not shown says so.
import type { z } from 'zod'
import type { Column, OutValue, Table } from '#core/table.ts'
import type {
  Balance,
  EditionList,
  EditionPage,
  EditionRestatements,
  Evidence,
  Figures,
  MeasureList,
  Restatement,
} from './contract.ts'

type Number_ = { value: number | null; suppressed: boolean }
const shown = (n: Number_ | null | undefined): OutValue => (n?.suppressed ? '不显示' : (n?.value ?? null))

const columnsOf = (...columns: (string | [header: string, width: number])[]): Column[] =>
  columns.map((c) => (typeof c === 'string' ? { header: c } : { header: c[0], width: c[1] }))

const spanOf = ({ from, to }: { from: string; to: string }) => (from === to ? from : `${from} 至 ${to}`)

interface About {
  unit: { name: string }
  period: { from: string; to: string }
  asOf: string
}
/** Of which unit and time a list is, and what was searched in it. */
export const scopeOf = ({ unit, period }: Omit<About, 'asOf'>, search?: string) =>
  [unit.name, spanOf(period), ...(search ? [`查找“${search}”`] : [])].join('；')
const markOf = ({ unit, period, asOf }: About) => `${scopeOf({ unit, period })}；截至 ${asOf}`

const named = ({ measure }: { measure: { name: string; classifier: string } }) =>
  `${measure.name}（${measure.classifier}）`

/** Whole numbers: a line for each measure. */
function wholes({ figures, comparedWith }: Figures): Pick<Table, 'columns' | 'rows'> {
  const other = comparedWith ? [`对比期（${spanOf(comparedWith)}）`, '变化'] : []
  return {
    columns: columnsOf(
      ['指标', 26],
      '数值',
      ['单位', 8],
      '分子',
      '分母',
      ...other,
      ['口径', 60],
      ['编号', 28],
      ['版本', 6],
    ),
    rows: figures.map((f) => [
      f.measure.name,
      shown(f),
      f.measure.classifier,
      f.numerator,
      f.denominator,
      ...(comparedWith ? [shown(f.before), f.change] : []),
      f.measure.definition,
      f.measure.id,
      f.measure.version,
    ]),
  }
}

/** A breakdown or series: a line for each row, measures side by side. */
function parts({ figures, comparedWith }: Figures): Pick<Table, 'columns' | 'rows'> {
  const keys = new Map(figures.flatMap((f) => f.rows.map((r) => [r.key, r.name] as const)))
  const cells = figures.map((f) => new Map(f.rows.map((r) => [r.key, r])))
  const beside = comparedWith ? ['对比期', '变化'] : []
  return {
    columns: columnsOf(['分列', 26], ...figures.flatMap((f) => [[named(f), 18] as [string, number], ...beside])),
    rows: [...keys].map(([key, name]) => [
      name,
      ...cells.flatMap((at) => {
        const cell = at.get(key)
        return [shown(cell), ...(comparedWith ? [shown(cell?.before), cell?.change ?? null] : [])]
      }),
    ]),
  }
}

export function figuresTable(answer: Figures, by: string | undefined): Table {
  const [first, ...more] = answer.figures
  const title = first && more.length === 0 ? first.measure.name : '数字'
  return { title: `${title}-${answer.period.key}`, mark: markOf(answer), ...(by ? parts(answer) : wholes(answer)) }
}

export const balanceTable = (b: Balance): Table => ({
  title: `${b.measure.name}-增减平衡-${b.period.key}`,
  mark: markOf(b),
  columns: columnsOf(['项目', 14], ['原因', 30], '数值'),
  rows: [
    ['期初', '', b.opening ?? '不显示'],
    ['增加', '合计', b.in ?? '不显示'],
    ...b.increases.map((c) => ['增加', c.name, c.value ?? '不显示']),
    ['减少', '合计', b.out ?? '不显示'],
    ...b.decreases.map((c) => ['减少', c.name, c.value ?? '不显示']),
    ['期末', '', b.closing ?? '不显示'],
    ['轧平', b.holds ? '轧平' : `未轧平，涉及 ${b.brokenTotal} 人`, b.difference],
  ],
})

export const evidenceTable = (e: Evidence): Table => ({
  title: `${e.measure.name}-记录-${e.period.key}`,
  mark: `${markOf(e)}；共 ${e.total} 条；口径：${e.measure.definition}`,
  columns: columnsOf(['序号', 6], ['记录', 40], '日期', ['单位', 24], ['数量', 8], ['编号', 38]),
  rows: e.rows.map((r, i) => [i + 1, r.label, r.day, r.unitName, r.quantity, r.record]),
})

const kinds = { flow: '期间发生', stock: '期末存量', ratio: '比率' } as const

export const measuresTable = ({ rows, total }: z.infer<typeof MeasureList>): Table => ({
  title: '指标口径',
  mark: `共 ${total} 项`,
  columns: columnsOf(
    ['指标', 26],
    ['单位', 8],
    '种类',
    ['口径', 60],
    ['计算', 40],
    ['可用说法', 24],
    ['依据', 16],
    ['编号', 28],
    ['版本', 6],
    '起用',
    '停用',
  ),
  rows: rows.map((m) => [
    m.name,
    m.classifier,
    kinds[m.kind],
    m.definition,
    m.formula,
    m.verbs.join('、'),
    m.ground,
    m.id,
    m.version,
    m.from,
    m.to,
  ]),
})

const states = { prepared: '待签署', signed: '已签署', dropped: '已作废' } as const

export const editionsTable = ({ rows, total }: z.infer<typeof EditionList>): Table => ({
  title: '统计期',
  mark: `共 ${total} 期`,
  columns: columnsOf(
    ['期号', 6],
    ['标题', 30],
    ['单位', 24],
    '状态',
    ['数字截至', 26],
    '编制',
    ['编制时间', 26],
    '签署',
    ['签署时间', 26],
    ['正文摘要', 66],
  ),
  rows: rows.map((e) => [
    e.no,
    e.title,
    e.unit.name,
    states[e.state],
    e.asOf,
    e.preparedBy,
    e.preparedAt,
    e.signedBy,
    e.signedAt,
    e.hash,
  ]),
})

/** The signed text as one long table: every figure, then its children. */
export const editionTable = ({ title, no, body }: EditionPage): Table => ({
  title: `${title}（第${no}期）`,
  mark: markOf(body),
  columns: columnsOf(['指标', 26], ['单位', 24], '数值', ['计量', 8], '分子', '分母', ['编号', 28], ['版本', 6]),
  rows: body.figures.flatMap((f) =>
    [{ name: body.unit.name, ...f }, ...f.rows].map((r) => [
      f.measure.name,
      r.name,
      shown(r),
      f.measure.classifier,
      r.numerator,
      r.denominator,
      f.measure.id,
      f.measure.version,
    ]),
  ),
})

export const restatementsTable = ({ edition, checkedAt, figures }: EditionRestatements): Table => ({
  title: `${edition.title}（第${edition.no}期）-其后变动`,
  mark: `${edition.unit.name}；核对于 ${checkedAt}`,
  columns: columnsOf(['指标', 26], ['计量', 8], '签署时', '现在', '有无变动', ['编号', 28], ['版本', 6]),
  rows: figures.map((f) => [
    f.measure.name,
    f.measure.classifier,
    f.signed,
    f.now,
    f.restated ? '有变动' : '无变动',
    f.measure.id,
    f.measure.version,
  ]),
})

export const restatementTable = ({ measure, signed, now, difference, total, rows }: Restatement): Table => ({
  title: `${measure.name}-更正清单`,
  mark: `签署时 ${signed ?? '—'}，现在 ${now ?? '—'}，相差 ${difference}；共 ${total} 条，逐条相加等于差数`,
  columns: columnsOf(
    ['序号', 6],
    ['记录', 40],
    '日期',
    ['单位', 24],
    ['原计', 8],
    ['现计', 8],
    ['事项', 24],
    '经办',
    ['时间', 26],
    ['原由', 30],
    ['编号', 38],
  ),
  rows: rows.map((r, i) => [
    i + 1,
    r.label,
    r.day,
    r.unitName,
    r.before,
    r.after,
    r.why?.action ?? '时间推移或组织树变动',
    r.why?.actor ?? null,
    r.why?.at ?? null,
    r.why?.reason ?? null,
    r.record,
  ]),
})
