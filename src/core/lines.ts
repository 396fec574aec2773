// Files that only grow, a line of JSON at a time, kept outside the database: anchors, and the list of what was erased.
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs'

/** A line cut short by a crash stays a line of its own, so it cannot spoil the next; one that found no room is taken back (DE-06). */
export function appendLine(file: string, line: string) {
  const handle = openSync(file, 'a+', 0o600)
  try {
    const { size } = fstatSync(handle)
    const last = Buffer.alloc(1)
    if (size > 0) readSync(handle, last, 0, 1, size - 1)
    const bytes = Buffer.from(`${size > 0 && last[0] !== 10 ? '\n' : ''}${line}\n`)
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at)
      fsyncSync(handle)
    } catch (error) {
      ftruncateSync(handle, size)
      throw error
    }
  } finally {
    closeSync(handle)
  }
}

/** What was written, line by line; null for one that was cut short by a crash, or tampered with. */
export function readLines<T>(file: string): (T | null)[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((text) => {
      try {
        return JSON.parse(text) as T
      } catch {
        return null
      }
    })
}
