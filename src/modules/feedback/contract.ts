import { problems } from '#core/errors.ts'

export * from './contract/about.ts'
export * from './contract/feedback.ts'
export * from './contract/functions.ts'

export const verbs = ['feedback.read', 'feedback.reply', 'feedback.reveal', 'about.write', 'function.read'] as const

export const fail = problems('feedback', {
  'not-found': { status: 404, text: '没有找到这条反馈，或者不在您的查看范围内。' },
  'bad-code': { status: 404, text: '查询码不正确，请核对后再试。' },
  'unknown-district': { status: 404, text: '没有找到这个区县，请从本地的网址进入。' },
  'not-rateable': { status: 409, text: '还没有回复，暂时不能评价。', ground: 'JF-12' },
  'rated-already': { status: 409, text: '已经评价过了；还有话要说，可以继续补充。', ground: 'JF-12' },
  'said-enough': { status: 409, text: '一条反馈最多补充 {most} 次，请另提一条。' },
  'replied-already': { status: 409, text: '已经回复，反馈人没有再补充，不用重复回复。请刷新后再看。' },
  'changed-meanwhile': { status: 409, text: '这条反馈刚有变化，请刷新后再看。' },
  'no-contact': { status: 409, text: '反馈人没有留下联系方式，或者已经按期删除。' },
})
