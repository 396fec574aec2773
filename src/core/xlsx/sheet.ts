// One worksheet as a stream of rows.
import { type Attributes, type Handlers, plainText } from './parts.ts'
import { type Cell, cellAddress, type DateCell, type Limits, Refusal } from './shapes.ts'

export interface SheetSource {
  name: string
  texts: readonly string[]
  dated: readonly boolean[]
  date1904: boolean
  limits: Limits
  /** Counts a filled cell and its characters against the limits of the whole workbook. */
  spend(characters: number): void
}

/** Day of a serial number. 1900 system: 1 = 1900-01-01, and 60 is the 29 February that never was. */
export function dayOfSerial(serial: number, date1904: boolean): DateCell {
  const whole = Math.floor(serial)
  const minutes = Math.round((serial - whole) * 1440)
  const days = date1904 ? whole - 24_107 : whole <= 60 ? whole - 25_568 : whole - 25_569
  const real = whole >= (date1904 ? 0 : 1) && whole < 2_958_466 && (date1904 || whole !== 60)
  const day = real ? new Date(days * 86_400_000).toISOString().slice(0, 10) : null
  const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  return { day, serial, ...(minutes > 0 && minutes < 1440 ? { time: clock } : {}) }
}

const place = (ref: string | undefined): { row: number; column: number } | null => {
  const found = /^([A-Z]{1,3})([1-9]\d{0,6})$/.exec(ref ?? '')
  if (!found) return null
  const column = [...(found[1] as string)].reduce((sum, c) => sum * 26 + c.charCodeAt(0) - 64, 0) - 1
  return { row: Number(found[2]) - 1, column }
}

export class SheetReader implements Handlers {
  readonly hiddenColumns: number[] = []
  merges = 0
  readonly #source: SheetSource
  readonly #emit: (row: Cell[]) => void
  #row: Cell[] = []
  #written = 0
  #at = -1
  #column = -1
  #cell: { type: string; style: number } | null = null
  #value: string[] = []
  #filled = false
  #taking = false
  #reading = false
  #inData = false

  constructor(source: SheetSource, emit: (row: Cell[]) => void) {
    this.#source = source
    this.#emit = emit
  }

  open(name: string, a: Attributes) {
    if (name === 'sheetData') this.#inData = true
    else if (name === 'col') this.#hide(a)
    else if (name === 'mergeCell') this.merges++
    if (!this.#inData) return
    if (name === 'row') this.#openRow(a)
    else if (name === 'c') this.#openCell(a)
    else if (name === 'f')
      throw new Refusal('formula', { sheet: this.#source.name, cell: cellAddress(this.#at, this.#column) })
    else if (name === 'rPh') this.#reading = true
    else if ((name === 'v' || name === 't') && this.#cell) {
      this.#taking = !this.#reading
      this.#filled = true
    }
  }

  text(piece: string) {
    if (this.#taking) this.#value.push(piece)
  }

  close(name: string) {
    if (name === 'sheetData') this.#inData = false
    else if (name === 'v' || name === 't') this.#taking = false
    else if (name === 'rPh') this.#reading = false
    else if (name === 'c' && this.#cell) this.#closeCell()
    else if (name === 'row' && this.#inData) this.#closeRow()
  }

  #hide(a: Attributes) {
    if (a['hidden'] !== '1' && a['hidden'] !== 'true') return
    const to = Math.min(Number(a['max']), this.#source.limits.columns)
    for (let n = Number(a['min']); n <= to; n++) this.hiddenColumns.push(n - 1)
  }

  #openRow(a: Attributes) {
    const at = a['r'] === undefined ? this.#at + 1 : Number(a['r']) - 1
    if (!Number.isInteger(at) || at <= this.#at) throw new Refusal('damaged', { why: 'row order' })
    this.#at = at
    this.#column = -1
    this.#row = []
  }

  #openCell(a: Attributes) {
    const named = a['r'] === undefined ? { row: this.#at, column: this.#column + 1 } : place(a['r'])
    if (!named || named.row !== this.#at || named.column <= this.#column)
      throw new Refusal('damaged', { why: 'cell order' })
    this.#column = named.column
    this.#cell = { type: a['t'] ?? 'n', style: Number(a['s'] ?? 0) }
    this.#value = []
    this.#filled = false
  }

  #closeCell() {
    const value = this.#filled ? this.#read(this.#value.join('')) : null
    this.#cell = null
    if (value === null || value === '') return
    const { limits, name } = this.#source
    // Only cells that hold something count: files often style a million empty ones.
    if (this.#at >= limits.rows || this.#column >= limits.columns) {
      throw new Refusal('too-large', { what: `${name} ${cellAddress(this.#at, this.#column)}` })
    }
    this.#source.spend(typeof value === 'string' ? value.length : 4)
    while (this.#row.length < this.#column) this.#row.push(null)
    this.#row.push(value)
  }

  #closeRow() {
    if (this.#row.length === 0) return
    for (; this.#written < this.#at; this.#written++) this.#emit([])
    this.#emit(this.#row)
    this.#written++
    this.#row = []
  }

  #read(raw: string): Cell {
    const { type, style } = this.#cell as { type: string; style: number }
    if (type === 's') {
      const text = this.#source.texts[Number(raw)]
      if (text === undefined) throw new Refusal('damaged', { why: 'shared text' })
      return text
    }
    if (type === 'inlineStr' || type === 'str') return plainText(raw)
    if (type === 'b') return raw === '1'
    if (type === 'e') return { error: raw }
    if (type === 'd') return { day: /^\d{4}-\d{2}-\d{2}/.exec(raw)?.[0] ?? null, serial: Number.NaN }
    if (raw.trim() === '') return null
    const number = Number(raw)
    if (!Number.isFinite(number)) throw new Refusal('damaged', { why: 'number' })
    return this.#source.dated[style] ? dayOfSerial(number, this.#source.date1904) : number
  }
}
