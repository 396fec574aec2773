// The parts of a workbook, read as a stream of tags. Only values are taken; styles tell dates from numbers and nothing else.
import { SaxesParser } from 'saxes'
import { Refusal } from './shapes.ts'

export type Attributes = Record<string, string>

export interface Handlers {
  open?(name: string, attributes: Attributes): void
  close?(name: string): void
  text?(text: string): void
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)

/** A parser to feed with bytes. A DTD is refused (IM-06): nothing of ours needs one, and entities are how XML explodes. */
export function tagStream({ open, close, text }: Handlers): { write(piece: Uint8Array): void; end(): void } {
  const parser = new SaxesParser({ position: false })
  const decoder = new TextDecoder('utf-8', { fatal: true })
  parser.on('doctype', () => {
    throw new Refusal('damaged', { why: 'DTD' })
  })
  parser.on('error', () => {
    throw new Refusal('damaged', { why: 'XML' })
  })
  parser.on('opentag', (tag) => open?.(local(tag.name), tag.attributes as Attributes))
  parser.on('closetag', (tag) => close?.(local(tag.name)))
  if (text) {
    parser.on('text', text)
    parser.on('cdata', text)
  }
  const decode = (piece?: Uint8Array) => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode()
    } catch {
      throw new Refusal('damaged', { why: 'encoding' })
    }
  }
  return {
    write: (piece) => void parser.write(decode(piece)),
    end: () => void parser.write(decode()).close(),
  }
}

/** `_x000D_` and its kind are how Excel writes characters XML cannot hold. */
export const plainText = (text: string) =>
  text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

export interface SheetRef {
  name: string
  hidden: boolean
  relation: string
}

export function bookReader() {
  const sheets: SheetRef[] = []
  const state = { sheets, date1904: false }
  const open = (name: string, a: Attributes) => {
    if (name === 'workbookPr') state.date1904 = a['date1904'] === '1' || a['date1904'] === 'true'
    if (name !== 'sheet') return
    const relation = Object.entries(a).find(([key]) => local(key) === 'id' && key !== 'sheetId')?.[1] ?? ''
    sheets.push({ name: a['name'] ?? '', hidden: (a['state'] ?? 'visible') !== 'visible', relation })
  }
  return { state, handlers: { open } }
}

/** Relation id → part name, for parts inside the file only. */
export function relationReader(folder: string) {
  const targets = new Map<string, { target: string; type: string }>()
  const open = (name: string, a: Attributes) => {
    if (name !== 'Relationship' || a['TargetMode'] === 'External') return
    const target = a['Target'] ?? ''
    const joined = target.startsWith('/') ? target.slice(1) : `${folder}${target}`
    targets.set(a['Id'] ?? '', {
      target: joined.replace(/[^/]+\/\.\.\//g, ''),
      type: (a['Type'] ?? '').split('/').at(-1) ?? '',
    })
  }
  return { targets, handlers: { open } }
}

const DATE_FORMATS = new Set([
  14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53, 54, 55, 56,
  57, 58,
])

/** A format shows a date when, without quoted text, colours and escapes, it still names year, month, day or hour. */
export const showsDate = (format: string) =>
  /[ymdhs]/i.test(
    format
      .split(';')[0]
      ?.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '')
      .replace(/general/gi, '') ?? '',
  )

/** For each cell style whether it shows a date. */
export function styleReader() {
  const formats = new Map<number, boolean>()
  const dated: boolean[] = []
  let inCells = false
  const handlers: Handlers = {
    open(name, a) {
      if (name === 'numFmt') formats.set(Number(a['numFmtId']), showsDate(a['formatCode'] ?? ''))
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) {
        const id = Number(a['numFmtId'] ?? 0)
        dated.push(formats.get(id) ?? DATE_FORMATS.has(id))
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
  }
  return { dated, handlers }
}

/** Shared texts; readings above characters (rPh) are not part of the text. */
export function sharedTextReader(spend: (characters: number) => void) {
  const texts: string[] = []
  let parts: string[] | null = null
  let inText = false
  let inReading = false
  const handlers: Handlers = {
    open(name) {
      if (name === 'si') parts = []
      else if (name === 'rPh') inReading = true
      else if (name === 't') inText = !inReading
    },
    text(piece) {
      if (!inText || !parts) return
      spend(piece.length)
      parts.push(piece)
    },
    close(name) {
      if (name === 'rPh') inReading = false
      else if (name === 't') inText = false
      else if (name === 'si') {
        texts.push(plainText(parts?.join('') ?? ''))
        spend(8)
        parts = null
      }
    },
  }
  return { texts, handlers }
}
