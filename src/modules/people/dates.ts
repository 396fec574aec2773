// Dates as they stand in spreadsheets and forms (IMP-8). Precision is kept: 1998.06 never becomes the first of June.
import { addDays, dayNumber, daysInMonth, isDay } from '#core/calendar.ts'

export type DateFault =
  | 'empty'
  | 'form'
  | 'two-digit-year'
  | 'ambiguous-month'
  | 'no-such-day'
  | 'out-of-range'
  | 'excel-leap-day'

export type ReadDate =
  | { value: string; precision: 'year' | 'month' | 'day' }
  /** `value` is `YYYY`, `YYYY-MM` or `YYYY-MM-DD` by precision. */
  | { fault: DateFault }

const EARLIEST = 1880
const LATEST = 2120
const TIME = /[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$/
const FORMS = [
  /^(\d{4})年?$/,
  /^(\d{4})([01]\d)$/,
  /^(\d{4})([01]\d)([0-3]\d)$/,
  /^(\d{4})[.\-/](\d{1,2})$/,
  /^(\d{4})([.\-/])(\d{1,2})\2(\d{1,2})$/,
  /^(\d{4})年(\d{1,2})月(?:份|(\d{1,2})[日号])?$/,
]

/** Reads a cell: text, or a number that is a serial day, `199806`, `19980601` or `1998.06`. */
export function readDate(cell: string | number, { system = 1900 }: { system?: 1900 | 1904 } = {}): ReadDate {
  if (typeof cell === 'number') return readNumber(cell, system)
  const text = cell
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(TIME, '')
    .replace(/\s+/g, '')
  if (text === '') return { fault: 'empty' }
  // 19986 may be meant as June 1998, 35947 can only be a serial day that was saved as text.
  if (/^(?!19|20)\d{5}$/.test(text)) return readSerial(Number(text), system)
  if (/^\d{2}[.\-/年]\d{1,2}(?:$|[.\-/月])/.test(text)) return { fault: 'two-digit-year' }
  for (const form of FORMS) {
    const [found, year, ...rest] = form.exec(text) ?? []
    const [month, date] = rest.filter((part) => part === undefined || /^\d/.test(part))
    if (found) return checked(Number(year), month, date)
  }
  return { fault: 'form' }
}

function readNumber(cell: number, system: 1900 | 1904): ReadDate {
  if (!Number.isFinite(cell) || cell < 0) return { fault: 'form' }
  const [, year = '', month] = /^(\d+)\.?(\d*)$/.exec(String(cell)) ?? []
  const inYears = Number(year) >= EARLIEST && Number(year) <= LATEST
  if (Number.isInteger(cell)) {
    // Four digits are a year (as a serial day they would lie around 1905), six and eight a written date.
    if (inYears) return checked(cell, undefined, undefined)
    return cell >= 100_000 ? readDate(String(cell)) : readSerial(cell, system)
  }
  if (cell < 100) return { fault: 'two-digit-year' }
  if (!inYears) return readSerial(Math.floor(cell), system)
  // 1998.10 is stored as 1998.1, so January and October look alike.
  if (month === '1') return { fault: 'ambiguous-month' }
  return month && month.length <= 2 ? checked(Number(year), month, undefined) : { fault: 'form' }
}

/** Excel counts a 29 February 1900 that never was (serial 60); the 1904 system does not. */
function readSerial(serial: number, system: 1900 | 1904): ReadDate {
  if (system === 1900 && serial === 60) return { fault: 'excel-leap-day' }
  const last = dayNumber(`${LATEST}-12-31`) - dayNumber('1899-12-30')
  if (serial > last || (system === 1900 && serial < 1)) return { fault: 'out-of-range' }
  const base = system === 1904 ? '1904-01-01' : serial < 60 ? '1899-12-31' : '1899-12-30'
  return { value: addDays(base, serial), precision: 'day' }
}

function checked(year: number, month: string | undefined, date: string | undefined): ReadDate {
  if (year < EARLIEST || year > LATEST) return { fault: 'out-of-range' }
  if (month === undefined) return { value: String(year), precision: 'year' }
  if (daysInMonth(year, Number(month)) === 0) return { fault: 'no-such-day' }
  const value = `${year}-${month.padStart(2, '0')}`
  if (date === undefined) return { value, precision: 'month' }
  const day = `${value}-${date.padStart(2, '0')}`
  return isDay(day) ? { value: day, precision: 'day' } : { fault: 'no-such-day' }
}
