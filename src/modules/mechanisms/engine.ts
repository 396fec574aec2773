// What an engine publishes so that a mechanism can be data: the schema of its settings, and a scenario that plays them.
import type { z } from 'zod'

/** Who speaks. The first three hold every verb at the top and are three different persons; the first is meant when nobody is named. */
export type Voice = 'first' | 'second' | 'third' | 'handler' | 'member' | 'resident'

type Call = {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
  /** of what is changed, where the operation asks for If-Match */
  version?: number
}

/** Lets a conformance scenario act through the API in a district made for it. */
export interface Stage {
  /** Calls an operation by its id and returns the answer. @throws Refused when it is not 2xx */
  call(operation: string, input: Call, as?: string): Promise<Record<string, any>>
  district: number
  /** the day it is there, `YYYY-MM-DD` */
  today: string
  /** ids of units of the stage by short name: D, S1, C11, C12, E111 (places); O, OS1, OC11, CITY (organisations) */
  unit: Record<string, string>
  /** kinds of units of the district, with their tree */
  kinds: Readonly<Record<string, 'place' | 'org'>>
}

/** What an operation answered when it refused. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  constructor(operation: string, status: number, body: Record<string, unknown>) {
    super(`${operation}: ${status} ${JSON.stringify(body)}`)
    this.status = status
    this.code = String(body['code'] ?? '')
  }
}

export interface Engine<S extends z.ZodType = z.ZodType> {
  name: string
  settings: S
  /** Plays any valid settings through the engine's life and reads its numbers back; throws when anything disagrees. */
  conformance?(stage: Stage, mechanismId: string, settings: z.output<S>): Promise<void>
}

export type SettingsOf<E extends Engine> = z.output<E['settings']>
