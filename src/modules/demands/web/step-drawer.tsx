import { Drawer } from 'antd'
import type { ComponentType } from 'react'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import type { Demand } from '../contract.ts'
import { DisputeForm, ReviewForm } from './dispute.tsx'
import { DispatchForm, DispatchManyForm, SupportForm } from './dispatch.tsx'
import { ExtendForm, ResumeForm, SuspendForm } from './clock-forms.tsx'
import { DecideExclusionForm, ExcludeForm } from './exclusion.tsx'
import { AnswerForm, CallbackForm, VerifyForm } from './handle.tsx'
import { MergeForm, SplitForm } from './merge.tsx'
import { useDemand } from './queries.ts'
import { DeclineForm, RedoForm, ReopenForm } from './reasoned.tsx'
import type { StepProps } from './step-form.tsx'
import type { FormStep } from './due.ts'
import { stepWords } from './steps.tsx'

const forms: Record<FormStep, ComponentType<StepProps>> = {
  dispatch: DispatchForm,
  dispute: DisputeForm,
  review: ReviewForm,
  decline: DeclineForm,
  answer: AnswerForm,
  'call-back': CallbackForm,
  verify: VerifyForm,
  reopen: ReopenForm,
  redo: RedoForm,
  extend: ExtendForm,
  suspend: SuspendForm,
  resume: ResumeForm,
  merge: MergeForm,
  split: SplitForm,
  support: SupportForm,
  exclude: ExcludeForm,
  'decide-exclusion': DecideExclusionForm,
}

export interface OpenStep {
  step: FormStep
  demands: Demand[]
}

/** The form of a step beside the list or the page it was asked on. */
export function StepDrawer({ open, close }: { open: OpenStep | null; close: () => void }) {
  const [one, ...more] = open?.demands ?? []
  return (
    <Drawer open={open !== null} onClose={close} title={open ? stepWords[open.step] : ''} size={520} destroyOnHidden>
      {open && one ? (
        more.length > 0 ? (
          <DispatchManyForm demands={open.demands} close={close} />
        ) : (
          <OneStep step={open.step} id={one.id} close={close} />
        )
      ) : null}
    </Drawer>
  )
}

function OneStep({ step, id, close }: { step: FormStep; id: string; close: () => void }) {
  const shown = useDemand(id)
  const Form = forms[step]
  if (shown.error) return <ErrorState error={shown.error} retry={() => void shown.refetch()} />
  return shown.data ? <Form page={shown.data} close={close} /> : <Loading />
}
