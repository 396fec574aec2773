// The door of the calendar: days, instants, working days, periods and ages, all on text (C-11).
export * from './calendar/ages.ts'
export { chinaCalendar } from './calendar/china.ts'
export {
  addDays,
  addMonths,
  compareDays,
  type Day,
  dayFromNumber,
  dayNumber,
  dayOfParts,
  daysBetween,
  daysInMonth,
  isDay,
  weekdayOf,
} from './calendar/days.ts'
export * from './calendar/instants.ts'
export * from './calendar/periods.ts'
export * from './calendar/workdays.ts'
