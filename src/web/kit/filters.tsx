// What every list is filtered by above its table; the choice lives in the address, so it can be shared, kept and gone back to.
import { Input, Segmented } from 'antd'
import { useAddress } from './address.ts'

/** Words to look for, sent on Enter or with the button. `name` is the word's name in the address. */
export function SearchBox({
  label,
  placeholder,
  width = 220,
  name = 'search',
}: {
  label: string
  placeholder: string
  width?: number
  name?: string
}) {
  const { get, set } = useAddress()
  return (
    <Input.Search
      key={get(name)}
      defaultValue={get(name) ?? ''}
      placeholder={placeholder}
      aria-label={label}
      allowClear
      style={{ width }}
      onSearch={(words) => set({ [name]: words.trim() || null, page: null })}
    />
  )
}

/** One of a few values, or all of them: `['', '全部']` stands for no filter. */
export function ChoiceBox({ name, options }: { name: string; options: readonly (readonly [string, string])[] }) {
  const { get, set } = useAddress()
  return (
    <Segmented
      size="small"
      value={get(name) ?? ''}
      onChange={(value) => set({ [name]: value || null, page: null })}
      options={options.map(([value, label]) => ({ value, label }))}
    />
  )
}
