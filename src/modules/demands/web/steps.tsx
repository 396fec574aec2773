// One place for the steps of a demand, so board, page and to-do offer the same buttons in the same words. What is offered follows
// `can` and the state the server told; the server decides again.
import { Button } from 'antd'
import { call } from '#web/api.ts'
import { Act } from '#web/kit/act.tsx'
import type { Demand } from '../contract.ts'

export type FormStep = 'dispatch' | 'answer' | 'call-back'

const formStep: Partial<Record<Demand['state'], { step: FormStep; verb: string; word: string }>> = {
  registered: { step: 'dispatch', verb: 'demand.dispatch', word: '派单' },
  signed: { step: 'answer', verb: 'demand.answer', word: '答复' },
  answered: { step: 'call-back', verb: 'demand.call-back', word: '回访' },
}

export const formStepOf = (d: Demand) => {
  const found = formStep[d.state]
  return found && d.can.includes(found.verb) ? found : undefined
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
  onDone?: () => void
}

/** The step that is due now. */
export function NextStep({ demand: d, open, size = 'middle', primary, onDone }: NextProps) {
  const type = primary ? 'primary' : 'default'
  const form = formStepOf(d)
  if (form) {
    return (
      <Button type={type} size={size} onClick={() => open(form.step)}>
        {form.word}
      </Button>
    )
  }
  if (d.state === 'dispatched' && d.can.includes('demand.sign'))
    return (
      <Act
        verb="签收"
        done="已签收"
        type={type}
        size={size}
        run={(_, key) => signDemand(d.id, key)}
        {...(onDone ? { onDone } : {})}
      />
    )
  if (d.state === 'called' && d.can.includes('demand.close'))
    return (
      <Act
        verb="办结"
        done="已办结"
        type={type}
        size={size}
        reason="optional"
        reasonLabel="办结说明"
        effect={`第 ${d.no} 号诉求办结后不再计时，居民仍可重新打开。`}
        run={(note, key) => closeDemand(d.id, note, key)}
        {...(onDone ? { onDone } : {})}
      />
    )
  return null
}
