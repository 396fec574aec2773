import { Drawer } from 'antd'
import type { Demand } from '../contract.ts'
import { DispatchForm } from './dispatch.tsx'
import { AnswerForm, CallbackForm } from './handle.tsx'
import type { FormStep } from './steps.tsx'

const titles: Record<FormStep, string> = { dispatch: '派单', answer: '答复', 'call-back': '回访' }

export interface OpenStep {
  step: FormStep
  demands: Demand[]
}

/** The form of a step beside the list or the page it was asked on. */
export function StepDrawer({ open, close }: { open: OpenStep | null; close: () => void }) {
  const [one] = open?.demands ?? []
  return (
    <Drawer open={open !== null} onClose={close} title={open ? titles[open.step] : ''} size={520} destroyOnHidden>
      {open && one ? (
        open.step === 'dispatch' ? (
          <DispatchForm demands={open.demands} close={close} />
        ) : open.step === 'answer' ? (
          <AnswerForm demand={one} close={close} />
        ) : (
          <CallbackForm demand={one} close={close} />
        )
      ) : null}
    </Drawer>
  )
}
