// What is carried out of the house in files: rows of persons are weighed before they go, and every file leaves its entry. The rules
// live in a module; composition hands them to the ground, as it does with access. (EX-08, A-36)
import type { Context, Recorded } from './context.ts'

/** Files that hold persons’ records must state these among their failures. */
export const carryFailures = [
  'export.purpose-needed',
  'export.approval-needed',
  'export.not-found',
  'export.not-ready',
  'export.taken',
  'export.grown',
  'export.anchor-old',
] as const

/** A file of persons’ records on its way out. */
export interface Load {
  /** operationId of the route that makes it, and what was asked of it. */
  operation: string
  query: Readonly<Record<string, unknown>>
  title: string
  rows: number
  /** What was asked for before, where it was. */
  exportId: string | undefined
  /** What the history says was carried away. */
  entry: { action: string } & Recorded
}

export interface Carrier {
  /** Lets the file go, once, and answers what it is marked with. @throws what `carryFailures` name */
  take(ctx: Context, load: Load): Promise<string>
}

/** What a file would hold, asked before it is made; null where it holds no persons. */
export interface Weighed {
  title: string
  about: string
  rows: number
  query: Load['query']
}
