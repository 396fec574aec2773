// The door of documents from outside: their text, read in a capped child process (C-9).
export { DOCX, DOCX_BYTES, documentFailures, type Link, readDocument, readLinked } from './docx/read.ts'
