// Numbers over a large district, asked over HTTP with a session and its rights, beside plain SQL's live scan in the same run.
import { type Hall, openHall, say } from './figures/hall.ts'
import type { Size } from './figures/plant.ts'
import { askAny, type Asked, askRoot, drawQuestions, median, timed } from './figures/questions.ts'
import { rateRows } from './figures/rates.ts'
import { timeReview } from './figures/review.ts'
import { moveUnit, timeWrites, writeClaims } from './figures/writes.ts'
import { quantile } from './load.ts'

const ms = (n: number, width = 8) => n.toFixed(1).padStart(width)

function sayAny(what: string, asked: readonly Asked[], worst: number) {
  const times = asked.map((a) => a.ms)
  say(`${what}: ${asked.length} questions, median ${ms(median(times), 0)} ms, p99 ${ms(quantile(times, 0.99), 0)} ms`)
  const levels = [...Map.groupBy(asked, (a) => a.level)].toSorted(([a], [b]) => a - b)
  say(
    `  by level: ${levels
      .map(
        ([level, of]) =>
          `${level}: ${ms(median(of.map((a) => a.ms)), 0)} / ${ms(
            quantile(
              of.map((a) => a.ms),
              0.99,
            ),
            0,
          )}`,
      )
      .join(' · ')}`,
  )
  for (const a of asked.slice(asked.length - worst)) say(`  ${ms(a.ms)} level ${a.level} ${JSON.stringify(a.query)}`)
}

async function sayRoot(hall: Hall) {
  say(
    'at the root                        keeper    leader   plain SQL (ms, medians; a leader is not shown small groups)',
  )
  for (const { what, when, keeper, leader, plain } of await askRoot(hall))
    say(`${what.padEnd(18)} ${when.padEnd(12)} ${ms(keeper)}  ${ms(leader)}  ${ms(plain, 10)}`)
}

async function sayRates(hall: Hall, seconds: number) {
  for (const r of await rateRows(hall, seconds)) {
    const times = (rate: number) => `${rate.toFixed(1)}/s (${(rate / r.plain).toFixed(1)} × plain)`
    say(
      `${r.what}: ${times(r.jishi)}, ${times(r.busy)} while written to, plain SQL ${r.plain.toFixed(1)}/s, ${r.errors} errors`,
    )
  }
}

export interface Options {
  questions: number
  seconds: number
  /** So many of the slowest questions are named. */
  worst: number
  keep?: string | undefined
}

export async function benchFigures(size: Size, { questions, seconds, worst, keep }: Options) {
  const hall = await openHall(size, keep)
  try {
    const drawn = drawQuestions(hall, questions)
    await askAny(hall, 'keeper', drawn.slice(0, 50))
    await sayRoot(hall)
    sayAny('any measure, unit, period', await askAny(hall, 'keeper', drawn), worst)
    sayAny('the same without small groups', await askAny(hall, 'leader', drawn), worst)
    const review = await timeReview(hall, 5)
    say(`review of 100 figures to .docx: median ${ms(median(review), 0)} ms, worst ${ms(review.at(-1) ?? 0, 0)} ms`)
    const right = await timeWrites(hall, 20)
    say(`right after a write: median ${ms(median(right), 0)} ms, worst ${ms(right.at(-1) ?? 0, 0)} ms`)
    await writeClaims(hall, 1500)
    const [burst] = await timed(() => askAny(hall, 'keeper', drawn.slice(0, 1)), 1)
    say(`right after 1500 records at one stroke: ${ms(burst ?? 0, 0)} ms`)
    sayAny('1500 changes after the sums were made', await askAny(hall, 'keeper', drawn), worst)
    await sayRates(hall, seconds)
    await moveUnit(hall)
    await askAny(hall, 'keeper', drawn.slice(0, 1))
    sayAny('a community moved, sums not yet made anew', await askAny(hall, 'keeper', drawn), worst)
  } finally {
    await hall.close()
  }
}
