import { Button } from 'antd'
import { useAddress } from '#web/kit/address.ts'
import { DayInput } from '#web/kit/dates.tsx'
import { longDay, todayHere } from '#web/kit/time.ts'

/** The day whose tree is looked at; anything but today is said on an amber strip. */
export function AsOf() {
  const { get, set } = useAddress()
  const day = get('on') ?? todayHere()
  return (
    <span className="row nowrap" style={{ flexWrap: 'nowrap' }}>
      <span className="quiet">截至</span>
      <DayInput
        value={day}
        onChange={(d) => set({ on: d === todayHere() ? null : d })}
        aria-label="按哪一天的组织树查看"
      />
    </span>
  )
}

export function PastStrip() {
  const { get, set } = useAddress()
  const on = get('on')
  if (!on || on === todayHere()) return null
  return (
    <div className="past" role="status">
      <span>
        正在按 <b>{longDay(on)}</b> 的组织树查看；诉求、任务等办理事项仍是现在的。
      </span>
      <Button size="small" onClick={() => set({ on: null })}>
        回到今天
      </Button>
    </div>
  )
}
