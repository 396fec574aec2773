// How parts of a manuscript are taken hold of: a number goes where the writer was, a part where it is dropped.
import { useRef, useState } from 'react'

/** Remembers the text area written in last, so that a number goes where the writer was. */
export function useInsertion() {
  const last = useRef<{ area: HTMLTextAreaElement; write: (text: string) => void } | null>(null)
  const watch = (write: (text: string) => void) => ({
    onFocus: (e: React.FocusEvent<HTMLTextAreaElement>) => {
      last.current = { area: e.target, write }
    },
  })
  const insert = (token: string) => {
    if (!last.current) return
    const { selectionStart: from, selectionEnd: to, value } = last.current.area
    last.current.write(`${value.slice(0, from)}${token}${value.slice(to)}`)
  }
  return { watch, insert }
}

export type Watch = ReturnType<typeof useInsertion>['watch']

const PART = 'application/x-jishi-part'

/** Parts are taken by their handle and dropped on another, which they take the place of; the buttons do the same from the keyboard. */
export function useDrag(at: number, take: (from: number) => void) {
  const [over, setOver] = useState(false)
  const carries = (e: React.DragEvent) => e.dataTransfer.types.includes(PART)
  return {
    over,
    handle: {
      draggable: true,
      onDragStart: (e: React.DragEvent) => {
        e.dataTransfer.setData(PART, String(at))
        e.dataTransfer.effectAllowed = 'move'
      },
    },
    target: {
      onDragOver: (e: React.DragEvent) => {
        if (!carries(e)) return
        e.preventDefault()
        setOver(true)
      },
      onDragLeave: () => setOver(false),
      onDrop: (e: React.DragEvent) => {
        setOver(false)
        if (!carries(e)) return
        e.preventDefault()
        take(Number(e.dataTransfer.getData(PART)))
      },
    },
  }
}
