// What channels, answers and states of tasks are called, on screens and beside numbers alike.
import type { ClaimState, OccasionKind } from './settings.ts'

export const channelNames = {
  resident: '居民手机',
  secretary: '社区代提',
  hotline: '12345',
  visit: '走访',
  patrol: '巡查',
  whistle: '吹哨',
} as const

export const outcomeNames = {
  solved: '已解决',
  partly: '部分解决',
  unsolved: '未解决',
  explained: '已解释',
  unreached: '未联系上',
} as const

export const satisfactionNames = { satisfied: '满意', basically: '基本满意', unsatisfied: '不满意' } as const

export const taskStateNames = {
  draft: '未发布',
  published: '招募中',
  closed: '已结束',
  expired: '已过期',
  cancelled: '已取消',
} as const

/** What a task's state is called beside the task itself: a wish somebody took is not waiting for anybody any more. */
export function taskStateName(t: {
  state: keyof typeof taskStateNames
  record: 'minutes' | 'done'
  claimed: number
  capacity: number
}): string {
  if (t.state !== 'published') return t.state === 'draft' ? '待审核' : taskStateNames[t.state]
  const full = t.claimed >= t.capacity
  if (t.record === 'done') return full ? '已认领' : '待认领'
  return full ? '已满员' : taskStateNames.published
}

export const claimStateNames: Readonly<Record<ClaimState, string>> = {
  waiting: '候补中',
  claimed: '已认领',
  submitted: '待确认',
  accepted: '已确认',
  returned: '已退回',
  withdrawn: '已退出',
}

export const occasionNames: Readonly<Record<OccasionKind, string>> = {
  visit: '走访',
  inspection: '检查',
  meeting: '对接会',
  drill: '演练',
}

/** Photos of one demand: never asked for, and no more than this. [JF-08] */
export const MOST_PHOTOS = 3
