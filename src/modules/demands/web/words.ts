import {
  channelNames,
  claimStateNames,
  type Demand,
  outcomeNames,
  satisfactionNames,
  taskStateNames,
} from '../contract.ts'
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
export const claimStates = toned(claimStateNames, claimTones)

export const optionsOf = <K extends string>(words: Record<K, string | { word: string }>) =>
  Object.entries(words).map(([value, w]) => ({
    value: value as K,
    label: typeof w === 'string' ? w : (w as { word: string }).word,
  }))
