import { Select } from 'antd'
import { Field, type FormOf } from '#web/kit/form.tsx'
import { EmptyState } from '#web/kit/states.tsx'
import type { DemandMechanism } from './queries.ts'

interface Chosen {
  mechanismId: string
  category: string | undefined
}

/** Asked only where the district runs more than one; another mechanism has other categories. */
export function MechanismField<V extends Chosen>({
  form,
  all,
  now,
}: {
  form: FormOf<V>
  all: DemandMechanism[]
  now: string
}) {
  if (all.length < 2) return null
  const choose = (mechanismId: string) => form.set({ mechanismId, category: undefined } as Partial<V>)
  return (
    <Field form={form} name="mechanismId" label="机制" required>
      {({ id, status }) => (
        <Select
          id={id}
          {...(status ? { status } : {})}
          style={{ width: '100%' }}
          value={now}
          onChange={choose}
          options={all.map((m) => ({ value: m.id, label: m.name }))}
        />
      )}
    </Field>
  )
}

export const NoMechanism = () => (
  <EmptyState title="没有可用的机制">
    办理诉求、任务须先有在执行的机制，并有查看机制的权限，请向本级管理员申请。
  </EmptyState>
)
