// One place for the steps of a demand, so board, page and to-do offer the same buttons in the same words. Which are offered now the
// server told (`steps`); it decides again.
import { Button } from 'antd'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import type { Demand, DemandStep } from '../contract.ts'
import { dueStep, type FormStep, hasForm } from './due.ts'

export const stepWords: Record<DemandStep, string> = {
  dispatch: '派单',
  sign: '签收',
  dispute: '提出异议',
  review: '审核异议',
  decline: '不予受理',
  contact: '已联系诉求人',
  answer: '答复',
  'call-back': '回访',
  verify: '核验',
  close: '办结',
  reopen: '重新打开',
  redo: '重办',
  extend: '延期',
  suspend: '挂账',
  resume: '恢复办理',
  merge: '并单',
  split: '拆单',
  support: '增加协办',
  'rate-support': '评价到场',
  exclude: '申请剔除',
  'decide-exclusion': '审核剔除',
}

export const signDemand = (id: string, key?: string) =>
  call('POST', `/demands/${id}/signature`, { body: {}, ...(key ? { idempotencyKey: key } : {}) })
export const closeDemand = (id: string, note?: string, key?: string) =>
  call('POST', `/demands/${id}/closure`, { body: note ? { note } : {}, ...(key ? { idempotencyKey: key } : {}) })

interface NextProps {
  demand: Demand
  open: (step: FormStep) => void
  size?: 'small' | 'middle'
  /** the one red button of the screen, or a plain one inside lists */
  primary?: boolean
}

/** The step that is due now. */
export function NextStep({ demand: d, open, size = 'middle', primary }: NextProps) {
  const type = primary ? 'primary' : 'default'
  const step = dueStep(d)
  if (!step) return null
  if (hasForm(step)) {
    return (
      <Button type={type} size={size} onClick={() => open(step)}>
        {stepWords[step]}
      </Button>
    )
  }
  if (step === 'sign')
    return <Act verb="签收" done="已签收" type={type} size={size} run={(_, key) => signDemand(d.id, key)} />
  return (
    <Act
      verb="办结"
      done="已办结"
      type={type}
      size={size}
      reason="optional"
      reasonLabel="办结说明"
      effect={`第 ${d.no} 号诉求办结后不再计时，诉求人在期限内仍可重新打开。`}
      run={(note, key) => closeDemand(d.id, note, key)}
    />
  )
}
