import { clock } from './clock.ts'

/** Answers not before `millis` have passed, so that the time taken tells nothing about what was found. */
export async function steadily<T>(millis: number, work: () => Promise<T>): Promise<T> {
  const start = clock.monotonic()
  try {
    return await work()
  } finally {
    const left = millis - (clock.monotonic() - start)
    if (left > 0) await new Promise((go) => setTimeout(go, left))
  }
}
