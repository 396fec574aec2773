import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as calendar from './calendar.ts'
import { chinaCalendar as china } from './calendar.ts'
import { clock } from './clock.ts'

const day = fc.integer({ min: -25_567, max: 47_846 }).map(calendar.dayFromNumber) // 1900-01-01 to 2100-12-31
const recent = fc.integer({ min: 16_436, max: 20_818 }).map(calendar.dayFromNumber) // 2015 to 2026

describe('days', () => {
  test('TI-01: all 73,414 days from 1900 to 2100 survive number and text', () => {
    let [at, seen] = ['1900-01-01', 0]
    for (let number = calendar.dayNumber(at); at <= '2100-12-31'; number += 1, seen += 1) {
      if (calendar.dayFromNumber(number) !== at || calendar.dayNumber(at) !== number || !calendar.isDay(at)) break
      at = calendar.addDays(at, 1)
    }
    expect([at, seen]).toEqual(['2101-01-01', 73_414])
  })

  test('day numbers agree with an independent calendar, at the ends of time too', () => {
    for (const at of [
      '0001-01-01',
      '0001-12-31',
      '0400-12-31',
      '1582-10-15',
      '1970-01-01',
      '2000-02-29',
      '9999-12-31',
    ]) {
      expect(calendar.dayNumber(at)).toBe(Date.parse(`${at}T00:00:00Z`) / 86_400_000)
      expect(calendar.dayFromNumber(calendar.dayNumber(at))).toBe(at)
    }
    fc.assert(fc.property(day, (at) => calendar.dayNumber(at) === Date.parse(`${at}T00:00:00Z`) / 86_400_000))
    fc.assert(fc.property(day, (at) => calendar.weekdayOf(at) % 7 === new Date(`${at}T00:00:00Z`).getUTCDay()))
  })

  test('days that do not exist are refused', () => {
    for (const text of [
      '2026-02-29',
      '1900-02-29',
      '2026-04-31',
      '2026-13-01',
      '2026-00-10',
      '2026-1-01',
      '0000-01-01',
      '',
    ])
      expect(calendar.isDay(text), text).toBe(false)
    expect(calendar.isDay('2000-02-29')).toBe(true)
    expect(calendar.isDay(null)).toBe(false)
    expect(() => calendar.addDays('2026-02-30', 1)).toThrow(RangeError)
    expect(() => calendar.addDays('9999-12-31', 1)).toThrow(RangeError)
    expect(() => calendar.addDays('0001-01-01', -1)).toThrow(RangeError)
  })

  test('ENG-01: months keep the date or fall back to the last day of the month', () => {
    expect(calendar.addMonths('2026-08-31', 6)).toBe('2027-02-28')
    expect(calendar.addMonths('2027-08-31', 6)).toBe('2028-02-29')
    expect(calendar.addMonths('2026-03-31', -1)).toBe('2026-02-28')
    expect(calendar.addMonths('2024-02-29', 12)).toBe('2025-02-28')
    expect(calendar.addMonths('2026-01-15', -13)).toBe('2024-12-15')
    expect(calendar.addMonths('2026-12-31', 0)).toBe('2026-12-31')
    fc.assert(
      fc.property(day, fc.integer({ min: -600, max: 600 }), (at, months) => {
        const to = calendar.addMonths(at, months)
        return calendar.isDay(to) && Number(to.slice(8)) <= Number(at.slice(8))
      }),
    )
  })

  test('differences and order follow the calendar', () => {
    expect(calendar.daysBetween('2024-02-28', '2024-03-01')).toBe(2)
    expect(calendar.compareDays('2026-01-01', '2025-12-31')).toBeGreaterThan(0)
    fc.assert(fc.property(day, day, (a, b) => calendar.addDays(a, calendar.daysBetween(a, b)) === b))
    fc.assert(fc.property(day, day, (a, b) => Math.sign(calendar.compareDays(a, b)) === (a < b ? -1 : a > b ? 1 : 0)))
  })
})

