// For tests: workbooks a hostile or careless author could send, byte by byte.
import { crc32, deflateRawSync } from 'node:zlib'

export interface Part {
  name: string
  bytes: Buffer
  /** What the directory says instead of the truth. */
  claimedSize?: number
  flags?: number
  /** Offset claimed in the directory. */
  offset?: number
}

export function forgeZip(parts: readonly Part[]): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const part of parts) {
    const name = Buffer.from(part.name)
    const packed = deflateRawSync(part.bytes, { level: 9 })
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(part.flags ?? 0, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(part.bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(part.claimedSize ?? part.bytes.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, name, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(part.offset ?? at, 10)
    central.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), common, tail, name]))
    locals.push(local)
    at += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(parts.length & 0xffff, 8)
  end.writeUInt16LE(parts.length & 0xffff, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, directory, end])
}

const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const relation = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`

/** The least a workbook needs around one sheet; `sheet` is what stands inside <worksheet>. */
export function bookParts(
  sheet: string | Buffer,
  more: { styles?: string; shared?: string; properties?: string } = {},
): Part[] {
  const part = (name: string, text: string): Part => ({ name, bytes: Buffer.from(text) })
  const body = Buffer.concat([Buffer.from('<worksheet>'), Buffer.from(sheet), Buffer.from('</worksheet>')])
  return [
    part('_rels/.rels', `<Relationships>${relation('r1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`),
    part(
      'xl/workbook.xml',
      `<workbook xmlns:r="${RELATIONS}">${more.properties ?? ''}<sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    part(
      'xl/_rels/workbook.xml.rels',
      `<Relationships>${relation('r1', 'worksheet', '/xl/worksheets/sheet1.xml')}${relation('r2', 'styles', 'styles.xml')}${relation('r3', 'sharedStrings', 'sharedStrings.xml')}</Relationships>`,
    ),
    ...(more.styles ? [part('xl/styles.xml', more.styles)] : []),
    ...(more.shared ? [part('xl/sharedStrings.xml', more.shared)] : []),
    { name: 'xl/worksheets/sheet1.xml', bytes: body },
  ]
}

export const forgeBook = (sheet: string | Buffer, more: Parameters<typeof bookParts>[1] = {}) =>
  forgeZip(bookParts(sheet, more))
