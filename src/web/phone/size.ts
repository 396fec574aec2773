// Large-font mode: remembered on this phone, set before the first paint of the app.
import { useSyncExternalStore } from 'react'
import { dropLocal, readLocal, writeLocal } from './local.ts'

const NAME = 'large'
let large = readLocal<boolean>(NAME) === true
const listeners = new Set<() => void>()

const show = () => {
  if (large) document.documentElement.dataset['size'] = 'large'
  else delete document.documentElement.dataset['size']
}
show()

export function toggleSize() {
  large = !large
  if (large) writeLocal(NAME, true)
  else dropLocal(NAME)
  show()
  for (const tell of listeners) tell()
}

const subscribe = (tell: () => void) => {
  listeners.add(tell)
  return () => void listeners.delete(tell)
}

export const useLarge = () => useSyncExternalStore(subscribe, () => large)