describe('instants', () => {
  test('C-11: the day turns at midnight in Shanghai, whatever the machine thinks', () => {
    expect(calendar.today('2026-02-28T15:59:59.999Z')).toBe('2026-02-28')
    expect(calendar.today('2026-02-28T16:00:00.000Z')).toBe('2026-03-01')
    expect(calendar.dayOf('2026-03-01T00:00:00+08:00')).toBe('2026-03-01')
    expect(calendar.timeOf('2026-02-28T16:05:00Z')).toBe('00:05')
    expect(calendar.instantOf('2026-03-01', '00:00')).toBe('2026-02-28T16:00:00.000Z')
    expect(calendar.instantOf('2026-03-01', '24:00')).toBe('2026-03-01T16:00:00.000Z')
    fc.assert(fc.property(day, (at) => calendar.dayOf(calendar.instantOf(at, '00:00')) === at))
    fc.assert(fc.property(day, (at) => calendar.dayOf(calendar.instantOf(at, '23:59:59')) === at))
  })

  test('instants read in every offset form and print as the platform prints', () => {
    expect(calendar.millisOf('2026-03-01 01:02:03.123456+00')).toBe(Date.parse('2026-03-01T01:02:03.123Z'))
    expect(calendar.millisOf('2026-03-01T01:02+0530')).toBe(Date.parse('2026-02-28T19:32:00Z'))
    expect(calendar.millisOf('2026-03-01T01:02:03-08:00')).toBe(Date.parse('2026-03-01T09:02:03Z'))
    fc.assert(
      fc.property(fc.integer({ min: -2e12, max: 4e12 }), (millis) => {
        const text = calendar.instantOfMillis(millis)
        return text === new Date(millis).toISOString() && calendar.millisOf(text) === millis
      }),
    )
  })

  test('text that is no instant is refused', () => {
    for (const text of [
      '2026-03-01',
      '2026-03-01T01:02',
      '2026-03-01T24:00Z',
      '2026-02-30T00:00Z',
      '2026-03-01T00:60Z',
      '',
    ])
      expect(() => calendar.millisOf(text), text).toThrow(RangeError)
    expect(() => calendar.instantOf('2026-03-01', '9:00')).toThrow(RangeError)
  })

  test('the clock gives a present instant and moves only under test', () => {
    expect(Math.abs(calendar.millisOf(clock.now()) - clock.millis())).toBeLessThan(1000)
    const before = clock.millis()
    clock.shiftForTest(86_400_000)
    expect(clock.millis() - before).toBeGreaterThanOrEqual(86_400_000)
    clock.shiftForTest(0)
    expect(clock.millis() - before).toBeLessThan(60_000)
  })
})

describe('working days', () => {
  test('workday2026: the adjusted Saturdays and Sundays work and the holidays rest (CAL-01)', () => {
    const works = ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']
    for (const at of works) expect(calendar.isWorkday(china, at)).toEqual({ workday: true, provisional: false })
    const rests = ['2026-09-25', '2026-09-26', '2026-09-27', '2026-02-15', '2026-02-23', '2026-10-01', '2026-10-07']
    for (const at of rests) expect(calendar.isWorkday(china, at)).toEqual({ workday: false, provisional: false })
  })

  test('CAL-01: working weekends are exactly those of the notices, where the package erred too', () => {
    const weekends = Object.keys(china.days).filter((at) => china.days[at] === 'workday')
    expect(weekends.filter((at) => calendar.weekdayOf(at) <= 5)).toEqual([])
    const perYear = china.publishedYears.map((year) => weekends.filter((at) => at.startsWith(String(year))).length)
    expect(perYear).toEqual([5, 6, 5, 7, 6, 6, 7, 7, 7, 8, 5, 6])
    expect(calendar.isWorkday(china, '2018-06-16').workday).toBe(false)
    expect(calendar.isWorkday(china, '2015-01-04').workday).toBe(true)
  })

  test('CAL-02: a year without a notice answers by weekday and says 暂算', () => {
    expect(calendar.isWorkday(china, '2027-01-01')).toEqual({ workday: true, provisional: true })
    expect(calendar.isWorkday(china, '2027-01-02')).toEqual({ workday: false, provisional: true })
    expect(calendar.addWorkdays(china, '2026-12-30', 2).provisional).toBe(true)
    expect(calendar.addWorkdays(china, '2026-12-30', 1)).toEqual({ day: '2026-12-31', provisional: false })
  })

  test('fiveWorkdays: a five-day notice counts its first day (ENG-02)', () => {
    expect(calendar.addWorkdays(china, '2026-09-28', 5, { firstCounts: true }).day).toBe('2026-10-09')
    expect(calendar.addWorkdays(china, '2026-02-11', 5, { firstCounts: true }).day).toBe('2026-02-24')
    // Put up on a holiday, the first working day after is the first day.
    expect(calendar.addWorkdays(china, '2026-10-01', 1, { firstCounts: true }).day).toBe('2026-10-08')
    expect(calendar.addWorkdays(china, '2026-09-28', 5).day).toBe('2026-10-10')
    expect(calendar.addWorkdays(china, '2026-10-10', 0).day).toBe('2026-10-10')
    expect(calendar.addWorkdays(china, '2026-10-09', -4).day).toBe('2026-09-28')
  })

  test('ENG-02: adding working days never goes backwards and lands on a working day', () => {
    const count = fc.integer({ min: 1, max: 60 })
    fc.assert(
      fc.property(recent, count, fc.boolean(), (at, days, firstCounts) => {
        const one = calendar.addWorkdays(china, at, days, { firstCounts }).day
        const two = calendar.addWorkdays(china, at, days + 1, { firstCounts }).day
        const next = calendar.addWorkdays(china, calendar.addDays(at, 1), days, { firstCounts }).day
        return one >= at && two > one && next >= one && calendar.isWorkday(china, one).workday
      }),
    )
    fc.assert(
      fc.property(recent, count, (at, days) => {
        const to = calendar.addWorkdays(china, at, days).day
        return calendar.workdaysBetween(china, at, to).count === days
      }),
    )
  })
})

