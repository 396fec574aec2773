// Live boards: the server says which kind of thing changed, the lists that show it are read anew. Without the stream the
// screen still renews itself when it is looked at.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

/** Changes come in bursts; one reading per second is enough. */
const gather = 1000

export function useLive(signedIn: boolean) {
  const queries = useQueryClient()
  useEffect(() => {
    if (!signedIn) return
    const source = new EventSource('/api/live', { withCredentials: true })
    let waiting: ReturnType<typeof setTimeout> | undefined
    const changed = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined
        void queries.invalidateQueries({ predicate: (q) => /^\/(demands|tasks|claims)/.test(String(q.queryKey[0])) })
      }, gather)
    }
    source.addEventListener('message', changed)
    source.addEventListener('change', changed)
    // A refusal (404, 401) closes the stream for good; a lost connection is taken up again by the browser.
    return () => {
      clearTimeout(waiting)
      source.close()
    }
  }, [signedIn, queries])
}
