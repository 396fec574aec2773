import { problems } from '#core/errors.ts'

export * from './contract/ask.ts'
export * from './contract/burden.ts'
export * from './contract/form.ts'

export const verbs = ['form.read', 'form.write', 'form.approve', 'form.fill'] as const

export const fail = problems('form', {
  'not-found': { status: 404, text: '没有找到这张报表，或者不在您的查看范围内。' },
  'ask-not-found': { status: 404, text: '没有找到这次填报，或者不在您的查看范围内。' },
  'wrong-state': { status: 409, text: '这张报表现在是“{state}”，不能{step}。请刷新后再看。' },
  'held-already': {
    status: 422,
    text: '“{label}”系统里已有（{held}），不能再要求填写，请改为“确认已有”。',
    ground: 'JF-09',
  },
  personal: { status: 422, text: '“{label}”属于人员信息，在人员名册里维护，报表不得另收。', ground: 'JF-09、PRV-01' },
  'asked-already': {
    status: 422,
    text: '“{label}”已由《{form}》（{owner}）向同样的单位收集，不能重复要求填写。',
    ground: 'JF-09',
  },
  'differs-needed': {
    status: 422,
    text: '“{label}”与系统已有的“{held}”相近，请写明口径有什么不同；没有不同就改为“确认已有”。',
    ground: 'JF-09',
  },
  'unknown-held': { status: 422, text: '“{label}”不在系统已有内容的目录里。' },
  twice: { status: 422, text: '“{label}”在这张表里出现了两次。', ground: 'JF-09' },
  'other-deadline': {
    status: 422,
    text: '同样的单位{month}已有《{form}》，截止日是{due}日。一个月只有一个截止日，请改为同一天。',
    ground: 'JF-09',
  },
  'wrong-kind': { status: 422, text: '“{kind}”不是党组织或部门的类别，不能作为填报单位。' },
  'outside-targets': { status: 422, text: '填报范围应在本单位及下级之内；部门的报表经审批可以面向全区。' },
  'bad-term': { status: 422, text: '停用日期应晚于启用日期，最长三年。', ground: 'JF-09' },
  'past-start': { status: 422, text: '启用日期不能早于今天。' },
  'own-approval': { status: 422, text: '报表须由另一人审批，提出人不能自己审批。', ground: '等保 33' },
  'base-required': { status: 422, text: '上级报表不能再加必填项，补充的项目只能是选填。', ground: 'JF-10' },
  'base-deadline': { status: 422, text: '上级报表的截止日（{due}日）不能提前或另定。', ground: 'JF-10' },
  'base-frequency': { status: 422, text: '上级报表的频次不能更改。', ground: 'JF-10' },
  'base-targets': { status: 422, text: '只能对本单位及下级中须填上级报表的单位补充。', ground: 'JF-10' },
  'base-end': { status: 422, text: '补充项的停用日期不能晚于上级报表（{end}）。', ground: 'JF-10' },
  'not-extendable': { status: 422, text: '《{form}》不在用，或者本身就是补充项，不能再补充。', ground: 'JF-10' },
  incomplete: { status: 422, text: '还有内容没有填对，请按提示改正后再提交。' },
  'private-content': { status: 422, text: '填写的内容里有{what}，报表不收集个人号码，请去掉。', ground: 'PRV-01' },
  'changed-meanwhile': { status: 409, text: '内容刚被他人改动，请刷新后再办。' },
  'no-claim': { status: 409, text: '没有待处理的更正意见。' },
})
