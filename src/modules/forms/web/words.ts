import type { Tone } from '#web/kit/clock.tsx'
import type { Ask, Form, FormField, Frequency } from '../contract.ts'

export const frequencies: Record<Frequency, string> = {
  once: '一次',
  month: '每月',
  quarter: '每季度',
  half: '每半年',
  year: '每年',
}

export const states: Record<Form['state'], { word: string; tone: Tone }> = {
  draft: { word: '草稿', tone: 'plain' },
  submitted: { word: '待审批', tone: 'act' },
  approved: { word: '在用', tone: 'done' },
  refused: { word: '未批准', tone: 'off' },
  stopped: { word: '已停用', tone: 'off' },
}

export const askStates: Record<Ask['state'], { word: string; tone: Tone }> = {
  open: { word: '待填报', tone: 'act' },
  returned: { word: '退回重填', tone: 'act' },
  filled: { word: '已填报', tone: 'done' },
  void: { word: '已撤回', tone: 'off' },
}

export const types: Record<FormField['type'], string> = {
  number: '数字',
  text: '文字',
  choice: '选项',
  'yes-no': '是否',
  day: '日期',
  held: '确认已有',
}

const after = ['当月', '次月', '第二个月', '第三个月']

/** `每季度，期后次月 10 日`. */
export const termWords = (f: Pick<Form, 'frequency' | 'dueMonths' | 'dueDay'>) =>
  `${frequencies[f.frequency]}，${f.dueMonths === 0 ? '期末当月' : `期后${after[f.dueMonths]}`} ${f.dueDay} 日`

export const dueMonths = after.map((word, value) => ({ value, label: value === 0 ? '期末当月' : `期后${word}` }))

export const hours = (minutes: number) =>
  minutes < 90 ? `${minutes} 分钟` : `${(minutes / 60).toLocaleString('zh-CN', { maximumFractionDigits: 1 })} 小时`

export const yesNo = { yes: '是', no: '否' } as const

export const valueWords = (type: FormField['type'], value: string | null, measured = '') =>
  value === null
    ? '—'
    : type === 'yes-no'
      ? (yesNo[value as 'yes'] ?? value)
      : `${value}${type === 'number' || type === 'held' ? ` ${measured}` : ''}`