describe('deadlines', () => {
  const friday = '2026-09-18T09:30:00.000Z' // 17:30 in Shanghai; Sunday 20 September is a working day

  test('REQ-04: hours run by the clock, days and working days end with the last day', () => {
    expect(calendar.deadline(china, friday, { amount: 24, unit: 'hours' }).due).toBe('2026-09-19T09:30:00.000Z')
    expect(calendar.deadline(china, friday, { amount: 7, unit: 'days' }).due).toBe('2026-09-25T15:59:59.000Z')
    expect(calendar.deadline(china, friday, { amount: 1, unit: 'workdays' }).due).toBe('2026-09-20T15:59:59.000Z')
    expect(calendar.deadline(china, friday, { amount: 6, unit: 'workdays', at: '17:30' }).due).toBe(
      '2026-09-28T09:30:00.000Z',
    )
    expect(calendar.deadline(china, friday, { amount: 0, unit: 'workdays', at: '17:30' }).due).toBe(friday)
    expect(() => calendar.deadline(china, friday, { amount: Number.NaN, unit: 'hours' })).toThrow(RangeError)
    expect(() => calendar.deadline(china, friday, { amount: -1, unit: 'days' })).toThrow(RangeError)
  })

  test('CAL-02: a deadline that needs an unpublished year says so', () => {
    const start = '2026-12-30T02:00:00.000Z'
    expect(calendar.deadline(china, start, { amount: 5, unit: 'workdays' }).provisional).toBe(true)
    expect(calendar.deadline(china, start, { amount: 48, unit: 'workhours' }).provisional).toBe(true)
    expect(calendar.deadline(china, start, { amount: 5, unit: 'days' }).provisional).toBe(false)
  })

  test('working hours stand still on rest days and outside office hours', () => {
    const office = { open: '08:30', close: '17:30' }
    expect(calendar.addWorkHours(china, '2026-09-18T09:00:00Z', 1, office).due).toBe('2026-09-20T01:00:00.000Z')
    expect(calendar.addWorkHours(china, friday, 24).due).toBe('2026-09-20T09:30:00.000Z')
    expect(calendar.workHours(china, '2026-09-18T09:00:00Z', '2026-09-20T01:00:00Z', office)).toBe(1)
    expect(() => calendar.addWorkHours(china, friday, 1, { open: '17:30', close: '08:30' })).toThrow(RangeError)
    const minutes = fc.integer({ min: 0, max: 6_000_000 })
    fc.assert(
      fc.property(minutes, fc.integer({ min: 1, max: 6000 }), (start, length) => {
        const from = calendar.addHours('2015-01-05T00:00:00Z', start / 60)
        const { due } = calendar.addWorkHours(china, from, length / 60, office)
        return Math.abs(calendar.workHours(china, from, due, office) - length / 60) < 1e-3
      }),
      { numRuns: 50 },
    )
  })
})

