// What an engine publishes so that a mechanism can be data: the schema of its settings, and a scenario that plays them.
import type { z } from 'zod'

/** Lets a conformance scenario act as somebody with given verbs at the top of a district made for it. */
export interface Stage {
  /** Calls an operation of the API as an account that holds every verb, or as a resident; throws the answer when it is not 2xx. */
  call(
    operation: string,
    input: { params?: Record<string, string>; query?: Record<string, string>; body?: unknown },
    as?: string,
  ): Promise<Record<string, unknown>>
  district: number
  /** ids of units of the stage by short name: D, S1, C11, E111 (places); O, OC11, CITY (organisations) */
  unit: Record<string, string>
}

export interface Engine<S extends z.ZodType = z.ZodType> {
  name: string
  settings: S
  /** Plays any valid settings through the engine's life and reads its numbers back; throws when anything disagrees. */
  conformance?(stage: Stage, mechanismId: string, settings: z.output<S>): Promise<void>
}

export type SettingsOf<E extends Engine> = z.output<E['settings']>
