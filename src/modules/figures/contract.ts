import { problems } from '#core/errors.ts'

export * from './contract/balance.ts'
export * from './contract/definition.ts'
export * from './contract/edition.ts'
export * from './contract/fields.ts'
export * from './contract/reading.ts'

export const fail = problems('figure', {
  'unknown-measure': { status: 422, text: '没有“{measure}”这个指标。' },
  'retired-measure': {
    status: 422,
    text: '指标“{measure}”自{day}起停用。要看旧口径的数，请注明版本，如 {measure}@{version}。',
  },
  'unknown-dimension': { status: 422, text: '“{measure}”不能按“{dimension}”分列。' },
  'bad-period': {
    status: 422,
    text: '时期“{period}”不对，应为 2026、2026-Q3、2026-11、2026-11-22、起始日..截止日，或 this-year、last-12-months 等。',
  },
  'unit-not-found': { status: 404, text: '没有找到这个单位，或者不在您的查看范围内。' },
  'no-place': { status: 422, text: '“{unit}”没有服务的地方，不能统计“{measure}”。' },
  'not-known-then': { status: 422, text: '数据从 {since} 起才有留底，不能回看更早时知道的数。' },
  preparing: { status: 503, text: '刚有大批数据变动，正在汇入统计，请过半分钟再看。' },
  'no-evidence': { status: 403, text: '您可以看这个数，但没有查看其背后记录的权限。' },
  suppressed: {
    status: 403,
    text: '不足{limit}人的数不显示，也不列出记录，以免认出个人；与它相加能推出这个数的另一个数也不显示。',
    ground: '小数不显示',
  },
  'edition-not-found': { status: 404, text: '没有找到这一期，或者不在您的查看范围内。' },
  'edition-own': { status: 403, text: '编制人不能签署自己编制的一期，请由他人签署。' },
  'edition-done': { status: 409, text: '这一期已经签署或作废。' },
  'edition-unbalanced': {
    status: 409,
    text: '“{measure}”收支不平，涉及{count}人，不能签署{names}。请先更正，再重新编制。',
    ground: 'STAT-01',
  },
  'edition-broken': {
    status: 409,
    text: '这一期的正文、摘要与签署不一致，不能签署，也不能作为正式数字导出。请报告审计管理员。',
  },
  'measure-not-found': { status: 404, text: '没有找到这个指标。' },
  'not-own': { status: 409, text: '“{name}”是系统自带的指标，口径随系统发布，不能在这里改。可以另设一个自定指标。' },
  'bad-definition': { status: 422, text: '指标“{name}”的口径不成立，请按提示改正。' },
  'measure-exists': { status: 409, text: '已经有“{name}”这个指标，请换一个名称或编号。' },
  'measure-ended': { status: 409, text: '“{name}”已经停用。' },
  'bad-day': { status: 422, text: '起用或停用的日期不能早于{from}。' },
  'rests-on': { status: 409, text: '“{names}”要用到这个指标，请先停用或改用其他指标。' },
  'not-balanced': { status: 422, text: '“{measure}”不是收支平衡类指标。' },
})
