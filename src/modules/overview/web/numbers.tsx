// The numbers of the page: each with the period before, its way over twelve months, and the drawer behind it.
import { useQueries } from '@tanstack/react-query'
import type { Figure, Figures } from '#modules/figures/contract.ts'
import { call } from '#web/api.ts'
import { changeText, figureText, growthText, periodText } from '#web/kit/figures.ts'
import { Num, spanText } from '#web/kit/number-drawer.tsx'
import { EmptyState, ErrorState, Loading } from '#web/kit/states.tsx'
import { todayHere } from '#web/kit/time.ts'
import type { OverviewPage } from '../contract.ts'

export interface AskedPage {
  unit: string | undefined
  period: string
  /** how often the page reads anew by itself */
  every: number
}

interface Card {
  key: string
  measure: string
  /** of another unit than the page */
  unit: { id: string; name: string } | null
  own: boolean
}

/** The district's numbers, then the reader's own; what stands already is not shown twice. */
function cardsOf({ numbers, pins }: OverviewPage): Card[] {
  const given = numbers.map((measure): Card => ({ key: measure, measure, unit: null, own: false }))
  const more = pins
    .filter((p) => p.unit !== null || !numbers.includes(p.measure))
    .map((p): Card => ({ key: p.id, measure: p.measure, unit: p.unit, own: true }))
  return [...given, ...more]
}

const figuresQuery = (query: Record<string, string | undefined>, every: number) => ({
  queryKey: ['/figures', query],
  refetchInterval: every,
  queryFn: ({ signal }: { signal: AbortSignal }) => call<Figures>('GET', '/figures', { query, signal }),
})

/** One question per unit, and one for the way of its numbers. */
function useNumbers(cards: readonly Card[], { unit, period, every }: AskedPage) {
  const groups = [...Map.groupBy(cards, (c) => c.unit?.id)]
  const asked = groups.map(([own, of]) => ({ unit: own ?? unit, measures: of.map((c) => c.measure).join(',') }))
  const now = useQueries({ queries: asked.map((a) => figuresQuery({ ...a, period, compare: 'previous' }, every)) })
  const trend = useQueries({
    queries: asked.map((a) => figuresQuery({ ...a, period: 'last-12-months', by: 'month' }, every * 10)),
  })
  const at = (card: Card) => groups.findIndex(([own]) => own === card.unit?.id)
  const found = (data: Figures | undefined, card: Card) => data?.figures.find((f) => f.measure.id === card.measure)
  return {
    answers: now,
    first: now[0]?.data,
    of: (card: Card) => {
      const i = at(card)
      return { figure: found(now[i]?.data, card), answer: now[i]?.data, way: found(trend[i]?.data, card) }
    },
  }
}

export function Numbers({ page, asked }: { page: OverviewPage; asked: AskedPage }) {
  const cards = cardsOf(page)
  const { answers, of } = useNumbers(cards, asked)
  const failed = answers.find((a) => a.error)
  if (cards.length === 0)
    return <EmptyState title="还没有数字">打开任意一个数字，点“关注”，它就会出现在这里。</EmptyState>
  if (failed) return <ErrorState error={failed.error} retry={() => answers.forEach((a) => void a.refetch())} />
  if (answers.some((a) => a.isPending)) return <Loading lines={6} />
  return (
    <ul className="numbers">
      {cards.map((card) => {
        const { figure, answer, way } = of(card)
        return figure && answer ? (
          <li key={card.key}>
            <NumberCard card={card} figure={figure} answer={answer} way={way} asked={asked} />
          </li>
        ) : null
      })}
    </ul>
  )
}

interface CardProps {
  card: Card
  figure: Figure
  answer: Figures
  way: Figure | undefined
  asked: AskedPage
}

function NumberCard({ card, figure, answer, way, asked }: CardProps) {
  const { measure, before } = figure
  const growth = growthText(figure, measure)
  return (
    <article className="number-card" aria-label={measure.name}>
      <h3>
        {measure.name}
        {card.own ? <span className="quiet">　{card.unit ? card.unit.name : '我的关注'}</span> : null}
      </h3>
      <div className="bignum">
        <Num figure={figure} unit={card.unit?.id ?? asked.unit} period={asked.period} />
      </div>
      <div className="quiet" title={answer.comparedWith ? spanText(answer.comparedWith) : undefined}>
        <span className="nowrap">上期 {before ? figureText(before, measure) : '—'}　</span>
        {figure.change === null ? null : (
          <span className="nowrap">
            {changeText(figure.change, measure)}
            {growth ? `（${growth}）` : ''}
          </span>
        )}
      </div>
      <Way of={way} />
    </article>
  )
}

const WIDTH = 240
const HEIGHT = 36

/** Twelve months as a thin line; what it says stands in words for who does not see it. Months without a number are gaps. */
function Way({ of }: { of: Figure | undefined }) {
  const rows = of?.rows.filter((r) => r.key <= todayHere().slice(0, 7)) ?? []
  const values = rows.map((r) => r.value)
  const known = values.filter((v) => v !== null)
  if (!of || known.length < 2)
    return <svg className="way" preserveAspectRatio="none" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" />
  const [low, high] = [Math.min(0, ...known), Math.max(...known)]
  const x = (i: number) => 6 + (i * (WIDTH - 12)) / Math.max(1, values.length - 1)
  const y = (v: number) => HEIGHT - 4 - ((v - low) / (high - low || 1)) * (HEIGHT - 8)
  const path = values
    .map((v, i) =>
      v === null ? '' : `${i > 0 && values[i - 1] !== null ? 'L' : 'M'}${x(i).toFixed(1)} ${y(v).toFixed(1)}`,
    )
    .join('')
  const [first, last] = [rows[0], rows.at(-1)]
  const told = (r: (typeof rows)[number] | undefined) => (r ? `${periodText(r.key)} ${figureText(r, of.measure)}` : '')
  const end = values.at(-1) ?? null
  return (
    <svg
      className="way"
      preserveAspectRatio="none"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`近十二个月：${told(first)} 至 ${told(last)}`}
    >
      <title>{`近十二个月：${told(first)} 至 ${told(last)}`}</title>
      <path d={path} />
      {end === null ? null : <path className="end" d={`M${x(values.length - 1)} ${y(end)}h0.01`} />}
    </svg>
  )
}
