// Runs alone in a process that may read nothing but this code (C-9): bytes in on stdin, lines of JSON out on stdout.
import { writeSync } from 'node:fs'
import { bookReader, type Handlers, relationReader, sharedTextReader, styleReader, tagStream } from './parts.ts'
import { type Cell, type Limits, Refusal } from './shapes.ts'
import { SheetReader } from './sheet.ts'
import { type Entry, readDirectory, unpack } from './zip.ts'

const BATCH = 500

function say(line: unknown) {
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

class Reader {
  readonly #file: Buffer
  readonly #limits: Limits
  readonly #entries: Map<string, Entry>
  #cells = 0
  #characters = 0

  constructor(file: Buffer, limits: Limits) {
    this.#file = file
    this.#limits = limits
    this.#entries = readDirectory(file, limits)
  }

  #spend(characters: number) {
    this.#characters += characters
    if (this.#characters > this.#limits.characters) throw new Refusal('too-large', { what: 'text' })
  }

  #parse(name: string, handlers: Handlers, needed = true): void {
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

  read() {
    const root = relationReader('')
    this.#parse('_rels/.rels', root.handlers)
    const main = [...root.targets.values()].find((r) => r.type === 'officeDocument')?.target ?? ''
    const folder = main.slice(0, main.lastIndexOf('/') + 1)
    const book = bookReader()
    this.#parse(main, book.handlers)
    if (book.state.sheets.length === 0) throw new Refusal('not-a-workbook')
    if (book.state.sheets.length > this.#limits.sheets) throw new Refusal('too-large', { what: 'sheets' })
    const relations = relationReader(folder)
    this.#parse(`${folder}_rels/${main.slice(folder.length)}.rels`, relations.handlers)
    const partOf = (type: string) => [...relations.targets.values()].find((r) => r.type === type)?.target ?? ''
    const styles = styleReader()
    this.#parse(partOf('styles'), styles.handlers, false)
    const shared = sharedTextReader((n) => this.#spend(n))
    this.#parse(partOf('sharedStrings'), shared.handlers, false)
    for (const ref of book.state.sheets) {
      const found = relations.targets.get(ref.relation)
      // Chart sheets and dialogs hold no rows.
      if (found?.type === 'worksheet')
        this.#sheet(ref, found.target, { texts: shared.texts, dated: styles.dated, date1904: book.state.date1904 })
    }
    say({ end: true })
  }

  #sheet(
    ref: { name: string; hidden: boolean },
    part: string,
    source: { texts: string[]; dated: boolean[]; date1904: boolean },
  ) {
    say({ sheet: { name: ref.name, hidden: ref.hidden } })
    let rows: Cell[][] = []
    const flush = () => {
      if (rows.length > 0) say({ rows })
      rows = []
    }
    const spend = (characters: number) => {
      if (++this.#cells > this.#limits.cells) throw new Refusal('too-large', { what: 'cells' })
      this.#spend(characters)
    }
    const sheet = new SheetReader({ ...source, name: ref.name, limits: this.#limits, spend }, (row) => {
      rows.push(row)
      if (rows.length >= BATCH) flush()
    })
    this.#parse(part, { open: (n, a) => sheet.open(n, a), close: (n) => sheet.close(n), text: (t) => sheet.text(t) })
    flush()
    say({ hiddenColumns: sheet.hiddenColumns, merges: sheet.merges })
  }
}

try {
  new Reader(await readAll(), JSON.parse(process.argv[2] ?? '{}') as Limits).read()
} catch (error) {
  say(
    error instanceof Refusal
      ? { refused: error.code, params: error.params }
      : { refused: 'damaged', params: { why: String((error as Error).message) } },
  )
}
