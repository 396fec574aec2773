// The door of spreadsheets: what comes in is read in a capped child process, what goes out is string-typed (C-9).
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
export { type Column, type OutCell, type OutSheet, writeCsv, writeWorkbook } from './xlsx/write.ts'
