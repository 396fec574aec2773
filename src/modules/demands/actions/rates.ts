// The three rates of a unit and a period, by child unit or category, in bands; nobody is put in an order of results. [REQ-R, REQ-11]
import type { Context, Tx } from '#core/context.ts'
import { cut, subtree } from '#core/permissions.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { fail as unitFail } from '#modules/units/contract.ts'
import { getUnit, lineOf } from '#modules/units/index.ts'
import { DemandSettings, type RateRow, type ReadRatesQuery } from '../contract.ts'
import { engine } from '../engine.ts'
import { add, noCounts, type RateCounts, type RateRules, ratesOf } from '../rates.ts'
import { countRates, findMechanismNames } from '../store/rates.ts'

const method =
  '响应率＝在响应时限内联系诉求人的件数÷应响应件数；解决率＝回访“已解决”件数÷有效回访件数（不含挂账）；满意率＝回访满意（按设置含基本满意）件数÷有效回访件数。期间按首次派单日；并单只计一件；经复核剔除的分子分母都不计，件数另列；每件以最后一次回访到的结果为准。'

/** The edges of the bands in words, so that nobody has to guess them. [REQ-11] */
const bandsOf = ({ bands, smallSample }: Pick<RateRules, 'bands' | 'smallSample'>) =>
  `分档：${bands
    .toSorted((a, b) => b.from - a.from)
    .map((b) => `${b.id} 档 ${b.from}% 及以上`)
    .join('，')}；有效件数少于 ${smallSample} 件的不分档。`

const defaults = DemandSettings.parse({ categories: [{ id: 'any', name: '全部', level: 'any' }] })

/** Settings of every demand mechanism on a day of its validity. */
async function mechanismsOf(tx: Tx): Promise<Map<string, DemandSettings>> {
  const rows = await findMechanismNames(tx)
  const day = (m: (typeof rows)[number]) =>
    tx.today >= m.valid_from && tx.today < m.valid_to ? tx.today : m.valid_from
  const mechanisms = new Map<string, DemandSettings>()
  for (const m of rows) mechanisms.set(m.id, await getSettings(tx, engine, m.id, day(m)))
  return mechanisms
}

type Counted = Map<string, RateCounts>

/** 基本满意 counts where the demand's own mechanism says so. */
const strict = (c: RateCounts, settings: DemandSettings | undefined): RateCounts =>
  settings?.basicallyCounts === false ? { ...c, basically: 0 } : c

const row = (
  rules: RateRules,
  who: { key: string; name: string; unitId: string | null },
  counts: RateCounts,
): RateRow => ({ ...who, ...ratesOf({ ...rules, basicallyCounts: true }, counts) })

async function namesOf(tx: Tx, query: ReadRatesQuery, counted: Counted, mechanisms: Map<string, DemandSettings>) {
  if (query.by === 'unit')
    return (await lineOf(tx, [...counted.keys()])).map((u) => ({ key: u.path, name: u.name, unitId: u.id }))
  const categories = new Map([...mechanisms.values()].flatMap((s) => s.categories.map((c) => [c.id, c.name] as const)))
  return [...categories].filter(([id]) => counted.has(id)).map(([id, name]) => ({ key: id, name, unitId: null }))
}

export const readRates = (ctx: Context, query: ReadRatesQuery) =>
  ctx.heavy('demand.read', async (tx) => {
    const unit = await getUnit(tx, query.unit)
    const ranges = cut(tx.actor, 'demand.read', subtree(unit.path))
    if (ranges.length === 0) throw unitFail('not-found')
    const mechanisms = await mechanismsOf(tx)
    const rules = (query.mechanism ? mechanisms.get(query.mechanism) : undefined) ?? defaults
    const rows = await countRates(tx, {
      path: unit.path,
      ranges,
      from: query.from,
      to: query.to,
      mechanism: query.mechanism,
      by: query.by,
      lens: query.lens ?? 'place',
    })
    const counted: Counted = new Map()
    for (const { key, mechanismId, ...counts } of rows)
      counted.set(key, add(counted.get(key) ?? noCounts, strict(counts, mechanisms.get(mechanismId))))
    const whole = [...counted.values()].reduce(add, noCounts)
    const names = query.by ? await namesOf(tx, query, counted, mechanisms) : []
    return {
      whole: row(rules, { key: unit.path, name: unit.name, unitId: unit.id }, whole),
      rows: names.map((n) => row(rules, n, counted.get(n.key) ?? noCounts)),
      method: method + bandsOf(rules),
    }
  })
