// The fixed XML around the values of a workbook.
import { cellAddress } from './shapes.ts'

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
export const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
export const RELATED = `xmlns:r="${OFFICE}"`

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for XML: what XML cannot hold is dropped, and text that looks like Excel's own escapes is escaped once more. */
export const escape = (text: string) =>
  text
    .toWellFormed()
    // biome-ignore lint: control characters are what we look for
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/\r/g, '_x000D_')
    .replace(/[&<>"]/g, (c) => ESCAPES[c] as string)

export const textCell = (at: string, style: number, text: string) =>
  `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escape(text)}</t></is></c>`

const font = (more: string) => `<font>${more}<sz val="11"/><name val="宋体"/></font>`
const fill = (colour: string) =>
  `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/></patternFill></fill>`
const xf = (format: number, look: { font?: number; fill?: number; more?: string; inner?: string } = {}) =>
  `<xf numFmtId="${format}" fontId="${look.font ?? 0}" fillId="${look.fill ?? 0}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"${look.more ?? ''}${look.inner ? ` applyAlignment="1">${look.inner}</xf>` : '/>'}`

const styles = [
  xf(0), // plain
  xf(49), // text
  xf(49, { font: 1, fill: 2 }), // head
  xf(49, { font: 2, fill: 2 }), // required
  xf(49, { font: 3, inner: '<alignment horizontal="center"/>' }), // title
  xf(49, { fill: 3 }), // bad
  xf(49, { more: ' quotePrefix="1"' }), // quoted
]

export const STYLES = `${DECLARATION}<styleSheet ${MAIN}><fonts count="4">${font('')}${font('<b/>')}${font('<b/><color rgb="FFC00000"/>')}<font><b/><sz val="14"/><name val="宋体"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fill('FFF2F2F2')}${fill('FFFFC7CE')}</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${styles.length}">${styles.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

const relationships = (items: [id: number, type: string, target: string][]) =>
  `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${items.map(([id, type, target]) => `<Relationship Id="rId${id}" Type="${OFFICE}/${type}" Target="${target}"/>`).join('')}</Relationships>`

export const ROOT_RELATIONS = relationships([[1, 'officeDocument', 'xl/workbook.xml']])

export const workbook = (sheets: { name: string; hidden: boolean }[]) =>
  `${DECLARATION}<workbook ${MAIN} ${RELATED}><sheets>${sheets.map((s, i) => `<sheet name="${escape(s.name)}" sheetId="${i + 1}"${s.hidden ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`

export const bookRelations = (sheets: number) =>
  relationships([
    ...Array.from({ length: sheets }, (_, i): [number, string, string] => [
      i + 1,
      'worksheet',
      `worksheets/sheet${i + 1}.xml`,
    ]),
    [sheets + 1, 'styles', 'styles.xml'],
  ])

export const noteRelations = (sheet: number) =>
  relationships([
    [1, 'vmlDrawing', `../drawings/vmlDrawing${sheet}.vml`],
    [2, 'comments', `../comments${sheet}.xml`],
  ])

export function contentTypes(sheets: number, noted: number[]): string {
  const part = (name: string, type: string) =>
    `<Override PartName="/xl/${name}" ContentType="${SPREADSHEET}.${type}+xml"/>`
  const all = Array.from({ length: sheets }, (_, i) => part(`worksheets/sheet${i + 1}.xml`, 'worksheet'))
  const notes = noted.map((n) => part(`comments${n}.xml`, 'comments'))
  return `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>${part('workbook.xml', 'sheet.main')}${part('styles.xml', 'styles')}${all.join('')}${notes.join('')}</Types>`
}

export interface Note {
  row: number
  column: number
  text: string
}

export const comments = (notes: Note[]) =>
  `${DECLARATION}<comments ${MAIN}><authors><author>Jishi</author></authors><commentList>${notes.map((n) => `<comment ref="${cellAddress(n.row, n.column)}" authorId="0"><text><t xml:space="preserve">${escape(n.text)}</t></text></comment>`).join('')}</commentList></comments>`

/** Excel still wants the little yellow boxes drawn in VML. */
export const noteShapes = (notes: Note[]) =>
  `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>${notes
    .map(
      (n, i) =>
        `<v:shape id="_x0000_s${1025 + i}" type="#_x0000_t202" style="position:absolute;width:160pt;height:60pt;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:textbox/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>${n.row}</x:Row><x:Column>${n.column}</x:Column></x:ClientData></v:shape>`,
    )
    .join('')}</xml>`
