import { z } from 'zod'
import { can, day, id, instant, listOf, paging } from '#core/contract.ts'

export const ImportPeopleQuery = z.strictObject({
  fileName: z.string().min(1).max(120).optional(),
  memberFrom: day
    .optional()
    .meta({ description: 'day from which the relations of the roster hold; today when absent' }),
})
export type ImportPeopleQuery = z.infer<typeof ImportPeopleQuery>

export const ImportCounts = z
  .strictObject({
    rows: z.int(),
    ok: z.int().meta({ description: 'rows that will be imported, warnings included' }),
    warnings: z.int().meta({ description: 'rows with a warning and no error' }),
    errors: z.int().meta({ description: 'rows with an error; they are not imported' }),
    existing: z
      .int()
      .meta({ description: 'rows of persons already on record in this organisation; left as they are [IMP-5, ID-01]' }),
  })
  .meta({ id: 'ImportCounts' })
export type ImportCounts = z.infer<typeof ImportCounts>

export const ImportIssue = z
  .strictObject({
    level: z.enum(['error', 'warning']),
    sheet: z.string(),
    cell: z.string(),
    column: z.string(),
    code: z.string(),
    text: z.string(),
  })
  .meta({ id: 'ImportIssue' })
export type ImportIssue = z.infer<typeof ImportIssue>

export const ImportState = z.enum(['checked', 'committing', 'committed', 'undone', 'cancelled'])
export type ImportState = z.infer<typeof ImportState>

export const ImportResult = z
  .strictObject({
    persons: z.int().optional().meta({ description: 'persons put on record' }),
    memberships: z.int().optional().meta({ description: 'formal relations begun' }),
    withdrawn: z.int().optional().meta({ description: 'persons taken back by the undoing' }),
    kept: z.int().optional().meta({ description: 'persons the undoing left, for somebody had worked with them' }),
    begun: instant.optional().meta({ description: 'when its storing was asked for, while a job does it' }),
    refused: z
      .string()
      .optional()
      .meta({ description: 'why a commit that was begun stored nothing; the batch may be committed again [IMP-10]' }),
  })
  .meta({ id: 'PeopleImportResult' })
export type ImportResult = z.infer<typeof ImportResult>

const batch = {
  id,
  state: ImportState,
  fileName: z.string(),
  sha256: z.string(),
  memberFrom: day,
  counts: ImportCounts,
  result: ImportResult,
  checkedAt: instant,
  committedAt: instant.nullable(),
  undoneAt: instant.nullable(),
  undoUntil: instant.nullable().meta({ description: 'up to when the whole batch can be taken back [IMP-6]' }),
  can: can.meta({ description: 'commit, cancel, undo, errors: what may be done with this batch now' }),
}

/** A batch as it stands in the list of them. */
export const PeopleImportRow = z.strictObject(batch).meta({ id: 'PeopleImportRow' })
export type PeopleImportRow = z.infer<typeof PeopleImportRow>
export const PeopleImportList = listOf(PeopleImportRow)
export const ListPeopleImportsQuery = z.strictObject({ state: ImportState.optional(), ...paging })
export type ListPeopleImportsQuery = z.infer<typeof ListPeopleImportsQuery>

export const PeopleImport = z
  .strictObject({
    ...batch,
    issues: z.array(ImportIssue).meta({ description: 'the first 200; the error workbook has them all' }),
    ignoredColumns: z.array(z.string()),
  })
  .meta({ id: 'PeopleImport' })
export type PeopleImport = z.infer<typeof PeopleImport>

export const CommitImport = z.strictObject({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'format' })
    .meta({ description: 'of the file as the dry run named it [A-33]' }),
  mode: z.enum(['correct-rows', 'all-or-nothing']),
})
export type CommitImport = z.infer<typeof CommitImport>

export const Committed = z.strictObject({
  id,
  state: z.enum(['committing', 'committed']).meta({
    description:
      'committing: of more than 5,000 rows, stored after the answer; ask the batch until it is over [IMP-10]',
  }),
  persons: z.int(),
  memberships: z.int(),
})
export type Committed = z.infer<typeof Committed>
export const Undone = z.strictObject({
  id,
  withdrawn: z.int(),
  kept: z
    .array(z.strictObject({ id, name: z.string() }))
    .meta({ description: 'persons somebody has worked with since; they stay' }),
})
