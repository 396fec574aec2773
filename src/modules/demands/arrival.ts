// When somebody may say that he has arrived: the server and the phone decide it alike.
import { millisOf } from '#core/calendar/instants.ts'

const BEFORE_START = 2 * 3_600_000

/** From two hours before a task begins until it is over. */
export const isNear = (task: { startsAt: string; endsAt: string }, now: string) =>
  millisOf(now) >= millisOf(task.startsAt) - BEFORE_START && millisOf(now) <= millisOf(task.endsAt)
