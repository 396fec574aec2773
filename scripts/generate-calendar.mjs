// Writes src/core/calendar-cn.json from the dev dependency holiday-calendar (CAL-01).
// Run again when the State Council's notice for the next year is out and the package has it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const FIRST = 2015
const LAST = 2026
// Where holiday-calendar 1.3.3 departs from the State Council's notices (国办发明电〔2014〕28号, 〔2015〕18号, 〔2017〕12号).
const CORRECTIONS = { '2015-01-04': 'workday', '2016-04-02': null, '2018-06-16': null, '2018-09-22': null }
const KINDS = { public_holiday: 'holiday', transfer_workday: 'workday' }

const folder = join(dirname(createRequire(import.meta.url).resolve('holiday-calendar/package.json')), 'data', 'CN')
const days = {}
const publishedYears = []

for (let year = FIRST; year <= LAST; year++) {
  const file = join(folder, `${year}.json`)
  if (!existsSync(file)) continue
  publishedYears.push(year)
  for (const { date, type } of JSON.parse(readFileSync(file, 'utf8')).dates) {
    if (!KINDS[type]) throw new Error(`${file}: unknown type ${type} on ${date}`)
    if (days[date] && days[date] !== KINDS[type]) throw new Error(`${date} is both ${days[date]} and ${KINDS[type]}`)
    days[date] = KINDS[type]
  }
}

for (const [date, kind] of Object.entries(CORRECTIONS)) {
  if ((days[date] ?? null) === kind) throw new Error(`the correction of ${date} is no longer needed`)
  if (kind) days[date] = kind
  else delete days[date]
}

const sorted = Object.fromEntries(Object.entries(days).sort(([a], [b]) => (a < b ? -1 : 1)))
const target = new URL('../src/core/calendar-cn.json', import.meta.url)
writeFileSync(target, `${JSON.stringify({ days: sorted, publishedYears }, null, 2)}\n`)
