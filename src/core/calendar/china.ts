import data from '../calendar-cn.json' with { type: 'json' }
import type { WorkCalendar } from './workdays.ts'

/** CAL-01: the seed. A running district reads its own table, which an administrator extends each November. */
export const chinaCalendar = data as WorkCalendar