describe('periods', () => {
  test('TI-06: ISO weeks cross the year and week 53 exists only where it does', () => {
    expect(calendar.periodOf('2027-01-03', 'week')).toEqual({
      kind: 'week',
      key: '2026-W53',
      from: '2026-12-28',
      to: '2027-01-03',
    })
    expect(calendar.periodOf('2021-01-03', 'week').key).toBe('2020-W53')
    expect(calendar.periodOf('2024-12-30', 'week').key).toBe('2025-W01')
    expect(calendar.periodOfKey('2026-W53')?.from).toBe('2026-12-28')
    expect(calendar.periodOfKey('2025-W53')).toBeNull()
    expect(calendar.samePeriodLastYear(calendar.periodOf('2026-12-31', 'week')).key).toBe('2025-W52')
    expect(calendar.samePeriodLastYear(calendar.periodOf('2026-03-04', 'week')).key).toBe('2025-W10')
  })

  test('TI-06: quarters, halves and years end on their last day', () => {
    expect(calendar.periodOf('2026-02-28', 'quarter')).toEqual({
      kind: 'quarter',
      key: '2026-Q1',
      from: '2026-01-01',
      to: '2026-03-31',
    })
    expect(calendar.periodOf('2026-07-01', 'half')).toEqual({
      kind: 'half',
      key: '2026-H2',
      from: '2026-07-01',
      to: '2026-12-31',
    })
    expect(calendar.periodOf('2024-02-29', 'month')).toEqual({
      kind: 'month',
      key: '2024-02',
      from: '2024-02-01',
      to: '2024-02-29',
    })
    expect(calendar.periodOf('9999-12-31', 'year').to).toBe('9999-12-31')
    expect(calendar.samePeriodLastYear(calendar.periodOf('2024-02-29', 'day')).key).toBe('2023-02-28')
    expect(calendar.periodsBetween('2025-12-31', '2026-07-01', 'quarter').map((period) => period.key)).toEqual([
      '2025-Q4',
      '2026-Q1',
      '2026-Q2',
      '2026-Q3',
    ])
  })

  test('every period holds its day, returns by its key and meets its neighbours', () => {
    const kind = fc.constantFrom<calendar.PeriodKind>('day', 'week', 'month', 'quarter', 'half', 'year')
    fc.assert(
      fc.property(day, kind, (at, of) => {
        const period = calendar.periodOf(at, of)
        expect(period.from <= at && at <= period.to).toBe(true)
        expect(calendar.periodOfKey(period.key)).toEqual(period)
        expect(calendar.nextPeriod(calendar.previousPeriod(period))).toEqual(period)
        expect(calendar.addDays(calendar.previousPeriod(period).to, 1)).toBe(period.from)
      }),
    )
  })

  test('keys that name no period are refused', () => {
    for (const key of [
      '',
      '2026-13',
      '2026-00',
      '2026-Q5',
      '2026-H3',
      '2026-W00',
      '2026-W54',
      '2026-02-30',
      '0000',
      '26',
      '2026-1',
    ])
      expect(calendar.periodOfKey(key), key).toBeNull()
  })
})

describe('ages', () => {
  test('AGE-01: rosters count by year and month', () => {
    expect(calendar.ageByMonth('197503', '2026-02')).toBe(50)
    expect(calendar.ageByMonth('197503', '2026-03')).toBe(51)
    expect(calendar.ageByMonth('1975-03-31', '2026-03-01')).toBe(51)
    expect(() => calendar.ageByMonth('197513', '2026-03')).toThrow(RangeError)
  })

  test('ENG-04: 周岁 counts to the day', () => {
    expect(calendar.fullAge('2008-03-02', '2026-03-01')).toBe(17)
    expect(calendar.fullAge('2008-03-01', '2026-03-01')).toBe(18)
    expect(calendar.fullAge('2008-02-29', '2026-02-28')).toBe(18)
    expect(calendar.fullAge('2008-02-29', '2028-02-28')).toBe(19)
  })

  test('AGE-02: 35岁以下 is not yet 36 and prints its cut-off', () => {
    expect(calendar.isAgedUpTo('1990-12', '2026-11', 35)).toBe(true)
    expect(calendar.isAgedUpTo('1990-11', '2026-11', 35)).toBe(false)
    expect(calendar.birthMonthCutoff('2026-11', 35)).toBe('1990-12')
    expect(calendar.birthMonthCutoff('2026-12-31', 35)).toBe('1991-01')
  })

  test('AGE-03: every age falls into exactly one band', () => {
    for (const bands of [calendar.PARTY_AGE_BANDS, calendar.CADRE_AGE_BANDS])
      for (let age = 0; age <= 120; age += 1)
        expect(
          bands.filter((band) => calendar.ageBandOf(age, [band]) !== undefined),
          String(age),
        ).toHaveLength(1)
    expect(calendar.ageBandOf(35, calendar.PARTY_AGE_BANDS)?.code).toBe('31-35')
    expect(calendar.ageBandOf(61, calendar.PARTY_AGE_BANDS)?.code).toBe('61-')
  })
})
