// Work that takes more than a moment: what is being done, how long already, and a way out. [screens: everywhere]
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { type ApiProblem, asProblem } from '#web/api.ts'
import { millisOf } from '#core/calendar/instants.ts'
import { useKey } from '#web/keys.ts'
import { nowInstant } from './time.ts'

/** Milliseconds between two looks at what a job is storing. */
export const LOOK_EVERY = 2000

export interface Long {
  /** what is being done now, e.g. `正在预检 60 行`; null while nothing runs */
  doing: string | null
  problem: ApiProblem | null
  /** Runs one piece of work; answers what it made, or nothing when it was refused or given up. */
  run: <T>(doing: string, work: (tools: { signal: AbortSignal; key: string }) => Promise<T>) => Promise<T | null>
  /** Counts, told while the work goes on. */
  tell: (doing: string) => void
  stop: () => void
  clear: () => void
}

export function useLong(): Long {
  const [doing, setDoing] = useState<string | null>(null)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const stopper = useRef<AbortController | null>(null)
  const key = useKey()
  useEffect(() => () => stopper.current?.abort(), [])
  const run: Long['run'] = async (words, work) => {
    const control = new AbortController()
    stopper.current = control
    setDoing(words)
    setProblem(null)
    try {
      const made = await work({ signal: control.signal, key: key.value() })
      key.settle()
      return made
    } catch (error) {
      key.settle(control.signal.aborted ? undefined : error)
      if (!control.signal.aborted) setProblem(asProblem(error))
      return null
    } finally {
      setDoing(null)
    }
  }
  return { doing, problem, run, tell: setDoing, stop: () => stopper.current?.abort(), clear: () => setProblem(null) }
}

/** The line that stands while it runs. `onStop` only where giving up leaves nothing half done. */
export function Progress({ doing, onStop, since }: { doing: string; onStop?: () => void; since?: string }) {
  // what began before the page was opened has taken longer than the page knows
  const [seconds, setSeconds] = useState(() =>
    since ? Math.max(0, Math.round((millisOf(nowInstant()) - millisOf(since)) / 1000)) : 0,
  )
  useEffect(() => {
    const tick = window.setInterval(() => setSeconds((n) => n + 1), 1000)
    return () => window.clearInterval(tick)
  }, [])
  return (
    <div className="progress">
      <i aria-hidden="true" />
      <span role="status">{doing}</span>
      <span className="quiet">已用 {seconds} 秒</span>
      {onStop ? (
        <Button size="small" onClick={onStop}>
          停止
        </Button>
      ) : null}
    </div>
  )
}
