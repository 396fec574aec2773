// GB/T 9704-2012 in the measures of Word: A4, type area 156 × 225 mm, 22 lines of 28 characters, 16 pt 仿宋, title 22 pt 小标宋.
import { AlignmentType, DocumentGridType, Footer, LineRuleType, PageNumber, Paragraph, TextRun } from 'docx'

const mm = (n: number) => Math.round((n / 25.4) * 1440)

/** Fonts by role; the eastAsia name is what Word asks for, so a machine that has the font uses it. */
export const fontOf = (eastAsia: string) => ({
  ascii: 'Times New Roman',
  hAnsi: 'Times New Roman',
  eastAsia,
  cs: 'Times New Roman',
})

/** 156 mm ÷ 28 characters is a little less than 16 pt: a quarter of a point (in twentieths) goes from each. */
const body = { size: 32, characterSpacing: -5 }
export const BODY = { font: fontOf('仿宋_GB2312'), ...body }
export const HEADING = { font: fontOf('黑体'), ...body }
export const SUBHEADING = { font: fontOf('楷体_GB2312'), ...body }
export const TITLE = { font: fontOf('方正小标宋简体'), size: 44 }
export const SMALL = { font: fontOf('仿宋_GB2312'), size: 21 }

/** 225 mm ÷ 22 lines. */
export const LINE = { line: 579, lineRule: LineRuleType.EXACT }
/** Lines of small print in tables. */
export const CELL_LINE = { line: 320, lineRule: LineRuleType.EXACT }
const TITLE_LINE = { line: 660, lineRule: LineRuleType.EXACT }
export const INDENT = { firstLine: 630 }

const grid = { type: DocumentGridType.LINES, linePitch: 579 }

export const TEXT_WIDTH_MM = 156

export const page = {
  size: { width: mm(210), height: mm(297) },
  margin: { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26), footer: mm(28) },
}
export const section = { page, grid }
/** Lists in small print keep no grid. */
export const annex = { page }

const CHARACTERS_OF_A_TITLE = 20

/** A long title in lines of similar length, broken where it breathes: at spaces and punctuation, never in a word that holds digits. */
export function titleLines(text: string): string[] {
  const length = [...text].length
  if (length <= CHARACTERS_OF_A_TITLE) return [text]
  const wanted = Math.ceil(length / Math.ceil(length / CHARACTERS_OF_A_TITLE))
  const breaks = [...text.matchAll(/[\s　，、：；]/g)].map((m) => m.index + 1)
  const at =
    breaks
      .filter((b) => b <= CHARACTERS_OF_A_TITLE)
      .toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? wanted
  return [text.slice(0, at).trim(), ...titleLines(text.slice(at).trim())]
}

export const centred = (children: TextRun[], more: { spacing?: typeof LINE; keepNext?: boolean } = {}) =>
  new Paragraph({ alignment: AlignmentType.CENTER, spacing: LINE, ...more, children })

export const titleOf = (text: string) =>
  titleLines(text).map((line) => centred([new TextRun({ ...TITLE, text: line })], { spacing: TITLE_LINE }))

const numberAt = (alignment: 'left' | 'right') =>
  new Footer({
    children: [
      new Paragraph({
        alignment: alignment === 'right' ? AlignmentType.RIGHT : AlignmentType.LEFT,
        indent: { [alignment]: 280 },
        children: [new TextRun({ font: fontOf('宋体'), size: 28, children: ['— ', PageNumber.CURRENT, ' —'] })],
      }),
    ],
  })

/** Page numbers: odd pages right, even pages left, one character from the edge. Every section needs footers of its own. */
export const footers = () => ({ default: numberAt('right'), even: numberAt('left') })
