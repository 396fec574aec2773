// Who I am and what I may do; the server decides, the screen only shows what it was told.
import { type QueryClient, useQuery } from '@tanstack/react-query'
import type { Me } from '#modules/access/contract.ts'
import { ApiProblem, call } from '#web/api.ts'

export const meKey = ['me'] as const

async function askMe(): Promise<Me | null> {
  try {
    return await call<Me>('GET', '/me')
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null
    throw error
  }
}

/** null: nobody is signed in. */
export const useSession = () => useQuery({ queryKey: meKey, queryFn: askMe, staleTime: 60_000 })

/** The signed-in person; only inside the frame, where there is one. */
export function useMe(): Me {
  const { data } = useSession()
  if (!data) throw new Error('useMe outside the frame')
  return data
}

export const holds = (me: Me, verb: string) => me.mandates.some((m) => m.verbs.includes(verb))

/** True when some mandate holds the verb; what may be done with one thing rides in its `can`. */
export const usePermission = (verb: string) => holds(useMe(), verb)

/** Signed out: everything read is forgotten. */
export function forgetAll(client: QueryClient) {
  client.setQueryData(meKey, null)
  client.removeQueries({ predicate: (q) => q.queryKey[0] !== meKey[0] })
}
