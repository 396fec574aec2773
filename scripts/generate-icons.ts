// Draws the icon of the installed web app: stones on a red line. Rectangles only, so PNG needs no library.
// Run: node scripts/generate-icons.ts (writes src/web/public).
import { mkdirSync, writeFileSync } from 'node:fs'
import { crc32, deflateSync } from 'node:zlib'

type Rect = readonly [x: number, y: number, width: number, height: number, colour: string]

const GRID = 48
const drawing: readonly Rect[] = [
  [0, 0, 48, 48, '#1d2329'],
  [17, 12, 14, 8, '#ffffff'],
  [11, 22, 12, 8, '#ffffff'],
  [25, 22, 12, 8, '#ffffff'],
  [11, 32, 26, 3, '#d8323a'],
]

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${GRID} ${GRID}">${drawing
  .map(([x, y, w, h, c]) => `<path fill="${c}" d="M${x} ${y}h${w}v${h}h-${w}z"/>`)
  .join('')}</svg>\n`

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

/** A palette PNG; `size` need not be a multiple of the grid. */
function png(size: number): Buffer {
  const palette = [...new Set(drawing.map((r) => r[4]))]
  const rows: Buffer[] = []
  for (let y = 0; y < size; y++) {
    const row = Buffer.alloc(size + 1)
    for (let x = 0; x < size; x++) {
      const [gx, gy] = [((x + 0.5) * GRID) / size, ((y + 0.5) * GRID) / size]
      const top = drawing.findLast(([rx, ry, w, h]) => gx >= rx && gx < rx + w && gy >= ry && gy < ry + h)
      row[x + 1] = palette.indexOf(top?.[4] ?? '')
    }
    rows.push(row)
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(size, 0)
  head.writeUInt32BE(size, 4)
  head.set([8, 3, 0, 0, 0], 8)
  const colours = Buffer.from(palette.map((c) => c.slice(1)).join(''), 'hex')
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const folder = new URL('../src/web/public/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('icon.svg', folder), svg)
for (const size of [180, 192, 512]) writeFileSync(new URL(`icon-${size}.png`, folder), png(size))
