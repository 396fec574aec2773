// Units side by side in bands: where a number lies, in the order of the tree, never who is first. [REQ-11]
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import type { Figures } from '#modules/figures/contract.ts'
import { call } from '#web/api.ts'
import { useAddress } from '#web/kit/address.ts'
import { questionText } from '#web/kit/figures.ts'
import { Sheet } from '#web/kit/page.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { BandLegend, Tiles, tilesOf } from '#web/kit/tiles.tsx'
import type { AskedPage } from './numbers.tsx'

export function Strip({ heat, asked: { unit, period, every } }: { heat: readonly string[]; asked: AskedPage }) {
  const { set } = useAddress()
  const [wanted, setWanted] = useState<string>()
  const query = { measures: heat.join(','), unit, period, by: 'child' }
  const { data, error, refetch } = useQuery({
    queryKey: ['/figures', query],
    refetchInterval: every,
    queryFn: ({ signal }) => call<Figures>('GET', '/figures', { query, signal }),
  })
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const figure = data.figures.find((f) => f.measure.id === wanted) ?? data.figures[0]
  if (!figure) return null
  const open = (id: string | null) =>
    set({ number: questionText({ measure: figure.measure.id, unit: id ?? undefined, period }) }, { push: true })
  return (
    <Sheet title="各单位分布" padded>
      <div className="row">
        <Select
          aria-label="看哪个指标"
          value={figure.measure.id}
          onChange={setWanted}
          options={data.figures.map((f) => ({ value: f.measure.id, label: f.measure.name }))}
          style={{ width: 200 }}
        />
        <BandLegend figure={figure} />
        <span className="quiet">按数值等距分五档，按组织树排列，不作排名</span>
      </div>
      {tilesOf(figure).length === 0 ? (
        <EmptyState title="没有下级单位" />
      ) : (
        <Tiles figure={figure} open={(t) => open(t.unitId)} />
      )}
    </Sheet>
  )
}
