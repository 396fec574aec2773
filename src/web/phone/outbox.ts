// What was written without signal waits here with its idempotency key, is sent when the signal is back, and is never sent twice.
import { useSyncExternalStore } from 'react'
import { clock } from '#core/clock.ts'
import { ApiProblem, call, newKey } from '#web/api.ts'
import { dropLocal, onLocal, readLocal, writeLocal } from './local.ts'
import { currentAccount, onSignedIn } from './session.ts'

export type LetterKind = 'raise' | 'take-in'

/** Somebody may have registered the same thing meanwhile: the writer is asked, not decided over. */
export interface Twin {
  no: number
  title: string
  openedAt: string
}

export interface Letter {
  key: string
  kind: LetterKind
  path: string
  body: Record<string, unknown>
  /** One line that the writer knows it by. */
  label: string
  /** Account that wrote it; only this account sends it. Null for residents. */
  account: string | null
  madeAt: string
  state: 'waiting' | 'asking' | 'refused' | 'sent'
  refusal?: { title: string; ground: string | null }
  twins?: Twin[]
  /** The writer saw the twins and wants it sent all the same. */
  insist?: boolean
  /** The phone refuses storage: closing the page loses it, and the page says so. */
  unkept?: boolean
  answer?: { id?: string; code: string; no: number; respondBy?: string }
}

const NAME = 'outbox'
let letters: readonly Letter[] = readLocal<Letter[]>(NAME) ?? []
const listeners = new Set<() => void>()

function store(next: readonly Letter[]): boolean {
  letters = next
  const kept = next.length === 0 || writeLocal(NAME, next)
  if (next.length === 0) dropLocal(NAME)
  for (const tell of listeners) tell()
  return kept
}

onLocal(NAME, () => {
  letters = readLocal<Letter[]>(NAME) ?? []
  for (const tell of listeners) tell()
})

const change = (key: string, part: Partial<Letter>) =>
  store(letters.map((l) => (l.key === key ? { ...l, ...part } : l)))

export const discard = (key: string) => store(letters.filter((l) => l.key !== key))

const subscribe = (tell: () => void) => {
  listeners.add(tell)
  return () => void listeners.delete(tell)
}

export const useOutbox = (kind: LetterKind) =>
  useSyncExternalStore(subscribe, () => letters).filter((l) => l.kind === kind)

type Check = (letter: Letter) => Promise<Twin[]>
const checks: Partial<Record<LetterKind, Check>> = {}

/** A kind of letter may look for twins before a late sending. */
export const checkBeforeSending = (kind: LetterKind, check: Check) => {
  checks[kind] = check
}

const LATE = 120_000

/** Sends one letter. Resolves with what became of it; a letter without an answer stays waiting. */
async function deliver(letter: Letter): Promise<Letter> {
  try {
    const late = clock.millis() - Date.parse(letter.madeAt) > LATE
    const twins = late && !letter.insist ? await checks[letter.kind]?.(letter) : undefined
    if (twins && twins.length > 0) return { ...letter, state: 'asking', twins }
    const answer = await call<NonNullable<Letter['answer']>>('POST', letter.path, {
      body: letter.body,
      idempotencyKey: letter.key,
    })
    return { ...letter, state: 'sent', answer }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    // Without signal, or signed out meanwhile: nothing is lost, it waits.
    if (error.unsettled || error.status === 401) return { ...letter, state: 'waiting' }
    return {
      ...letter,
      state: 'refused',
      refusal: { title: error.issues.map((i) => i.text).join('；') || error.title, ground: error.ground },
    }
  }
}

/** Puts a letter down first and sends it then, so that a phone that dies between loses nothing. */
export async function post(draft: Pick<Letter, 'kind' | 'path' | 'body' | 'label' | 'account'>): Promise<Letter> {
  const letter: Letter = { ...draft, key: newKey(), madeAt: clock.now(), state: 'waiting' }
  const kept = store([...letters, letter])
  const outcome = { ...(await deliver(letter)), ...(kept ? {} : { unkept: true }) }
  change(letter.key, outcome)
  return outcome
}

let flushing = false

/** Sends everything that waits, oldest first; stops at the first that gets no answer. */
export async function flush(): Promise<void> {
  if (flushing || navigator.onLine === false) return
  flushing = true
  try {
    for (const letter of letters) {
      if (letter.state !== 'waiting' || (letter.account !== null && letter.account !== currentAccount())) continue
      const outcome = await deliver(letter)
      change(letter.key, outcome)
      if (outcome.state === 'waiting') return
    }
  } finally {
    flushing = false
  }
}

/** The writer answered the question about twins: send it all the same. */
export async function insist(key: string): Promise<void> {
  change(key, { state: 'waiting', insist: true })
  await flush()
}

/** Tries again when the signal is back, when the page is looked at again, and every half minute while it is open. */
export function keepFlushing() {
  window.addEventListener('online', () => void flush())
  onSignedIn(() => void flush())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void flush()
  })
  setInterval(() => {
    if (document.visibilityState === 'visible') void flush()
  }, 30_000)
  void flush()
}
