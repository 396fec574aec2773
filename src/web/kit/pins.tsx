// Measures a person keeps in sight: pinned on this device, for this account.
import { Button } from 'antd'
import { useSyncExternalStore } from 'react'
import { useMe } from './session.ts'

const listeners = new Set<() => void>()
const subscribe = (tell: () => void) => {
  listeners.add(tell)
  return () => void listeners.delete(tell)
}

const keyOf = (account: string) => `jishi:pins:${account}`

/** Pinned measure ids, oldest first, and how to pin or take off. */
export function usePins() {
  const { accountId: id } = useMe()
  const text = useSyncExternalStore(subscribe, () => localStorage.getItem(keyOf(id)) ?? '')
  const pins = text === '' ? [] : text.split(',')
  const toggle = (measure: string) => {
    const next = pins.includes(measure) ? pins.filter((p) => p !== measure) : [...pins, measure]
    localStorage.setItem(keyOf(id), next.join(','))
    for (const tell of listeners) tell()
  }
  return { pins, toggle }
}

export function PinButton({ measure }: { measure: string }) {
  const { pins, toggle } = usePins()
  const pinned = pins.includes(measure)
  return (
    <Button size="small" aria-pressed={pinned} onClick={() => toggle(measure)}>
      {pinned ? '取消关注' : '关注'}
    </Button>
  )
}
