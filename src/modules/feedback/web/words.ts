import type { Tone } from '#web/kit/clock.tsx'
import type { Feedback, FeedbackKind } from '../contract.ts'

export const kinds: Record<FeedbackKind, string> = { complaint: '投诉', suggestion: '建议', fault: '故障' }

export const states: Record<Feedback['state'], { word: string; tone: Tone }> = {
  waiting: { word: '待回复', tone: 'act' },
  replied: { word: '已回复', tone: 'plain' },
  rated: { word: '已评价', tone: 'done' },
}

export const ratings = { satisfied: '满意', basically: '基本满意', unsatisfied: '不满意' } as const
export const faces = { console: '电脑', phone: '手机' } as const
