// Which period and which tree: the two choices every number depends on.
import { Segmented, Select } from 'antd'
import { useAddress } from '#web/kit/address.ts'
import { todayHere } from '#web/kit/time.ts'
import { useAsked } from './queries.ts'

function periods(): { label: string; options: { value: string; label: string }[] }[] {
  const [year, month] = todayHere().split('-').map(Number) as [number, number]
  const quarter = Math.ceil(month / 3)
  const months = Array.from(
    { length: 12 },
    (_, i) =>
      new Array(2)
        .fill(0)
        .map((_x, j) => (j === 0 ? year - (month - 1 - i < 0 ? 1 : 0) : ((month - 1 - i + 12) % 12) + 1)) as [
        number,
        number,
      ],
  )
  return [
    { label: '年', options: [year, year - 1, year - 2].map((y) => ({ value: String(y), label: `${y}年` })) },
    {
      label: '季度',
      options: Array.from({ length: 4 }, (_, i) => quarter - i).map((q) => ({
        value: `${q > 0 ? year : year - 1}-Q${q > 0 ? q : q + 4}`,
        label: `${q > 0 ? year : year - 1}年第${q > 0 ? q : q + 4}季度`,
      })),
    },
    {
      label: '月',
      options: months.map(([y, m]) => ({ value: `${y}-${String(m).padStart(2, '0')}`, label: `${y}年${m}月` })),
    },
  ]
}

export function Asking() {
  const { set } = useAddress()
  const asked = useAsked()
  return (
    <>
      <label htmlFor="figure-period">
        时期
        <Select
          id="figure-period"
          style={{ width: 160 }}
          value={asked.period}
          options={periods()}
          onChange={(period: string) => set({ period, page: null })}
        />
      </label>
      <Segmented
        aria-label="按哪天的组织树统计"
        value={asked.tree}
        options={[
          { value: 'today', label: '按今天的树' },
          { value: 'day', label: '按当天的树' },
        ]}
        onChange={(tree) => set({ tree: tree === 'day' ? 'day' : null })}
      />
    </>
  )
}
