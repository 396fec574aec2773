import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, dayFromNumber } from '#core/calendar.ts'
import { readDate } from './dates.ts'

test('IMP-8: dates read in every form the rosters use, with their precision', () => {
  const months = [
    '1998.06',
    '1998.6',
    '199806',
    '1998-06',
    '1998/6',
    '1998年6月',
    '1998年06月份',
    ' １９９８．０６ ',
    1998.06,
    1998.6,
    199806,
  ]
  for (const cell of months) expect(readDate(cell), String(cell)).toEqual({ value: '1998-06', precision: 'month' })
  const days = [
    '1998-06-01',
    '1998.06.01',
    '1998/6/1',
    '19980601',
    '1998年6月1日',
    '1998 年 6 月 1 号',
    '1998-06-01 00:00:00',
    '1998-06-01T00:00:00.000Z',
    '\u200b1998-6-1\u00a0',
    19980601,
    35947,
    35947.5,
    '35947',
  ]
  for (const cell of days) expect(readDate(cell), String(cell)).toEqual({ value: '1998-06-01', precision: 'day' })
  for (const cell of ['1998', '1998年', 1998])
    expect(readDate(cell), String(cell)).toEqual({ value: '1998', precision: 'year' })
})

test('IMP-8: Excel serial days follow both systems around the day that never was', () => {
  const read = (cell: number, system: 1900 | 1904 = 1900) => readDate(cell, { system })
  expect(read(1)).toEqual({ value: '1900-01-01', precision: 'day' })
  expect(read(59)).toEqual({ value: '1900-02-28', precision: 'day' })
  expect(read(60)).toEqual({ fault: 'excel-leap-day' })
  expect(read(61)).toEqual({ value: '1900-03-01', precision: 'day' })
  expect(read(0)).toEqual({ fault: 'out-of-range' })
  expect(read(0, 1904)).toEqual({ value: '1904-01-01', precision: 'day' })
  expect(read(60, 1904)).toEqual({ value: '1904-03-01', precision: 'day' })
  expect(read(35947 - 1462, 1904)).toEqual({ value: '1998-06-01', precision: 'day' })
})

test('IMP-8: what could mean two days is asked for, never guessed', () => {
  expect(readDate(1998.1)).toEqual({ fault: 'ambiguous-month' })
  expect(readDate('1998.10')).toEqual({ value: '1998-10', precision: 'month' })
  for (const cell of ['76.06', '76年6月', '98-6-1', 76.06])
    expect(readDate(cell), String(cell)).toEqual({ fault: 'two-digit-year' })
  for (const cell of [
    '19986',
    '6/1/1998',
    '1998.06-01',
    '不详',
    '至今',
    '1998.',
    -5,
    Number.NaN,
    1998.123,
    '1998年6',
    1234567,
  ])
    expect(readDate(cell), String(cell)).toEqual({ fault: 'form' })
  for (const cell of ['1998.13', '199800', '1998-02-29', '1998年6月31日', '1998-0-1'])
    expect(readDate(cell), String(cell)).toEqual({ fault: 'no-such-day' })
  for (const cell of ['1066.01', '2998-01-01', 99999])
    expect(readDate(cell), String(cell)).toEqual({ fault: 'out-of-range' })
  for (const cell of ['', '  ', '\u200b']) expect(readDate(cell)).toEqual({ fault: 'empty' })
})

test('TI-01: every day survives as text and as serial in both systems', () => {
  const number = fc.integer({ min: -24_000, max: 53_000 })
  fc.assert(
    fc.property(number, (at) => {
      const day = dayFromNumber(at)
      const [year, month, date] = day.split('-')
      const wanted = { value: day, precision: 'day' }
      expect(readDate(day)).toEqual(wanted)
      expect(readDate(`${year}年${Number(month)}月${Number(date)}日`)).toEqual(wanted)
      if (at + 25_569 > 8000) expect(readDate(at + 25_569)).toEqual(wanted)
      if (at + 24_107 > 8000)
        expect(readDate(at + 24_107, { system: 1904 })).toEqual({ value: addDays(day, 0), precision: 'day' })
    }),
  )
})
