// Reading and sending from a page, with the four states every screen has: loading, empty, failed, full.
import { useCallback, useEffect, useRef, useState } from 'react'
import { type ApiProblem, asProblem, call, type Sending, withQuery } from '#web/api.ts'
import { useKey } from '#web/keys.ts'

/** Last answers of this visit, so that going back shows the page at once while it is read again. Never written to storage. */
const seen = new Map<string, unknown>()

export const forgetAnswers = () => seen.clear()

export interface Asked<T> {
  data: T | undefined
  problem: ApiProblem | null
  loading: boolean
  again: () => void
}

/** Reads `path`; null asks nothing yet. */
export function useAsk<T>(path: string | null, query: Sending['query'] = {}): Asked<T> {
  const address = path === null ? null : withQuery(path, query)
  const [round, setRound] = useState(0)
  const [state, setState] = useState<{
    address: string | null
    data?: T | undefined
    problem: ApiProblem | null
    loading: boolean
  }>({ address: null, problem: null, loading: true })
  useEffect(() => {
    if (address === null) return
    const stop = new AbortController()
    setState((was) => ({
      address,
      data: was.address === address ? was.data : (seen.get(address) as T | undefined),
      problem: null,
      loading: true,
    }))
    call<T>('GET', address, { signal: stop.signal }).then(
      (data) => {
        seen.set(address, data)
        setState({ address, data, problem: null, loading: false })
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setState((was) => ({ ...was, problem: asProblem(error), loading: false }))
      },
    )
    return () => stop.abort()
  }, [address, round])
  const again = useCallback(() => setRound((n) => n + 1), [])
  const lost = state.problem?.status === 0
  useEffect(() => {
    if (!lost) return
    window.addEventListener('online', again)
    return () => window.removeEventListener('online', again)
  }, [lost, again])
  const current = state.address === address
  return {
    data: current ? state.data : undefined,
    problem: current ? state.problem : null,
    loading: !current || state.loading,
    again,
  }
}

export interface Sent {
  sending: boolean
  problem: ApiProblem | null
  /** Runs one sending at a time; null when it was refused (see `problem`) or one is under way. */
  send<T>(work: () => Promise<T>): Promise<T | null>
  clear(): void
}

export function useSend(): Sent {
  const [sending, setSending] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const busy = useRef(false)
  const send = useCallback(async <T>(work: () => Promise<T>): Promise<T | null> => {
    if (busy.current) return null
    busy.current = true
    setSending(true)
    setProblem(null)
    try {
      return await work()
    } catch (error) {
      setProblem(asProblem(error))
      return null
    } finally {
      busy.current = false
      setSending(false)
    }
  }, [])
  return { sending, problem, send, clear: useCallback(() => setProblem(null), []) }
}

/** Sends one form: the idempotency key is made when it is first sent and kept while the outcome is unknown. Null when refused. */
export function usePost<T>() {
  const { send, sending, problem, clear } = useSend()
  const { value, settle } = useKey()
  const post = useCallback(
    (path: string, body?: unknown) =>
      send(async () => {
        try {
          const answer = await call<T>('POST', path, {
            ...(body === undefined ? {} : { body }),
            idempotencyKey: value(),
          })
          settle()
          return answer
        } catch (error) {
          settle(error)
          throw error
        }
      }),
    [send, value, settle],
  )
  return { post, sending, problem, clear }
}
