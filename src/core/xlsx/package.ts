// A zip of XML parts, read part by part: what workbooks and documents have in common.
import { createHash } from 'node:crypto'
import { type Handlers, relationReader, tagStream } from './parts.ts'
import { type PackageLimits, Refusal } from './shapes.ts'
import { type Entry, readDirectory, unpack } from './zip.ts'

export class Package {
  readonly #file: Buffer
  readonly #limits: PackageLimits
  readonly #entries: Map<string, Entry>
  #characters = 0

  constructor(file: Buffer, limits: PackageLimits) {
    this.#file = file
    this.#limits = limits
    this.#entries = readDirectory(file, limits)
  }

  /** Counts text that is kept. */
  spend(characters: number) {
    this.#characters += characters
    if (this.#characters > this.#limits.characters) throw new Refusal('too-large', { what: 'text' })
  }

  parse(name: string, handlers: Handlers, needed = true): void {
    const entry = this.#entries.get(name)
    if (!entry) {
      if (needed) throw new Refusal('not-a-workbook')
      return
    }
    const stream = tagStream(handlers)
    unpack(this.#file, entry, (piece) => {
      if (process.memoryUsage.rss() > this.#limits.memory) throw new Refusal('bomb')
      stream.write(piece)
    })
    stream.end()
  }

  /** SHA-256 of every picture kept inside, told one by one with its kind; what is larger than `most` bytes is passed over. */
  pictures(most: number, tell: (digest: string, kind: string) => void): void {
    for (const [name, entry] of this.#entries) {
      if (!/^word\/media\/[^/]+$/.test(name) || entry.size > most) continue
      const hash = createHash('sha256')
      unpack(this.#file, entry, (piece) => void hash.update(piece))
      tell(hash.digest('hex'), name.slice(name.lastIndexOf('.') + 1).toLowerCase())
    }
  }

  /** Name of the part everything starts from. */
  mainPart(): string {
    const root = relationReader('')
    this.parse('_rels/.rels', root.handlers)
    return [...root.targets.values()].find((r) => r.type === 'officeDocument')?.target ?? ''
  }
}
