// Files one after another: a line of JSON (path, size), then the bytes. Small, streamed, and nothing in it names an owner or a link.
import { createReadStream, mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'

export interface Source {
  /** Inside the archive. */
  path: string
  /** On this machine; or the content itself. */
  from: string | Buffer
}

const PART = 1024 * 1024

const lineOf = (path: string, size: number) => {
  const json = Buffer.from(JSON.stringify({ path, size }))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(json.length)
  return Buffer.concat([length, json])
}

/** A file of a running database grows, shrinks and goes while it is read: the log that is copied after it makes it whole again. */
async function* contentOf(path: string, from: string): AsyncGenerator<Buffer> {
  const file = await open(from, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!file) return
  try {
    const { size } = await file.stat()
    yield lineOf(path, size)
    for (let at = 0; at < size; ) {
      const part = Buffer.alloc(Math.min(PART, size - at))
      await file.read(part, 0, part.length, at)
      yield part // what has gone from the end stays zero
      at += part.length
    }
  } finally {
    await file.close()
  }
}

export async function* pack(sources: AsyncIterable<Source> | Iterable<Source>): AsyncGenerator<Buffer> {
  for await (const { path, from } of sources) {
    if (typeof from === 'string') yield* contentOf(path, from)
    else yield Buffer.concat([lineOf(path, from.length), from])
  }
  yield Buffer.alloc(4)
}

class Reader {
  readonly #parts: AsyncIterator<Buffer>
  #held: Buffer = Buffer.alloc(0)
  constructor(source: AsyncIterable<Buffer>) {
    this.#parts = source[Symbol.asyncIterator]()
  }
  /** Up to `most` bytes; empty at the end. */
  async some(most: number): Promise<Buffer> {
    while (this.#held.length === 0) {
      const next = await this.#parts.next()
      if (next.done) return Buffer.alloc(0)
      this.#held = next.value
    }
    const part = this.#held.subarray(0, most)
    this.#held = this.#held.subarray(part.length)
    return part
  }
  async exactly(size: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for (let left = size; left > 0; ) {
      const part = await this.some(left)
      if (part.length === 0) throw new Error('the archive ends in the middle')
      parts.push(part)
      left -= part.length
    }
    return Buffer.concat(parts)
  }
  async drained() {
    return (await this.some(1)).length === 0
  }
}

/** A handle, not a stream: when the archive breaks off, nothing is still being opened while the folder is removed. */
async function unpackFile(reader: Reader, target: string, size: number) {
  const file = await open(target, 'wx', 0o600)
  try {
    for (let left = size; left > 0; ) {
      const part = await reader.some(left)
      if (part.length === 0) throw new Error('the archive ends in the middle')
      await file.writeFile(part)
      left -= part.length
    }
  } finally {
    await file.close()
  }
}

/** Unpacks below `folder`; what would land outside is refused. Answers the paths. */
export async function unpack(source: AsyncIterable<Buffer>, folder: string): Promise<string[]> {
  const reader = new Reader(source)
  const paths: string[] = []
  for (;;) {
    const length = (await reader.exactly(4)).readUInt32BE()
    if (length === 0) break
    const { path, size } = JSON.parse((await reader.exactly(length)).toString()) as { path: string; size: number }
    if (normalize(path) !== path || path.startsWith('/') || path.startsWith('..'))
      throw new Error(`path ${path} leads outside`)
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    await unpackFile(reader, target, size)
    paths.push(path)
  }
  if (!(await reader.drained())) throw new Error('there is more after the end of the archive')
  return paths
}

export const readFrom = (file: string) => createReadStream(file, { highWaterMark: PART })
