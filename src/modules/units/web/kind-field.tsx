import { Select } from 'antd'
import { FieldAt, type FormOf } from '#web/kit/form.tsx'
import { useKinds } from '#web/kit/units.tsx'
import type { Unit } from '../contract.ts'
import type { Draft } from './operations.ts'

export interface CardProps {
  form: Pick<FormOf<object>, 'problem' | 'shown' | 'clear'>
  part: Draft
  /** place of its first operation in the decision */
  at: number
  others: readonly Draft[]
  named: ReadonlyMap<string, Unit>
  put: (patch: Partial<Draft>) => void
  remove?: (() => void) | undefined
}

/** Kinds of the tree the named unit belongs to, as the district has them. */
export function KindField({ form, part, at, named, put }: CardProps) {
  const kinds = useKinds(named.get(part.unitIds[0] ?? '')?.tree)
  return (
    <FieldAt
      form={form}
      path={`operations.${at}.kind`}
      label={part.op === 'split' ? '新单位的类别' : '类别'}
      required
      value={part.kind}
      onChange={(kind) => put({ kind })}
    >
      {({ onChange, value, ...b }) => (
        <Select
          {...b}
          showSearch={{ optionFilterProp: 'label' }}
          style={{ width: 240 }}
          value={value ?? null}
          onChange={(k: string | null) => onChange(k ?? undefined)}
          options={kinds}
        />
      )}
    </FieldAt>
  )
}
