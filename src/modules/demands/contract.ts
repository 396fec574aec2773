import { problems } from '#core/errors.ts'

export * from './contract/demand.ts'
export * from './contract/settings.ts'
export * from './contract/task.ts'

export const verbs = [
  'demand.read', 'demand.open', 'demand.dispatch', 'demand.sign', 'demand.answer', 'demand.review', 'demand.call-back', 'demand.close', 'demand.exclude', 'demand.reveal',
  'task.read', 'task.publish', 'task.claim', 'task.claim-for', 'task.accept',
] as const

export const fail = problems('demand', {
  'not-found': { status: 404, text: '没有找到这件诉求，或者不在您的查看范围内。' },
  'unknown-category': { status: 422, text: '“{category}”不在本机制的派单目录里。', ground: 'REQ-01' },
  'not-for-residents': { status: 422, text: '这项机制不接受居民直接提出。' },
  'not-theirs': { status: 422, text: '“{category}”按权责清单属于{level}办理，不能派给{unit}。', ground: 'REQ-01' },
  'wrong-state': { status: 409, text: '这件诉求现在是“{state}”，不能{step}。请刷新后再看。' },
  'same-hand': { status: 422, text: '回访须由承办人以外的人员进行。', ground: 'REQ-08' },
  'called-today': { status: 409, text: '今天已经回访过一次未联系上，请改日再试。', ground: 'REQ-08' },
  'no-callback': { status: 422, text: '还没有回访结果，不能办结。', ground: 'REQ-08' },
  'bad-code': { status: 404, text: '查询码不正确，请核对后再试。' },
  'unknown-place': { status: 404, text: '没有找到这个地点，请重新扫描二维码。' },
  'task-not-found': { status: 404, text: '没有找到这项任务，或者不在您的查看范围内。' },
  'task-closed': { status: 409, text: '这项任务已经{state}，不能再{step}。' },
  'task-full': { status: 409, text: '名额已满（{capacity}人）。可以登记候补，有人退出时自动递补。' },
  'already-claimed': { status: 409, text: '您已经认领了这项任务。' },
  'not-registered': { status: 422, text: '请先到社区报到，社区签收后就能认领本社区的任务。', ground: 'SB-01' },
  'no-person': { status: 422, text: '此账号没有关联人员，不能认领任务。' },
  'claim-not-found': { status: 404, text: '没有找到这次认领。' },
  'claim-state': { status: 409, text: '这次认领现在是“{state}”，不能{step}。' },
  'bad-interval': { status: 422, text: '服务时间不对：应在 1 分钟到 24 小时之间，且不晚于现在。', ground: 'VOL-02' },
  'overlap': { status: 409, text: '此人在这段时间已有另一条服务记录，服务时间不能重叠。', ground: 'VOL-03' },
})
