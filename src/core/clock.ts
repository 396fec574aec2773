// The only place that reads the machine's clock (C-11); everything else takes time as a parameter.
let shift = 0

export const clock = {
  /** The present instant, ISO 8601 in UTC with milliseconds. */
  now(): string {
    return new Date(clock.millis()).toISOString()
  },
  millis(): number {
    return Date.now() + shift
  },
  /** An instant read from the database, moved by the same test shift as our own clock. */
  adjust(instant: string): string {
    return shift === 0 ? instant : new Date(Date.parse(instant) + shift).toISOString()
  },
  /** For measuring durations: never jumps with the wall clock. */
  monotonic(): number {
    return performance.now()
  },
  /** Moves the clock for tests; refused anywhere else, so a deployed clock cannot be bent. */
  shiftForTest(millis: number): void {
    if (process.env.NODE_ENV !== 'test') throw new Error('clock.shiftForTest needs NODE_ENV=test')
    shift = millis
  },
}
