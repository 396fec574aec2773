// What taking in without signal needs: names of my places and of categories. No personal data; renewed whenever there is signal.
import { useEffect, useState } from 'react'
import type { Mechanism } from '#modules/mechanisms/contract.ts'
import type { Unit } from '#modules/units/contract.ts'
import type { OccasionKind } from '../../contract.ts'
import { type ApiProblem, asProblem, call } from '#web/api.ts'
import { readLocal, writeLocal } from '#web/phone/local.ts'
import { currentAccount } from '#web/phone/session.ts'

interface Named {
  id: string
  name: string
}

export interface Kit {
  /** Whose places these are: another account on the same phone gets its own. */
  account: string | null
  places: Named[]
  mechanisms: (Named & { categories: Named[]; occasions: OccasionKind[] })[]
}

const NAME = 'places'

/** Roots of what I may see and what lies below them, estate by estate. */
async function placesOf(roots: readonly Unit[]): Promise<Named[]> {
  const below = await Promise.all(
    roots
      .slice(0, 5)
      .map((r) =>
        r.children > 0
          ? call<{ rows: Unit[] }>('GET', '/units', { query: { tree: 'place', parent: r.id, limit: 500 } }).then(
              (a) => a.rows,
            )
          : [],
      ),
  )
  return [...roots, ...below.flat()].map(({ id, name }) => ({ id, name }))
}

async function readKit(): Promise<Kit> {
  const [units, mechanisms] = await Promise.all([
    call<{ rows: Unit[] }>('GET', '/units', { query: { tree: 'place', limit: 50 } }),
    call<{ rows: Mechanism[] }>('GET', '/mechanisms', {}),
  ])
  const first = (m: Mechanism) => (m.settings['residents'] as { rank: number } | undefined)?.rank ?? 100
  const demands = mechanisms.rows.filter((m) => m.engine === 'demands').sort((a, b) => first(a) - first(b))
  return {
    account: currentAccount(),
    places: await placesOf(units.rows),
    mechanisms: demands.map((m) => ({
      id: m.id,
      name: m.name,
      categories: ((m.settings['categories'] ?? []) as Named[]).map(({ id, name }) => ({ id, name })),
      occasions: (m.settings['occasions'] ?? []) as OccasionKind[],
    })),
  }
}

/** The kit of this account: fresh where the server answers, the kept one where it does not. */
export function useKit() {
  const account = currentAccount()
  const [kit, setKit] = useState<Kit | null>(null)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [round, setRound] = useState(0)
  useEffect(() => {
    let gone = false
    setProblem(null)
    readKit().then(
      (fresh) => {
        writeLocal(NAME, fresh)
        if (!gone) setKit(fresh)
      },
      (error: unknown) => {
        const kept = readLocal<Kit>(NAME)
        if (gone) return
        if (kept && kept.account === account) setKit(kept)
        else setProblem(asProblem(error))
      },
    )
    return () => {
      gone = true
    }
  }, [account, round])
  return { kit, problem, again: () => setRound((n) => n + 1) }
}
