// What reading a draft yields.
import type { Context } from './context.ts'
import type { Figure } from './judge.ts'

export interface Doubt {
  code: 'remainder' | 'persons' | 'states' | 'pooled' | 'coverage' | 'parts' | 'note'
  text: string
}

export interface Reading extends Figure, Omit<Context, never> {
  text: string
  doubts: readonly Doubt[]
}

export interface Draft {
  readings: Reading[]
  ignored: { start: number; end: number; why: string }[]
}
