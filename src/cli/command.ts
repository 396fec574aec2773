// What a command is: its words, what it says about itself, and either the operation it stands for or what it does.
import type { Column } from './table.ts'

export interface Io {
  out(text: string): void
  note(text: string): void
}

export interface OperationCommand {
  words: string
  about: string
  example: string
  operation: string
  /** Fields that may stand without their option, in order. */
  takes?: readonly string[]
  columns?: readonly Column[]
  /** Where a table of rows does not say it. */
  render?(json: unknown): string
}

export interface FreeCommand {
  words: string
  about: string
  example: string
  /** Options as shown in help. */
  options: readonly string[]
  run(words: readonly string[], io: Io): Promise<number>
}

export type Command = OperationCommand | FreeCommand
