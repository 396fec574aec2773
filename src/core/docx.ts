// The door of documents from outside: their text, read in a capped child process (C-9).
export { DOCX, DOCX_BYTES, documentFailures, readDocument } from './docx/read.ts'
