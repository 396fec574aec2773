// The day whose tree is shown, on a line from the first day to the last decision: marks are days on which the tree changed.
import { useQuery } from '@tanstack/react-query'
import { Button, Slider } from 'antd'
import { useState } from 'react'
import { addDays, daysBetween } from '#core/calendar/days.ts'
import { call } from '#web/api.ts'
import { useAddress } from '#web/kit/address.ts'
import type { ListOf } from '#web/kit/data-table.tsx'
import { todayHere } from '#web/kit/time.ts'
import type { UnitChange } from '../contract.ts'

/** Days on which something was decided to change, not taken back, and today. */
function useDays(): string[] {
  const query = { limit: 500 }
  const list = useQuery({
    queryKey: ['/unit-changes', query],
    staleTime: 60_000,
    queryFn: ({ signal }) => call<ListOf<UnitChange>>('GET', '/unit-changes', { query, signal }),
  })
  const days = (list.data?.rows ?? []).filter((c) => c.state !== 'cancelled').map((c) => c.effectiveOn)
  return [...new Set([...days, todayHere()])].sort()
}

export function DaySlider() {
  const { get, set } = useAddress()
  const days = useDays()
  const today = todayHere()
  const on = get('on') ?? today
  const [held, setHeld] = useState<string | null>(null)
  const first = [addDays(today, -365), days[0] ?? today].sort()[0] as string
  const last = [addDays(today, 90), days.at(-1) ?? today].sort()[1] as string
  const go = (day: string | undefined) => day && set({ on: day === today ? null : day })
  const shown = held ?? on
  return (
    <section className="sheet day-slider no-print" aria-label="看哪一天的组织树">
      <Button size="small" disabled={!days.some((d) => d < on)} onClick={() => go(days.findLast((d) => d < on))}>
        上一次变动
      </Button>
      <b className="nowrap">{shown}</b>
      <span style={{ flex: 1, padding: '0 8px' }}>
        <Slider
          min={0}
          max={daysBetween(first, last)}
          value={Math.max(0, Math.min(daysBetween(first, shown), daysBetween(first, last)))}
          marks={Object.fromEntries(days.map((d) => [daysBetween(first, d), d === today ? '今天' : ' ']))}
          tooltip={{ formatter: (n) => addDays(first, n ?? 0) }}
          ariaLabelForHandle="看哪一天的组织树"
          onChange={(n: number) => setHeld(addDays(first, n))}
          onChangeComplete={(n: number) => {
            setHeld(null)
            go(addDays(first, n))
          }}
        />
      </span>
      <Button size="small" disabled={!days.some((d) => d > on)} onClick={() => go(days.find((d) => d > on))}>
        下一次变动
      </Button>
    </section>
  )
}
