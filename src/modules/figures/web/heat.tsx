// A map-like view of units: one tile each, darker where the number is larger, with the table beside it. Units stand in bands, not in ranks.
import { Select } from 'antd'
import { useState } from 'react'
import { useAddress } from '#web/kit/address.ts'
import type { Asked } from '#web/kit/asking.tsx'
import { figureText } from '#web/kit/figures.ts'
import type { Figure, Figures } from '../contract.ts'
import { Matrix } from './matrix.tsx'

const BANDS = 5

type Tile = Figure['rows'][number]

/** Bounds of five bands of equal width between the smallest and the largest number shown. */
function bandsOf(tiles: readonly Tile[]): { low: number; step: number } {
  const values = tiles.flatMap((t) => (t.value === null ? [] : [t.value]))
  const [low, high] = [Math.min(...values, 0), Math.max(...values, 0)]
  return { low, step: (high - low) / BANDS || 1 }
}

const bandOf = (value: number, { low, step }: ReturnType<typeof bandsOf>) =>
  Math.min(BANDS - 1, Math.floor((value - low) / step))

export function Heat({ data, asked, by }: { data: Figures; asked: Asked; by: string }) {
  const { set } = useAddress()
  const [wanted, setWanted] = useState<string>()
  const figure = data.figures.find((f) => f.measure.id === wanted) ?? data.figures[0]
  if (!figure) return null
  const tiles = figure.rows.filter((r) => r.unitId !== null)
  const bands = bandsOf(tiles)
  const edge = (n: number) =>
    figureText({ value: Math.round((bands.low + n * bands.step) * 10) / 10, suppressed: false }, figure.measure)
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
          <span className="legend" aria-label="色深分五档，等距">
            {edge(0)}
            {Array.from({ length: BANDS }, (_, i) => (
              <i key={i} className={`tile-${i}`} />
            ))}
            {edge(BANDS)}
          </span>
        </div>
        <ul className="tiles">
          {tiles.map((t) => (
            <li key={t.key}>
              <button
                type="button"
                className={t.suppressed || t.value === null ? 'tile tile-none' : `tile tile-${bandOf(t.value, bands)}`}
                onClick={() => set({ unit: t.unitId }, { push: true })}
              >
                <span>{t.name}</span>
                <b>{figureText(t, figure.measure)}</b>
              </button>
            </li>
          ))}
        </ul>
        <p className="quiet">色深按数值等距分五档，只看分布，不作排名；数值不显示的为白底。点一格看它的下级。</p>
      </div>
      <Matrix data={{ ...data, figures: [figure] }} asked={asked} by={by} />
    </div>
  )
}
