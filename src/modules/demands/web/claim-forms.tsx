// Claiming for somebody else: a unit as a whole, or a member who has no phone at hand. The server decides whether one may. [CO-01]
import { call } from '#web/api.ts'
import { DialogButton } from '#web/kit/dialog.tsx'
import { UnitField } from '#web/kit/fields.tsx'
import { Field, useForm } from '#web/kit/form.tsx'
import { useMe } from '#web/kit/session.ts'
import { PersonPicker } from '#web/kit/person-picker.tsx'
import type { Task } from '../contract.ts'
import { Sending } from './task-forms.tsx'

const isFull = (t: Task) => t.claimed >= t.capacity
const verbOf = (t: Task) => (isFull(t) ? '登记候补' : '认领')

async function claimFor(t: Task, whom: { unitId: string } | { personId: string }, idempotencyKey: string) {
  const body = { ...whom, ...(isFull(t) ? { wait: true } : {}) }
  const { state } = await call<{ state: 'claimed' | 'waiting' }>('POST', `/tasks/${t.id}/claims`, {
    body,
    idempotencyKey,
  })
  return state === 'claimed' ? '认领成功，名额已留下' : '已登记候补，有人退出时按先后自动递补'
}

interface Props {
  task: Task
  close: () => void
}

function ForUnit({ task, close }: Props) {
  const own = useMe()
    .mandates.filter((m) => m.verbs.includes('task.claim-unit'))
    .map((m) => ({ id: m.unitId, name: m.unitName, kindName: '本单位' }))
  const form = useForm({ unitId: own[0]?.id as string | undefined })
  return (
    <Sending
      form={form}
      verb={verbOf(task)}
      close={close}
      disabled={!form.values.unitId}
      send={(v, key) => claimFor(task, { unitId: v.unitId as string }, key)}
    >
      <UnitField
        form={form}
        name="unitId"
        label="认领单位"
        required
        first={own}
        hint="以单位名义认领，占一个名额，由单位安排人去办；不计个人服务时长"
      />
    </Sending>
  )
}

function ForPerson({ task, close }: Props) {
  const form = useForm({ personId: undefined as string | undefined })
  return (
    <Sending
      form={form}
      verb={verbOf(task)}
      close={close}
      disabled={!form.values.personId}
      send={(v, key) => claimFor(task, { personId: v.personId as string }, key)}
    >
      <Field
        form={form}
        name="personId"
        label="替谁认领"
        required
        hint="须是本人愿意，例如不便用手机的老党员；认领和时长记在本人名下"
      >
        {({ onChange, ...b }) => <PersonPicker {...b} onChange={(id) => onChange(id)} />}
      </Field>
    </Sending>
  )
}

/** What somebody may do for others with a task that takes claims. */
export function ClaimForOthers({ task: t }: { task: Task }) {
  const speaksForUnits = useMe().mandates.some((m) => m.verbs.includes('task.claim-unit'))
  if (t.state !== 'published') return null
  return (
    <>
      {t.claimants.includes('unit') && speaksForUnits ? (
        <DialogButton verb={isFull(t) ? '单位候补' : '单位认领'} title="以单位名义认领">
          {(close) => <ForUnit task={t} close={close} />}
        </DialogButton>
      ) : null}
      {t.claimants.includes('person') && t.can.includes('task.claim-for') ? (
        <DialogButton verb={isFull(t) ? '代为候补' : '代为认领'} title="替人认领">
          {(close) => <ForPerson task={t} close={close} />}
        </DialogButton>
      ) : null}
    </>
  )
}
