// Single keys: j/k move through rows, x selects, Enter opens, / searches, ? explains. They can be turned off. [WCAG 2.1.4]
import { type RefObject, useEffect, useRef, useState } from 'react'

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('textarea, select, input:not([type="checkbox"], [type="radio"])'))

const NAME = 'jishi.keys'
export const keysAreOn = () => localStorage.getItem(NAME) !== 'off'
export const turnKeys = (on: boolean) => (on ? localStorage.removeItem(NAME) : localStorage.setItem(NAME, 'off'))

/** A single key pressed on purpose: nobody types, no modifier is held, and keys are not turned off. */
export const isPlainKey = (e: KeyboardEvent) =>
  keysAreOn() && !e.defaultPrevented && !e.metaKey && !e.ctrlKey && !e.altKey && !typing(e.target)

/** The drawer or dialog that lies on top, if there is one. */
export const topLayer = () =>
  [...document.querySelectorAll('.ant-drawer-open, .ant-modal-wrap')]
    .filter((e) => getComputedStyle(e).display !== 'none')
    .at(-1) ?? null

/** Of several lists on one screen the one with the focus hears the keys, else the first; below a drawer none does. */
function hears(box: Element | null): boolean {
  const layer = topLayer()
  if (!box) return layer === null
  const lists = [...(layer ?? document).querySelectorAll('[data-rows]')]
  return (lists.find((l) => l.contains(document.activeElement)) ?? lists[0]) === box
}

const rowOf = (box: Element | null, id: string) =>
  (box ?? document).querySelector<HTMLElement>(`[data-row='${CSS.escape(id)}'], [data-row-key='${CSS.escape(id)}']`)

interface Acts {
  open: (id: string, row: HTMLElement | null) => void
  select?: ((id: string) => void) | undefined
}

/** Rows of `box`, or of the whole page. The row the keys stand on has the focus, so that it is read out and stays in sight. */
export function useRowKeys(ids: readonly string[], act: Acts, box?: RefObject<HTMLElement | null>): string | undefined {
  const [here, setHere] = useState<string | undefined>(undefined)
  const latest = useRef({ ids, act, here })
  latest.current = { ids, act, here }
  useEffect(() => {
    const key = (e: KeyboardEvent) => {
      const { ids: rows, act: run, here: now } = latest.current
      if (!isPlainKey(e) || !hears(box?.current ?? null)) return
      const at = now ? rows.indexOf(now) : -1
      const to = e.key === 'j' ? Math.min(at + 1, rows.length - 1) : e.key === 'k' ? Math.max(at - 1, 0) : null
      const next = to === null ? undefined : rows[to]
      if (next !== undefined) {
        setHere(next)
        const row = rowOf(box?.current ?? null, next)
        row?.focus({ preventScroll: true })
        row?.scrollIntoView({ block: 'nearest' })
      } else if (at >= 0 && now && e.key === 'x') run.select?.(now)
      else if (
        at >= 0 &&
        now &&
        e.key === 'Enter' &&
        !(e.target instanceof HTMLElement && /^(A|BUTTON)$/.test(e.target.tagName))
      )
        run.open(now, rowOf(box?.current ?? null, now))
      else return
      e.preventDefault()
    }
    window.addEventListener('keydown', key)
    return () => window.removeEventListener('keydown', key)
  }, [box])
  return here !== undefined && ids.includes(here) ? here : undefined
}

/** Opens a row as a click on its own name would. */
export const openRow = (row: HTMLElement | null) => row?.querySelector<HTMLElement>('a[href], button.link')?.click()

/** `/` goes to the search field of the page, or of the drawer on top; `?` tells which keys there are. */
export function usePageKeys(explain: () => void) {
  const run = useRef(explain)
  run.current = explain
  useEffect(() => {
    const key = (e: KeyboardEvent) => {
      if (!isPlainKey(e)) return
      if (e.key === '?') run.current()
      else if (e.key === '/') {
        const field = (topLayer() ?? document.querySelector('main'))?.querySelector<HTMLInputElement>(
          'input[type="search"], .ant-input-search input',
        )
        if (!field) return
        field.focus()
        field.select()
      } else return
      e.preventDefault()
    }
    window.addEventListener('keydown', key)
    return () => window.removeEventListener('keydown', key)
  }, [])
}
