// A chart on a page: the library comes when the first one is shown; beside it always stands the table it is drawn from.
import { lazy, Suspense } from 'react'
import { type Chart, chartHeight, chartWords, hasBegun, MOST_SERIES, whyNoChart } from '#core/chart/options.ts'
import type { Figure } from '#modules/figures/contract.ts'
import { isSeries, periodText } from './figures.ts'
import { Loading } from './states.tsx'
import { todayHere } from './time.ts'

const Drawing = lazy(async () => ({ default: (await import('./chart-drawing.tsx')).Drawing }))

interface PictureProps {
  of: Chart
  title: string
  /** the whole number of each series: parts are drawn as shares only where they add up to it */
  whole: readonly (number | null)[]
}

export function ChartPicture({ of, title, whole }: PictureProps) {
  const why = whyNoChart(of, whole)
  if (why) return <p className="note">不画图：{why}。</p>
  return (
    <figure className="chart" style={{ minHeight: chartHeight(of) }}>
      <Suspense fallback={<Loading lines={4} />}>
        <Drawing of={of} words={chartWords(of, title)} />
      </Suspense>
    </figure>
  )
}

/** Answers to one question as charts: numbers counted in the same unit stand in one. */
export function FigureCharts({ of, by, share }: { of: readonly Figure[]; by: string; share: boolean }) {
  const units = Map.groupBy(of, (f) => f.measure.classifier)
  const sets = [...units.values()].flatMap((same) =>
    share
      ? same.map((f) => [f])
      : Array.from({ length: Math.ceil(same.length / MOST_SERIES) }, (_, i) =>
          same.slice(i * MOST_SERIES, (i + 1) * MOST_SERIES),
        ),
  )
  return (
    <div className="charts">
      {sets.map((figures) => {
        const title = figures.map((f) => f.measure.name).join('、')
        return (
          <section key={title}>
            <h3>{title}</h3>
            <ChartPicture of={chartFrom(figures, by, share)} title={title} whole={figures.map((f) => f.value)} />
          </section>
        )
      })}
    </div>
  )
}

function chartFrom(figures: readonly Figure[], by: string, share: boolean): Chart {
  const timed = isSeries(by)
  const all = [...new Map(figures.flatMap((f) => f.rows.map((r) => [r.key, r.name] as const)))]
  const keys = timed ? all.filter(([key]) => hasBegun(key, todayHere())) : all
  return {
    form: share ? 'share' : timed ? 'line' : 'bar',
    timed,
    classifier: figures[0]?.measure.classifier ?? '',
    categories: keys.map(([, name]) => (timed ? periodText(name) : name)),
    series: figures.map((f) => ({
      name: f.measure.name,
      values: keys.map(([key]) => f.rows.find((r) => r.key === key)?.value ?? null),
    })),
  }
}
