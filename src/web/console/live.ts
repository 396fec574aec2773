// Live boards: the server says which kind of thing changed — never its content — and the lists that show it are read anew.
// Without the stream the screen still renews itself when it is looked at.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { setStreaming, tellChanged } from '#web/kit/live.ts'
import { meKey } from '#web/kit/session.ts'

/** Changes come in bursts; one reading per second is enough. */
const gather = 1000

/** Questions that may show a kind of record, by the beginning of their path. */
const shows: Record<string, readonly string[]> = {
  demand: ['/demands'],
  task: ['/tasks', '/claims', '/demands/one'],
  registration: ['/registrations', '/persons/one'],
  unit: ['/units', '/unit-changes'],
  feedback: ['/feedback'],
}

export function useLive(signedIn: boolean) {
  const queries = useQueryClient()
  useEffect(() => {
    if (!signedIn) return
    const source = new EventSource('/api/live')
    const stale = new Set<string>()
    let waiting: ReturnType<typeof setTimeout> | undefined
    const renew = () => {
      waiting = undefined
      const paths = [...stale]
      stale.clear()
      void queries.invalidateQueries({ predicate: (q) => paths.some((p) => String(q.queryKey[0]).startsWith(p)) })
    }
    source.addEventListener('open', () => setStreaming(true))
    source.addEventListener('error', () => setStreaming(false))
    source.addEventListener('changed', (event) => {
      const { kind } = JSON.parse((event as MessageEvent<string>).data) as { kind: string }
      tellChanged(kind)
      for (const path of shows[kind] ?? [`/${kind}s`]) stale.add(path)
      waiting ??= setTimeout(renew, gather)
    })
    source.addEventListener('end', (event) => {
      const { why } = JSON.parse((event as MessageEvent<string>).data) as { why: string }
      if (why !== 'signed-out') return
      source.close()
      setStreaming(false)
      void queries.invalidateQueries({ queryKey: meKey })
    })
    // A refusal closes the stream for good; a lost connection is taken up again by the browser.
    return () => {
      clearTimeout(waiting)
      setStreaming(false)
      source.close()
    }
  }, [signedIn, queries])
}
