// What is carried out of the house in files: rows of persons are weighed before they go, and every file leaves its entry. The rules
// live in a module; composition hands them to the ground (`Carrier`), as it does with access. (EX-08, A-36)

/** Files that hold persons’ records must state these among their failures. */
export const carryFailures = [
  'export.purpose-needed',
  'export.approval-needed',
  'export.not-found',
  'export.not-ready',
  'export.taken',
  'export.grown',
  'export.another',
  'core.anchor-old',
] as const

/** What a file would hold, asked before it is made; null where it holds no persons. */
export interface Weighed {
  title: string
  about: string
  rows: number
  query: Readonly<Record<string, unknown>>
}
