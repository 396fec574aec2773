// The common kinds of fields, so that a form reads as a list of what it asks.
import { Input, Radio, Select } from 'antd'
import type { ReactNode } from 'react'
import type { Unit } from '#modules/units/contract.ts'
import { Field, type FormOf } from './form.tsx'
import { UnitPicker } from './units.tsx'

type NameOf<V, T> = { [K in keyof V & string]: V[K] extends T ? K : never }[keyof V & string]

interface Shared<V extends object, K extends keyof V & string> {
  form: FormOf<V>
  name: K
  label: string
  required?: boolean
  hint?: ReactNode
  ground?: string
  path?: string
}

interface TextProps<V extends object, K extends keyof V & string> extends Shared<V, K> {
  max: number
  /** more than one line */
  rows?: number
  width?: number
}

/** One line, or several, of plain text. */
export function TextField<V extends object, K extends NameOf<V, string>>({
  max,
  rows,
  width,
  ...field
}: TextProps<V, K>) {
  return (
    <Field {...field}>
      {({ onChange, value, ...b }) => {
        const text = { ...b, value: String(value), maxLength: max }
        const change = (e: { target: { value: string } }) => onChange(e.target.value as V[K])
        return rows ? (
          <Input.TextArea {...text} rows={rows} showCount onChange={change} />
        ) : (
          <Input {...text} {...(width ? { style: { width } } : {})} onChange={change} />
        )
      }}
    </Field>
  )
}

interface UnitProps<V extends object, K extends keyof V & string> extends Shared<V, K> {
  tree?: 'place' | 'org'
  about?: string | undefined
  first?: Pick<Unit, 'id' | 'name' | 'kindName'>[] | undefined
}

export function UnitField<V extends object, K extends NameOf<V, string | undefined>>({
  tree,
  about,
  first,
  ...field
}: UnitProps<V, K>) {
  return (
    <Field {...field}>
      {({ onChange, value, ...b }) => (
        <UnitPicker
          {...b}
          {...(tree ? { tree } : {})}
          {...(about ? { about } : {})}
          {...(first ? { first } : {})}
          value={value as string | undefined}
          onChange={(id) => onChange(id as V[K])}
        />
      )}
    </Field>
  )
}

interface ChoiceProps<V extends object, K extends keyof V & string> extends Shared<V, K> {
  options: { value: string; label: string }[]
  width?: number
  /** may be taken back */
  clear?: boolean
  /** found by typing a part of its name */
  search?: boolean
}

/** One of a list. */
export function ChoiceField<V extends object, K extends NameOf<V, string | undefined>>({
  options,
  width,
  clear,
  search,
  ...field
}: ChoiceProps<V, K>) {
  return (
    <Field {...field}>
      {({ onChange, value, ...b }) => (
        <Select<string | null>
          {...b}
          allowClear={clear ?? false}
          showSearch={search ? { optionFilterProp: 'label' } : false}
          style={{ width: width ?? '100%' }}
          value={(value as string | undefined) || null}
          onChange={(v) => onChange((v ?? undefined) as V[K])}
          options={options}
        />
      )}
    </Field>
  )
}

/** One of a few, all in sight. */
export function RadioField<V extends object, K extends NameOf<V, string>>({
  options,
  ...field
}: Omit<ChoiceProps<V, K>, 'width' | 'clear' | 'search'>) {
  return (
    <Field {...field}>
      {({ onChange, value, status: _, ...b }) => (
        <Radio.Group
          {...b}
          value={value as string}
          onChange={(e) => onChange(e.target.value as V[K])}
          options={options}
        />
      )}
    </Field>
  )
}

/** Words of one's own, typed one after another. */
export function TagsField<V extends object, K extends NameOf<V, string[]>>({
  placeholder,
  ...field
}: Shared<V, K> & { placeholder?: string }) {
  return (
    <Field {...field}>
      {({ onChange, value, ...b }) => (
        <Select
          {...b}
          mode="tags"
          value={value as string[]}
          maxCount={10}
          style={{ width: '100%' }}
          onChange={(s: string[]) => onChange(s as V[K])}
          open={false}
          suffixIcon={null}
          placeholder={placeholder ?? '输入后按回车'}
        />
      )}
    </Field>
  )
}
