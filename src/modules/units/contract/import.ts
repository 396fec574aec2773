import { z } from 'zod'
import { can, day, id, instant, listOf, paging, text } from '#core/contract.ts'

/** One row of the national division table: a code of 2, 4, 6, 9 or 12 digits and a name. */
export const DivisionRow = z.strictObject({ code: z.string().max(12), name: z.string().max(200) })
export type DivisionRow = z.infer<typeof DivisionRow>

export const DivisionImport = z.strictObject({
  underId: id.meta({ description: 'unit below which the rows belong; rows outside its code are refused' }),
  openedOn: day.optional().meta({ description: 'day from which new units exist; today when absent' }),
  rows: z
    .array(DivisionRow)
    .min(1)
    .max(10_000)
    .meta({ description: 'parents before children; sent in parts of at most 1 MB' }),
})
export type DivisionImport = z.infer<typeof DivisionImport>

export const RowProblem = z
  .strictObject({ sheet: z.string().nullable(), cell: z.string(), code: z.string(), text: z.string() })
  .meta({ id: 'UnitRowProblem' })
export type RowProblem = z.infer<typeof RowProblem>

const counts = { rows: z.int(), created: z.int(), changed: z.int(), unchanged: z.int() }

export const ImportResult = z
  .strictObject({ ...counts, problems: z.array(RowProblem) })
  .meta({ id: 'UnitImportResult' })
export type ImportResult = z.infer<typeof ImportResult>

const State = z.enum(['storing', 'refused', 'planned', 'committed', 'undone']).meta({
  description:
    'storing: more than 5,000 rows are stored by a job after the answer [IMP-10]; refused: it could not; planned: its day is still to come',
})

export const ImportPreview = z
  .strictObject({
    ...counts,
    hash: z.string().meta({ description: 'SHA-256 of the file, to be named when it is committed' }),
    importId: id
      .nullable()
      .meta({ description: 'the batch, once it is in and changed anything; it can be taken back for a day' }),
    state: State.nullable().meta({ description: 'what became of it; null of a preview' }),
    warnings: z.array(RowProblem),
    problems: z
      .array(RowProblem)
      .meta({ description: 'the first thousand; one without a cell speaks of the whole file' }),
    refused: z.int().meta({ description: 'rows with a problem of their own: those the error workbook gives back' }),
  })
  .meta({ id: 'UnitImportPreview' })
export type ImportPreview = z.infer<typeof ImportPreview>

export const ImportQuery = z.strictObject({
  under: id.meta({ description: 'unit below which rows without a parent code hang' }),
  openedOn: day.optional().meta({ description: 'day from which new units exist and changes hold; today when absent' }),
  fileName: text(120).optional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'format' })
    .optional()
    .meta({ description: 'hash of the previewed file; without it nothing is written' }),
})
export type ImportQuery = z.infer<typeof ImportQuery>

export const UnitImport = z
  .strictObject({
    id,
    state: State,
    fileName: z.string(),
    underName: z.string(),
    openedOn: day,
    ...counts,
    committedAt: instant,
    undoneAt: instant.nullable(),
    refused: z.string().nullable().meta({ description: 'why a job stored nothing of it' }),
    undoUntil: instant,
    withdrawn: z.int().nullable().meta({ description: 'units taken back' }),
    restored: z.int().nullable().meta({ description: 'changes turned back' }),
    kept: z
      .int()
      .nullable()
      .meta({ description: 'units and changes that stay, because others have worked with them since' }),
    can,
  })
  .meta({ id: 'UnitImport' })
export type UnitImport = z.infer<typeof UnitImport>
export const UnitImportList = listOf(UnitImport)
export const ListUnitImportsQuery = z.strictObject({ ...paging })
export type ListUnitImportsQuery = z.infer<typeof ListUnitImportsQuery>

export const UnitImportUndone = z.strictObject({
  id,
  withdrawn: z.int(),
  restored: z.int(),
  kept: z.array(z.strictObject({ id, name: z.string() })),
})
export type UnitImportUndone = z.infer<typeof UnitImportUndone>
