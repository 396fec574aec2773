// The screen lives in the address: scope, day, filters, sort, columns and the open drawer. A link reproduces the screen.
import { useCallback } from 'react'
import { useSearchParams } from 'wouter'

export type Patch = Record<string, string | number | boolean | null | undefined>

/** What is carried from page to page; everything else belongs to the page that wrote it. */
const carried = ['unit', 'on']

export function useAddress() {
  const [params, setParams] = useSearchParams()
  const get = useCallback((name: string) => params.get(name) ?? undefined, [params])
  const set = useCallback(
    (patch: Patch, how: { push?: boolean } = {}) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before)
          for (const [name, value] of Object.entries(patch)) {
            if (value === null || value === undefined || value === '' || value === false) next.delete(name)
            else next.set(name, String(value))
          }
          return next
        },
        { replace: !how.push },
      ),
    [setParams],
  )
  return { get, set, params }
}

/** A path with the scope and day of the present screen carried along, where it does not say them itself. */
export function useCarry() {
  const { params } = useAddress()
  return useCallback(
    (to: string, more: Record<string, string> = {}) => {
      const [path = '', query] = to.split('?')
      const next = new URLSearchParams(query)
      for (const [name, value] of Object.entries(more)) next.set(name, value)
      for (const name of carried) {
        const value = params.get(name)
        if (value && !next.has(name)) next.set(name, value)
      }
      const text = next.toString()
      return text ? `${path}?${text}` : path
    },
    [params],
  )
}
