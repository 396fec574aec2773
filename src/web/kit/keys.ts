import { useEffect, useRef, useState } from 'react'

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** j/k move through rows, x selects, enter opens; silent while somebody types or a dialog is open. */
export function useRowKeys(
  ids: readonly string[],
  act: { open: (id: string) => void; select?: (id: string) => void },
): string | undefined {
  const [here, setHere] = useState<string | undefined>(undefined)
  const latest = useRef({ ids, act, here })
  latest.current = { ids, act, here }
  useEffect(() => {
    const key = (e: KeyboardEvent) => {
      const { ids: rows, act: run, here: now } = latest.current
      if (
        e.metaKey ||
        e.ctrlKey ||
        e.altKey ||
        typing(e.target) ||
        document.querySelector('.ant-drawer-open, .ant-modal-wrap:not([style*="display: none"])')
      )
        return
      const at = now ? rows.indexOf(now) : -1
      const to = e.key === 'j' ? Math.min(at + 1, rows.length - 1) : e.key === 'k' ? Math.max(at - 1, 0) : null
      if (to !== null && rows[to]) {
        setHere(rows[to])
        document
          .querySelector(`[data-row='${CSS.escape(rows[to])}'], [data-row-key='${CSS.escape(rows[to])}']`)
          ?.scrollIntoView({ block: 'nearest' })
      } else if (e.key === 'x' && now) run.select?.(now)
      else if (e.key === 'Enter' && now && !(e.target instanceof HTMLElement && /^(A|BUTTON)$/.test(e.target.tagName)))
        run.open(now)
    }
    window.addEventListener('keydown', key)
    return () => window.removeEventListener('keydown', key)
  }, [])
  return here && ids.includes(here) ? here : undefined
}
