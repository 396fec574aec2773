// What the stream of changes means to a page: whether it is heard, and that something changed. The console keeps the one stream.
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { clock } from '#core/clock.ts'

let heard = false
const watchers = new Set<() => void>()
const listeners = new Set<(kind: string) => void>()

export function setStreaming(on: boolean) {
  if (on === heard) return
  heard = on
  for (const tell of watchers) tell()
}

export function tellChanged(kind: string) {
  for (const hear of listeners) hear(kind)
}

const subscribe = (tell: () => void) => {
  watchers.add(tell)
  return () => void watchers.delete(tell)
}

/** True while the stream is open; a page that shows what it tells falls back to asking by itself otherwise. */
export const useStreaming = () => useSyncExternalStore(subscribe, () => heard)

/** Runs after something changed: soon after the first of a burst, and never more often than `apart`. */
export function useOnChange(run: () => void, { soon, apart }: { soon: number; apart: number }) {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    let last = 0
    const go = () => {
      waiting = undefined
      last = clock.millis()
      latest.current()
    }
    const hear = () => {
      waiting ??= setTimeout(go, Math.max(soon, last + apart - clock.millis()))
    }
    listeners.add(hear)
    return () => {
      clearTimeout(waiting)
      listeners.delete(hear)
    }
  }, [soon, apart])
}
