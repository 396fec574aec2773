// Photographs are taken in without being decoded: what a JPEG needs to show its picture is copied, part by part, into a new file, and
// everything else stays behind — position, device and time (EXIF), thumbnails, comments, what follows the end. No decoder runs on
// what a stranger sent; the size it would decode to is read from its frame and bounded. [FI-05; docs/decisions/0018]

export interface Photograph {
  bytes: Buffer
  width: number
  height: number
}

/** What a picture may come to where it is shown. Phones and the console send it well below (`web/photo.ts`). */
export const BOUNDS = { side: 4096, pixels: 12_000_000, scans: 20 }

const [SOI, EOI, SOS, DQT, DHT, DRI, ADOBE] = [0xd8, 0xd9, 0xda, 0xdb, 0xc4, 0xdd, 0xee]
/** Baseline, extended, progressive; everything else (lossless, arithmetic, hierarchical) is no photograph of a phone. */
const frames = new Set([0xc0, 0xc1, 0xc2])
const tables = new Set([DQT, DHT, DRI])

/** Application data and comments: left behind, but for the twelve bytes that say how Adobe's colours are meant. */
const isRemark = (marker: number) => (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe
const isAdobe = (marker: number, body: Buffer) =>
  marker === ADOBE && body.length === 12 && body.toString('latin1', 0, 5) === 'Adobe'

interface Segment {
  marker: number
  /** from its 0xFF to its end */
  whole: Buffer
  body: Buffer
  end: number
}

/** The segment at `at`, or null where there is none. */
function segmentAt(file: Buffer, at: number): Segment | null {
  if (file[at] !== 0xff) return null
  let start = at
  while (file[start + 1] === 0xff) start++
  const marker = file[start + 1]
  if (marker === undefined) return null
  if (marker === EOI) return { marker, whole: Buffer.from([0xff, EOI]), body: Buffer.alloc(0), end: start + 2 }
  if (start + 4 > file.length) return null
  const end = start + 2 + file.readUInt16BE(start + 2)
  if (end < start + 4 || end > file.length) return null
  return { marker, whole: file.subarray(start, end), body: file.subarray(start + 4, end), end }
}

/** Where the picture's data after a scan header end: at the next marker that is not part of them. */
function endOfScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0 && at + 1 < file.length; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1] as number
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return -1
}

/** Width and height of the frame, where they are within bounds. */
function sizeOf(body: Buffer): Pick<Photograph, 'width' | 'height'> | null {
  if (body.length < 6) return null
  const [precision, height, width, parts] = [body[0], body.readUInt16BE(1), body.readUInt16BE(3), body[5] as number]
  const fits = width > 0 && height > 0 && Math.max(width, height) <= BOUNDS.side && width * height <= BOUNDS.pixels
  return precision === 8 && fits && [1, 3].includes(parts) && body.length === 6 + 3 * parts ? { width, height } : null
}

/** The picture alone; null where this is no JPEG, a broken one, or one that would be too large to show. */
export function photographOf(file: Buffer): Photograph | null {
  if (file[0] !== 0xff || file[1] !== SOI) return null
  const kept: Buffer[] = [Buffer.from([0xff, SOI])]
  let size: Pick<Photograph, 'width' | 'height'> | null = null
  let scans = 0
  for (let at = 2; ; ) {
    const segment = segmentAt(file, at)
    if (!segment) return null
    const { marker, whole, body, end } = segment
    at = end
    if (marker === EOI) return size && scans > 0 ? { bytes: Buffer.concat([...kept, whole]), ...size } : null
    if (isAdobe(marker, body) || tables.has(marker)) kept.push(whole)
    else if (frames.has(marker)) {
      if (size) return null
      size = sizeOf(body)
      if (!size) return null
      kept.push(whole)
    } else if (marker === SOS) {
      if (!size || ++scans > BOUNDS.scans) return null
      at = endOfScan(file, end)
      if (at < 0) return null
      kept.push(whole, file.subarray(end, at))
    } else if (!isRemark(marker)) return null
  }
}
