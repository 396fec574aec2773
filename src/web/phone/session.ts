// Who is signed in on this phone. Asked of the server each time the app opens; nothing about the person is stored.
import { useSyncExternalStore } from 'react'
import type { Me } from '#modules/access/contract.ts'
import { ApiProblem, call, closeSession, onSignedOut } from '#web/api.ts'
import { forgetAnswers } from './ask.ts'
import { dropLocal } from './local.ts'

export type Session =
  | { state: 'asking' }
  | { state: 'out' }
  | { state: 'unreachable'; problem: ApiProblem }
  | { state: 'in'; me: Me }

let session: Session = { state: 'asking' }
let asked = false
const listeners = new Set<() => void>()

function set(next: Session) {
  session = next
  for (const tell of listeners) tell()
}

export async function askWho(): Promise<void> {
  try {
    set({ state: 'in', me: await call<Me>('GET', '/me') })
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    if (error.status === 401) set({ state: 'out' })
    else if (session.state !== 'in') set({ state: 'unreachable', problem: error })
  }
}

export async function signOut(): Promise<void> {
  await closeSession()
  // The next person on this phone finds neither answers nor drafts.
  dropLocal('places')
  dropLocal('draft.take-in')
  forgetAnswers()
  set({ state: 'out' })
}

onSignedOut(() => {
  forgetAnswers()
  set({ state: 'out' })
})

/** Told whenever somebody is found to be signed in. */
export function onSignedIn(heard: () => void) {
  listeners.add(() => {
    if (session.state === 'in') heard()
  })
}

// Opened without signal: asked again as soon as there is some.
window.addEventListener('online', () => {
  if (session.state === 'unreachable') void askWho()
})

const subscribe = (tell: () => void) => {
  listeners.add(tell)
  if (!asked) {
    asked = true
    void askWho()
  }
  return () => void listeners.delete(tell)
}

export const useSession = () => useSyncExternalStore(subscribe, () => session)

/** The signed-in person, on pages that are only shown to one. */
export function useMe(): Me {
  const now = useSession()
  if (now.state !== 'in') throw new Error('useMe needs a session')
  return now.me
}

export const currentAccount = () => (session.state === 'in' ? session.me.accountId : null)

export const holds = (me: Me, verb: string) => me.mandates.some((m) => m.verbs.includes(verb))
