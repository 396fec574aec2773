// What the district publishes, in SDMX's own terms and still in no format: dataflows, one data structure, code lists, concepts.
import type { Tx } from '#core/context.ts'
import { fieldNames, type MeasureInfo } from '#modules/figures/contract.ts'
import { offeredIn } from '#modules/figures/index.ts'
import { findSeen, type SeenUnit } from '#modules/units/index.ts'
import { areaOf, flowOf, indicatorOf } from './rules/codes.ts'
import type { KeyDimension } from './rules/key.ts'

export interface Item {
  id: string
  name: string
  description?: string
  parent?: string
}

export interface Codelist {
  id: string
  name: string
  codes: readonly Item[]
  /** not everything there is: only what the asker may see */
  partial?: boolean
}

export interface Offered {
  indicator: string
  flow: string
  measure: MeasureInfo
  tree: 'place' | 'org'
}

export interface Area extends SeenUnit {
  area: string
}

/** Everything a question needs to know before it reads a number. */
export interface Published {
  sender: { id: string; name: string }
  flows: readonly Item[]
  offered: readonly Offered[]
  areas: readonly Area[]
}

export async function publishedIn(tx: Tx, sender: Published['sender']): Promise<Published> {
  const offered = (await offeredIn(tx)).map(({ measure, tree }) => ({
    indicator: indicatorOf(measure.id),
    flow: flowOf(measure.id),
    measure,
    tree,
  }))
  const ids = [...new Set(offered.map((o) => o.flow))]
  return {
    sender,
    offered,
    flows: ids.map((id) => ({ id, name: fieldNames[id.toLowerCase()] ?? id })),
    areas: (await findSeen(tx, 'figure.read')).map((u) => ({ ...u, area: areaOf(u.path) })),
  }
}

export interface Component {
  id: string
  name: string
  codelist?: string
  type?: 'String' | 'Double' | 'ObservationalTimePeriod'
}

export const dimensions: readonly (Component & { id: KeyDimension })[] = [
  { id: 'FREQ', name: '频度', codelist: 'CL_FREQ' },
  { id: 'REF_AREA', name: '单位', codelist: 'CL_AREA' },
  { id: 'INDICATOR', name: '指标', codelist: 'CL_INDICATOR' },
]
export const timeDimension: Component = { id: 'TIME_PERIOD', name: '时期', type: 'ObservationalTimePeriod' }
export const measureComponent: Component = { id: 'OBS_VALUE', name: '数值', type: 'Double' }
export const seriesAttributes: readonly Component[] = [{ id: 'UNIT_MEASURE', name: '计量单位', type: 'String' }]
export const obsAttributes: readonly Component[] = [
  { id: 'OBS_STATUS', name: '数据状态', codelist: 'CL_OBS_STATUS' },
  { id: 'CONF_STATUS', name: '保密状态', codelist: 'CL_CONF_STATUS' },
  { id: 'NUMERATOR', name: '分子', type: 'Double' },
  { id: 'DENOMINATOR', name: '分母', type: 'Double' },
]
export const concepts: readonly Component[] = [
  ...dimensions,
  timeDimension,
  measureComponent,
  ...seriesAttributes,
  ...obsAttributes,
]

export const statuses: readonly Item[] = [
  { id: 'A', name: '正常' },
  { id: 'P', name: '暂计（时期未满）' },
  { id: 'O', name: '没有数（如比率的分母为零）' },
  { id: 'Q', name: '不显示（人数不足，或能推出不足的数）' },
]
export const confidences: readonly Item[] = [
  { id: 'F', name: '可以公开' },
  { id: 'C', name: '保密' },
]
export const frequencyItems: readonly Item[] = [
  { id: 'A', name: '年' },
  { id: 'Q', name: '季' },
  { id: 'M', name: '月' },
]

export const areaItems = (areas: readonly Area[]): Item[] => {
  const seen = new Map(areas.map((a) => [a.id, a.area]))
  return areas.map((a) => {
    const parent = a.parentId ? seen.get(a.parentId) : undefined
    return { id: a.area, name: a.name, ...(parent ? { parent } : {}) }
  })
}

export const indicatorItems = (offered: readonly Offered[]): Item[] =>
  offered.map((o) => ({ id: o.indicator, name: o.measure.name, description: o.measure.definition }))

export const codelistsOf = ({ areas, offered }: Published): Codelist[] => [
  { id: 'CL_FREQ', name: '频度', codes: frequencyItems },
  { id: 'CL_AREA', name: '单位', codes: areaItems(areas), partial: true },
  { id: 'CL_INDICATOR', name: '指标', codes: indicatorItems(offered) },
  { id: 'CL_OBS_STATUS', name: '数据状态', codes: statuses },
  { id: 'CL_CONF_STATUS', name: '保密状态', codes: confidences },
]
