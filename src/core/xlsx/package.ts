// A zip of XML parts, read part by part: what workbooks and documents have in common.
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

  /** Name of the part everything starts from. */
  mainPart(): string {
    const root = relationReader('')
    this.parse('_rels/.rels', root.handlers)
    return [...root.targets.values()].find((r) => r.type === 'officeDocument')?.target ?? ''
  }
}
