// A map-like view of units: one tile each, darker where the number is larger, with the table beside it. Units stand in bands, not in ranks.
import { Select } from 'antd'
import { useState } from 'react'
import { useAddress } from '#web/kit/address.ts'
import type { Asked } from '#web/kit/asking.tsx'
import { BandLegend, Tiles } from '#web/kit/tiles.tsx'
import type { Figures } from '../contract.ts'
import { Matrix } from './matrix.tsx'

export function Heat({ data, asked, by }: { data: Figures; asked: Asked; by: string }) {
  const { set } = useAddress()
  const [wanted, setWanted] = useState<string>()
  const figure = data.figures.find((f) => f.measure.id === wanted) ?? data.figures[0]
  if (!figure) return null
  return (
    <div className="heat">
      <div>
        <div className="row">
          {data.figures.length > 1 ? (
            <Select
              aria-label="看哪个指标"
              value={figure.measure.id}
              onChange={setWanted}
              options={data.figures.map((f) => ({ value: f.measure.id, label: f.measure.name }))}
              style={{ width: 240 }}
            />
          ) : (
            <b>{figure.measure.name}</b>
          )}
          <BandLegend figure={figure} />
        </div>
        <Tiles figure={figure} open={(t) => set({ unit: t.unitId }, { push: true })} />
        <p className="quiet">色深按数值等距分五档，只看分布，不作排名；数值不显示的为白底。点一格看它的下级。</p>
      </div>
      <Matrix data={{ ...data, figures: [figure] }} asked={asked} by={by} />
    </div>
  )
}
