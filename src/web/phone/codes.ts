// Follow-up codes a resident chose to keep on this phone. The code is the only key to a demand, so it stays here and nowhere else.
import { useSyncExternalStore } from 'react'
import { dropLocal, onLocal, readLocal, writeLocal } from './local.ts'

export interface KeptCode {
  code: string
  no: number
  title: string
  at: string
  /** Page the code opens; the demand's own where absent. */
  path?: string
}

const NAME = 'codes'
let codes: readonly KeptCode[] = readLocal<KeptCode[]>(NAME) ?? []
const listeners = new Set<() => void>()

function set(next: readonly KeptCode[]) {
  codes = next
  if (next.length > 0) writeLocal(NAME, next)
  else dropLocal(NAME)
  for (const tell of listeners) tell()
}

onLocal(NAME, () => {
  codes = readLocal<KeptCode[]>(NAME) ?? []
  for (const tell of listeners) tell()
})

export const keepCode = (kept: KeptCode) => set([kept, ...codes.filter((c) => c.code !== kept.code)].slice(0, 20))
export const dropCode = (code: string) => set(codes.filter((c) => c.code !== code))

const subscribe = (tell: () => void) => {
  listeners.add(tell)
  return () => void listeners.delete(tell)
}

export const useCodes = () => useSyncExternalStore(subscribe, () => codes)
