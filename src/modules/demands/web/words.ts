import type { Demand } from '../contract.ts'
import type { Tone } from '#web/kit/clock.tsx'

export const states: Record<Demand['state'], { word: string; tone: Tone }> = {
  registered: { word: '待派单', tone: 'act' },
  dispatched: { word: '待签收', tone: 'act' },
  disputed: { word: '异议审核中', tone: 'act' },
  signed: { word: '办理中', tone: 'plain' },
  answered: { word: '待回访', tone: 'act' },
  called: { word: '待办结', tone: 'act' },
  closed: { word: '已办结', tone: 'done' },
  declined: { word: '不予受理', tone: 'off' },
  merged: { word: '已并单', tone: 'off' },
}

export const channels: Record<Demand['channel'], string> = {
  resident: '居民手机',
  secretary: '社区代提',
  hotline: '12345',
  visit: '走访',
  patrol: '巡查',
  whistle: '吹哨',
}
export const grades: Record<Demand['grade'], string> = {
  urgent: '紧急',
  normal: '一般',
  complex: '复杂',
  enquiry: '咨询',
}
export const outcomes = {
  solved: '已解决',
  partly: '部分解决',
  unsolved: '未解决',
  explained: '已解释',
  unreached: '未联系上',
} as const
export const satisfactions = { satisfied: '满意', basically: '基本满意', unsatisfied: '不满意' } as const

export const taskStates: Record<string, { word: string; tone: Tone }> = {
  draft: { word: '未发布', tone: 'off' },
  published: { word: '招募中', tone: 'act' },
  closed: { word: '已结束', tone: 'done' },
  expired: { word: '已过期', tone: 'off' },
  cancelled: { word: '已取消', tone: 'off' },
}

export const claimStates: Record<string, { word: string; tone: Tone }> = {
  waiting: { word: '候补中', tone: 'off' },
  claimed: { word: '已认领', tone: 'plain' },
  submitted: { word: '待确认', tone: 'act' },
  accepted: { word: '已确认', tone: 'done' },
  returned: { word: '已退回', tone: 'plain' },
  withdrawn: { word: '已退出', tone: 'off' },
}

export const optionsOf = <K extends string>(words: Record<K, string | { word: string }>) =>
  Object.entries(words).map(([value, w]) => ({
    value: value as K,
    label: typeof w === 'string' ? w : (w as { word: string }).word,
  }))
