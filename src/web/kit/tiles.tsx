// Units as tiles in five bands of equal width, in the order of the tree: where a number lies, never who is first. [REQ-11]
import type { Figure } from '#modules/figures/contract.ts'
import { figureText } from './figures.ts'

const BANDS = 5

export type Tile = Figure['rows'][number]

/** Bounds of the bands: of counts from nothing to the largest shown, of percentages from the smallest. */
function bandsOf({ measure, ...figure }: Figure): { low: number; step: number } {
  const values = figure.rows.flatMap((t) => (t.unitId === null || t.value === null ? [] : [t.value]))
  if (values.length === 0) return { low: 0, step: 1 }
  const low = measure.classifier === '%' ? Math.min(...values) : Math.min(...values, 0)
  const high = Math.max(...values, low)
  return { low, step: (high - low) / BANDS || 1 }
}

const bandOf = (value: number, { low, step }: ReturnType<typeof bandsOf>) =>
  Math.min(BANDS - 1, Math.floor((value - low) / step))

export const tilesOf = (figure: Figure): Tile[] => figure.rows.filter((r) => r.unitId !== null)

export function BandLegend({ figure }: { figure: Figure }) {
  const bands = bandsOf(figure)
  const edge = (n: number) =>
    figureText({ value: Math.round((bands.low + n * bands.step) * 10) / 10, suppressed: false }, figure.measure)
  return (
    <span className="legend" role="img" aria-label={`色深分五档，等距，从 ${edge(0)} 到 ${edge(BANDS)}`}>
      {edge(0)}
      {Array.from({ length: BANDS }, (_, i) => (
        <i key={i} className={`tile-${i}`} />
      ))}
      {edge(BANDS)}
    </span>
  )
}

export function Tiles({ figure, open }: { figure: Figure; open: (tile: Tile) => void }) {
  const tiles = tilesOf(figure)
  const bands = bandsOf(figure)
  return (
    <ul className="tiles">
      {tiles.map((t) => (
        <li key={t.key}>
          <button
            type="button"
            className={t.suppressed || t.value === null ? 'tile tile-none' : `tile tile-${bandOf(t.value, bands)}`}
            onClick={() => open(t)}
          >
            <span>{t.name}</span>
            <b>{figureText(t, figure.measure)}</b>
          </button>
        </li>
      ))}
    </ul>
  )
}
