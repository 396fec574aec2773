// How a capped child speaks: bytes in on stdin, lines of JSON out on stdout, a refusal as a line of its own.
import { writeSync } from 'node:fs'
import { Refusal } from './shapes.ts'

export function say(line: unknown) {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      // The pipe is full: wait for the reader without spinning.
      if ((error as { code?: string }).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

async function readAll(): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of process.stdin) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/** Reads the file that is handed in, says what `read` says of it, and how it ended. */
export async function tell<L>(read: (file: Buffer, limits: L) => void): Promise<void> {
  try {
    read(await readAll(), JSON.parse(process.argv[2] ?? '{}') as L)
    say({ end: true })
  } catch (error) {
    say(
      error instanceof Refusal
        ? { refused: error.code, params: error.params }
        : { refused: 'damaged', params: { why: String((error as Error).message) } },
    )
  }
}
