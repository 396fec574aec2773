import type { Demand, DemandRules, Exclusion, MergeDemand, Task } from '../contract.ts'
import {
  channelNames,
  claimStateNames,
  outcomeNames,
  satisfactionNames,
  taskStateName,
  taskStateNames,
} from '../contract/names.ts'
import type { Tone } from '#web/kit/clock.tsx'

const claimTones: Record<string, Tone> = {
  waiting: 'off',
  claimed: 'plain',
  submitted: 'act',
  accepted: 'done',
  returned: 'plain',
  withdrawn: 'off',
}
const taskTones: Record<string, Tone> = {
  draft: 'off',
  published: 'act',
  closed: 'done',
  expired: 'off',
  cancelled: 'off',
}

const toned = (names: Readonly<Record<string, string>>, tones: Record<string, Tone>) =>
  Object.fromEntries(Object.entries(names).map(([k, word]) => [k, { word, tone: tones[k] ?? ('plain' as const) }]))

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

export const channels: Record<Demand['channel'], string> = channelNames
export const grades: Record<Demand['grade'], string> = {
  urgent: '紧急',
  normal: '一般',
  complex: '复杂',
  enquiry: '咨询',
}
export const outcomes = outcomeNames
export const satisfactions = satisfactionNames
export const taskStates = toned(taskStateNames, taskTones)
/** The word and colour of one task: taken or full it waits for nobody. */
type StateOf = Pick<Task, 'state' | 'record' | 'claimed' | 'capacity'>
export const stateOfTask = (t: StateOf): { word: string; tone: Tone } => ({
  word: taskStateName(t),
  tone: t.state === 'published' && t.claimed >= t.capacity ? 'plain' : (taskTones[t.state] ?? 'plain'),
})
/** Places are people, or whoever claims where units may. */
export const places = (n: number, t: Pick<Task, 'claimants'>) => `${n} ${t.claimants.includes('unit') ? '个' : '人'}`
export const claimStates = toned(claimStateNames, claimTones)

export const optionsOf = <K extends string>(words: Record<K, string | { word: string }>) =>
  Object.entries(words).map(([value, w]) => ({
    value: value as K,
    label: typeof w === 'string' ? w : (w as { word: string }).word,
  }))

export const exclusionGrounds: Record<Exclusion['ground'], string> = {
  unreasonable: '不合理诉求',
  'not-ours': '非本单位职责',
  repeated: '重复',
  malicious: '恶意',
  unreached: '回访失败',
}

export const mergeGrounds: Record<MergeDemand['ground'], string> = {
  'same-person': '同一诉求人重复提出',
  'same-matter': '同一件事',
  'same-cause': '同一原因引起',
}

export type Term = DemandRules['resolve']
const units: Record<Term['unit'], string> = { hours: '小时', days: '天', workdays: '个工作日' }
export const termUnits = optionsOf(units)

/** `3 个工作日`. */
export const termWords = (t: Term) => `${t.amount} ${units[t.unit]}`

/** How a limit is counted, said beside every clock. [REQ-04] */
export const basisWords = (t: Term) => `${termWords(t)}（${t.unit === 'workdays' ? '工作日' : '自然时间'}）`

export const ratings = { prompt: '按时到场', late: '迟到', absent: '未到场' } as const

/** What a list may be asked to wait for. */
export const waits = {
  'part-sign': '协办待签收',
  'part-report': '协办待反馈',
  rating: '待评价到场',
  exclusion: '待审核剔除',
  'call-back': '待回访',
  verification: '待核验',
  closing: '待办结',
  'review-day': '挂账到期复核',
} as const
