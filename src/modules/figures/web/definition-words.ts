import type { Definition, FactInfo } from '../contract.ts'

export const kindOptions: { value: Definition['kind']; label: string }[] = [
  { value: 'counted', label: '计数' },
  { value: 'ratio', label: '两数相除' },
  { value: 'share', label: '占名册的比例' },
  { value: 'balance', label: '增减平衡' },
]

export function aggregateOptions(fact: FactInfo | undefined) {
  const all = [
    { value: 'count', label: '记录数（人次、件、个）' },
    ...(fact?.persons ? [{ value: 'persons', label: '不重复的人数' }] : []),
    { value: 'units', label: '不重复的单位数' },
    { value: 'sum', label: '数量之和' },
    { value: 'average', label: '平均数量' },
    { value: 'first', label: '各单位最早一条之和' },
    { value: 'last', label: '各单位最近一条之和' },
  ]
  return all
}

export const momentOptions = [
  { value: 'end', label: '期末存在的' },
  { value: 'start', label: '期初存在的' },
  { value: 'begun', label: '期内新增的' },
  { value: 'ended', label: '期内减少的' },
]

const counted = '个 人 名 位 人次 件 条 次 场次 期 期次 户 户次 家 项 套 本 支 级 天 小时 分钟 元 万元'.split(' ')

export const classifierOptions = (kind: Definition['kind']) =>
  (kind === 'share' ? ['%'] : kind === 'ratio' ? ['%', ...counted] : counted).map((c) => ({ value: c, label: c }))
