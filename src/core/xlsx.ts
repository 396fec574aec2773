// The door of spreadsheets: what comes in is read in a capped child process, what goes out is string-typed (C-9).
import { type OutSheet, workbookBytes } from './xlsx/write.ts'

export { readWorkbook } from './xlsx/read.ts'
export {
  type Cell,
  cellAddress,
  type DateCell,
  type ErrorCell,
  type Limits,
  type Sheet,
  type Workbook,
} from './xlsx/shapes.ts'
export type { Column, OutCell, OutSheet } from './xlsx/write.ts'

export const writeWorkbook = async (sheets: readonly OutSheet[]): Promise<Buffer> =>
  Buffer.from((await workbookBytes(sheets)).buffer)
