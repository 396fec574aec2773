// Reads a zip's directory before anything is unpacked and refuses what two readers could see differently (C-9, IM-01, IM-04).
import { Inflate } from 'fflate'
import { type PackageLimits, Refusal } from './shapes.ts'

export interface Entry {
  name: string
  packed: number
  size: number
  method: number
  /** Where the packed bytes start. */
  start: number
}

const EOCD = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const damaged = (why: string) => new Refusal('damaged', { why })

/** Offset of the end record; its comment must reach exactly to the end of the file. */
function endRecord(file: Buffer): number {
  for (let at = file.length - 22; at >= Math.max(0, file.length - 22 - 65_535); at--) {
    if (file.readUInt32LE(at) === EOCD && at + 22 + file.readUInt16LE(at + 20) === file.length) return at
  }
  throw damaged('no end record')
}

function readHeader(file: Buffer, at: number): Entry & { next: number; offset: number; local: number } {
  if (at + 46 > file.length || file.readUInt32LE(at) !== CENTRAL) throw damaged('directory')
  const flags = file.readUInt16LE(at + 8)
  if (flags & 0x2041) throw new Refusal('locked')
  const method = file.readUInt16LE(at + 10)
  if (method !== 0 && method !== 8) throw damaged('method')
  const packed = file.readUInt32LE(at + 20)
  const size = file.readUInt32LE(at + 24)
  const offset = file.readUInt32LE(at + 42)
  if ([packed, size, offset].includes(0xffffffff)) throw new Refusal('too-large', { what: 'zip64' })
  const nameLength = file.readUInt16LE(at + 28)
  const next = at + 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  const name = file.toString('utf8', at + 46, at + 46 + nameLength)
  // The local header must tell the same story: a second reader might believe it instead.
  if (offset + 30 > file.length || file.readUInt32LE(offset) !== LOCAL) throw damaged('local header')
  const localName = file.readUInt16LE(offset + 26)
  if (file.toString('utf8', offset + 30, offset + 30 + localName) !== name || file.readUInt16LE(offset + 8) !== method)
    throw damaged('local header')
  const start = offset + 30 + localName + file.readUInt16LE(offset + 28)
  return { name, packed, size, method, start, next, offset, local: start - offset }
}

const SECOND_CONTAINER = /\.(zip|jar|7z|rar|gz|xlsx|xlsm|xlsb|xls|docx|doc|pptx|exe|dll|js)$|^xl\/embeddings\//i

function judge(entry: Entry, limits: PackageLimits) {
  if (!limits.passOver && /vbaProject|\.bin$|activeX/i.test(entry.name) && !/printerSettings/i.test(entry.name))
    throw new Refusal('active-content', { part: entry.name })
  if (!limits.passOver && SECOND_CONTAINER.test(entry.name)) throw new Refusal('active-content', { part: entry.name })
  if (entry.size > limits.part) throw new Refusal('bomb')
  if (entry.size > 1024 * 1024 && entry.size > entry.packed * limits.ratio) throw new Refusal('bomb')
}

/** The directory, checked: count, sizes, ratio, no overlap, no duplicate names, nothing locked, no container inside. */
export function readDirectory(file: Buffer, limits: PackageLimits): Map<string, Entry> {
  if (file.length >= 8 && file.readUInt32BE(0) === 0xd0cf11e0) throw new Refusal('old-format')
  if (file.length < 22 || file.readUInt32LE(0) !== LOCAL) throw new Refusal('not-a-workbook')
  const end = endRecord(file)
  const count = file.readUInt16LE(end + 10)
  if (count > limits.entries || file.readUInt16LE(end + 8) !== count) throw new Refusal('bomb')
  let at = file.readUInt32LE(end + 16)
  const entries = new Map<string, Entry>()
  const spans: [number, number][] = []
  let unpacked = 0
  for (let n = 0; n < count; n++) {
    const header = readHeader(file, at)
    judge(header, limits)
    unpacked += header.size
    if (unpacked > limits.unpacked) throw new Refusal('bomb')
    if (entries.has(header.name)) throw damaged('two parts of one name')
    entries.set(header.name, header)
    spans.push([header.offset, header.start + header.packed])
    at = header.next
  }
  spans.sort((a, b) => a[0] - b[0])
  const directory = file.readUInt32LE(end + 16)
  if (at > end || spans.some(([, to], i) => to > (spans[i + 1]?.[0] ?? directory))) throw damaged('overlap')
  return entries
}

const STEP = 4096 // unpacks to at most 4 MB at once, whatever the ratio

/** Unpacks a part piece by piece; more bytes than declared is a lie and ends it. */
export function unpack(file: Buffer, entry: Entry, sink: (piece: Uint8Array) => void): void {
  const packed = file.subarray(entry.start, entry.start + entry.packed)
  let seen = 0
  const count = (piece: Uint8Array) => {
    seen += piece.length
    if (seen > entry.size) throw new Refusal('bomb')
    if (piece.length > 0) sink(piece)
  }
  if (entry.method === 0) {
    for (let at = 0; at < packed.length; at += 65_536) count(packed.subarray(at, at + 65_536))
  } else {
    const inflate = new Inflate(count)
    for (let at = 0; at < packed.length; at += STEP)
      push(inflate, packed.subarray(at, at + STEP), at + STEP >= packed.length)
  }
  if (seen !== entry.size) throw damaged('size')
}

function push(inflate: Inflate, piece: Uint8Array, last: boolean) {
  try {
    inflate.push(piece, last)
  } catch (error) {
    throw error instanceof Refusal ? error : damaged('packed data')
  }
}
