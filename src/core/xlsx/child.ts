// Runs alone in a process that may read nothing but this code (C-9): bytes in on stdin, lines of JSON out on stdout.
import { Package } from './package.ts'
import { bookReader, relationReader, sharedTextReader, styleReader } from './parts.ts'
import { type Cell, type Limits, Refusal } from './shapes.ts'
import { SheetReader } from './sheet.ts'
import { say, tell } from './talk.ts'

const BATCH = 500

class Reader {
  readonly #limits: Limits
  readonly #package: Package
  #cells = 0

  constructor(file: Buffer, limits: Limits) {
    this.#limits = limits
    this.#package = new Package(file, limits)
  }

  read() {
    const main = this.#package.mainPart()
    const folder = main.slice(0, main.lastIndexOf('/') + 1)
    const book = bookReader()
    this.#package.parse(main, book.handlers)
    if (book.state.sheets.length === 0) throw new Refusal('not-a-workbook')
    if (book.state.sheets.length > this.#limits.sheets) throw new Refusal('too-large', { what: 'sheets' })
    const relations = relationReader(folder)
    this.#package.parse(`${folder}_rels/${main.slice(folder.length)}.rels`, relations.handlers)
    const partOf = (type: string) => [...relations.targets.values()].find((r) => r.type === type)?.target ?? ''
    const styles = styleReader()
    this.#package.parse(partOf('styles'), styles.handlers, false)
    const shared = sharedTextReader((n) => this.#package.spend(n))
    this.#package.parse(partOf('sharedStrings'), shared.handlers, false)
    for (const ref of book.state.sheets) {
      const found = relations.targets.get(ref.relation)
      // Chart sheets and dialogs hold no rows.
      if (found?.type === 'worksheet')
        this.#sheet(ref, found.target, { texts: shared.texts, dated: styles.dated, date1904: book.state.date1904 })
    }
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
      this.#package.spend(characters)
    }
    const sheet = new SheetReader({ ...source, name: ref.name, limits: this.#limits, spend }, (row) => {
      rows.push(row)
      if (rows.length >= BATCH) flush()
    })
    this.#package.parse(part, {
      open: (n, a) => sheet.open(n, a),
      close: (n) => sheet.close(n),
      text: (t) => sheet.text(t),
    })
    flush()
    say({ hiddenColumns: sheet.hiddenColumns, merges: sheet.merges })
  }
}

await tell<Limits>((file, limits) => new Reader(file, limits).read())
