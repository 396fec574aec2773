import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'

/** True while the page is laid out for paper: what only serves the hand (selection, buttons, sticky heads) is left out. */
export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false)
  useEffect(() => {
    const media = window.matchMedia('print')
    // Paper is laid out right after the event, so the change has to be on the page before it returns.
    const set = (on: boolean) => flushSync(() => setPrinting(on))
    const before = () => set(true)
    const after = () => set(false)
    const changed = (e: MediaQueryListEvent) => set(e.matches)
    window.addEventListener('beforeprint', before)
    window.addEventListener('afterprint', after)
    media.addEventListener('change', changed)
    return () => {
      window.removeEventListener('beforeprint', before)
      window.removeEventListener('afterprint', after)
      media.removeEventListener('change', changed)
    }
  }, [])
  return printing
}
