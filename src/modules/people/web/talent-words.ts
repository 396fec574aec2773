// Words of the talent engine: fixed ones, and those a district gave to its own mechanisms.
import type { MechanismRow } from '#modules/mechanisms/contract.ts'
import type { Tone } from '#web/kit/clock.tsx'
import { useMechanismsOf } from '#web/kit/mechanisms.tsx'
import type { Milestone, Talent, TalentSettings } from '../contract.ts'
import { talentForms as forms } from '../contract/names.ts'

export { forms }

const tones: Partial<Record<Milestone, Tone>> = {
  arrived: 'done',
  serving: 'done',
  retained: 'done',
  completed: 'off',
  left: 'off',
}

export const toneOf = (t: Talent): Tone =>
  t.withdrawn ? 'off' : (tones[t.steps.at(-1)?.milestone ?? 'interest'] ?? 'act')

export interface TalentMechanism {
  id: string
  name: string
  inForce: boolean
  settings: TalentSettings
}

const empty: TalentSettings = {
  forms: ['person'],
  levels: [],
  fields: [],
  routes: [],
  channels: [],
  states: [],
  consent: false,
  targets: false,
  events: [],
}

/** Settings as they are kept leave out what is empty. */
const mechanismOf = ({ id, name, inForce, settings }: MechanismRow): TalentMechanism => ({
  id,
  name,
  inForce,
  settings: { ...empty, ...(settings as Partial<TalentSettings>) },
})

export const useTalentMechanisms = () => useMechanismsOf('talents', mechanismOf)

type Choices = 'levels' | 'fields' | 'routes' | 'channels' | 'states' | 'events'

/** Name of a word within its mechanism; the word itself where the mechanism may not be read. */
export function useTalentWords() {
  const { data = [] } = useTalentMechanisms()
  const find = (id: string) => data.find((m) => m.id === id)
  return {
    mechanism: (id: string) => find(id)?.name ?? id,
    word: (id: string, part: Choices, word: string) =>
      find(id)?.settings[part].find((c) => c.id === word)?.name ?? word,
    /** every word of a mechanism by its name, for its timeline */
    all: (id: string): Record<string, string> => {
      const s = find(id)?.settings ?? empty
      const lists = [s.levels, s.fields, s.routes, s.channels, s.states, s.events]
      return Object.fromEntries([[id, find(id)?.name ?? id], ...lists.flat().map((c) => [c.id, c.name])])
    },
  }
}

export type TalentWords = ReturnType<typeof useTalentWords>

export const choicesOf = (rows: readonly { id: string; name: string }[]) =>
  rows.map((r) => ({ value: r.id, label: r.name }))
