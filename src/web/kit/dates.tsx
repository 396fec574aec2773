// Days and moments are text: `YYYY-MM-DD` in inputs, whatever language the machine speaks. [5.5]
import { DatePicker } from 'antd'
import dayjs from 'dayjs'

interface Props {
  id?: string
  value: string
  onChange: (value: string) => void
  status?: 'error' | ''
  clear?: boolean
  width?: number
  'aria-describedby'?: string | undefined
  'aria-invalid'?: true | undefined
  'aria-label'?: string
}

/** Enter takes the day that was typed; it does not send the form. */
const keep = (e: React.KeyboardEvent) => {
  if (e.key === 'Enter') e.preventDefault()
}

export const DayInput = ({ value, onChange, clear = false, width = 136, ...rest }: Props) => (
  <DatePicker
    {...rest}
    onKeyDown={keep}
    style={{ width }}
    allowClear={clear}
    format="YYYY-MM-DD"
    value={value ? dayjs(value) : null}
    onChange={(d) => onChange(d ? d.format('YYYY-MM-DD') : '')}
  />
)

/** A moment in Asia/Shanghai, kept as `2026-11-22T14:05`. */
export const MomentInput = ({ value, onChange, width = 200, ...rest }: Props) => (
  <DatePicker
    {...rest}
    onKeyDown={keep}
    style={{ width }}
    showTime={{ format: 'HH:mm', minuteStep: 5 }}
    format="YYYY-MM-DD HH:mm"
    needConfirm={false}
    value={value ? dayjs(value) : null}
    onChange={(d) => onChange(d ? d.format('YYYY-MM-DDTHH:mm') : '')}
  />
)

/** `2026-11-22T14:05` as picked → instant. */
export const toInstant = (local: string) => (local === '' ? '' : `${local.length === 16 ? `${local}:00` : local}+08:00`)
