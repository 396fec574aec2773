// The review as .docx, laid out by GB/T 9704-2012, every number a link that opens its figure, with the list of its numbers behind.
import {
  AlignmentType,
  BorderStyle,
  Document,
  ExternalHyperlink,
  ImageRun,
  Packer,
  Paragraph,
  type ParagraphChild,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import type { BoundChart } from '../chart.ts'
import type { BoundBlock, BoundTable, Made, Manifest, Preview, Run } from '../contract.ts'
import { LIST_HEAD, listGround, listRows } from './list.ts'
import {
  annex,
  BODY,
  CELL_LINE,
  centred,
  footers,
  HEADING,
  INDENT,
  LINE,
  section,
  SMALL,
  SUBHEADING,
  TEXT_WIDTH_MM,
  titleOf,
} from './layout.ts'
import type { Drawn } from './pictures.ts'

class Writer {
  readonly #base: string
  readonly #drawn: Drawn
  constructor(base: string, drawn: Drawn) {
    this.#base = base
    this.#drawn = drawn
  }

  #link(link: string, text: string, style: object): ParagraphChild {
    return new ExternalHyperlink({ link: `${this.#base}${link}`, children: [new TextRun({ ...style, text })] })
  }

  runs(runs: readonly Run[], style: object = BODY): ParagraphChild[] {
    return runs.map((run) =>
      run.kind === 'figure' ? this.#link(run.figure.link, run.text, style) : new TextRun({ ...style, text: run.text }),
    )
  }

  paragraph(runs: readonly Run[], runIn: readonly Run[] = []) {
    const lead = runIn.length > 0 ? this.runs(runIn, SUBHEADING) : []
    return new Paragraph({
      spacing: LINE,
      indent: INDENT,
      alignment: AlignmentType.JUSTIFIED,
      children: [...lead, ...this.runs(runs)],
    })
  }

  heading(runs: readonly Run[]) {
    return new Paragraph({ spacing: LINE, indent: INDENT, keepNext: true, children: this.runs(runs, HEADING) })
  }

  block(block: BoundBlock): (Paragraph | Table)[] {
    if (block.kind === 'paragraph') return [this.paragraph(block.runs, block.runIn)]
    if (block.kind === 'quote') {
      const said = { kind: 'text' as const, text: `${block.speaker}说：“` }
      return [this.paragraph([said, ...block.runs, { kind: 'text', text: '”' }])]
    }
    if (block.kind === 'caption') {
      const credit = block.credit ? `（${block.credit}）` : ''
      const runs = [...this.runs(block.runs, SMALL), new TextRun({ ...SMALL, text: credit })]
      return [new Paragraph({ alignment: AlignmentType.CENTER, spacing: LINE, children: runs })]
    }
    return [
      centred([new TextRun({ ...HEADING, size: 28, text: block.title })], { keepNext: true }),
      ...(block.kind === 'chart' ? this.picture(block) : []),
      this.table(block.table),
      blank(),
    ]
  }

  /** Kept with the table under it; the SVG is what Word shows, the PNG what older readers and the PDF do. */
  picture(chart: BoundChart): Paragraph[] {
    const drawn = this.#drawn.get(chart)
    if (!drawn?.png) return []
    const width = mmToPixels(TEXT_WIDTH_MM)
    const transformation = { width, height: Math.round((drawn.height * width) / drawn.width) }
    const image = new ImageRun({
      type: 'svg',
      data: Buffer.from(drawn.svg),
      fallback: { type: 'png', data: drawn.png },
      transformation,
      altText: { name: chart.title, title: chart.title, description: drawn.words },
    })
    return [new Paragraph({ alignment: AlignmentType.CENTER, keepNext: true, children: [image] })]
  }

  table({ columns, rows, totals }: BoundTable): Table {
    const number = (c: BoundTable['totals'][number]) =>
      c.link ? this.#link(c.link, c.printed, SMALL) : new TextRun({ ...SMALL, text: c.printed })
    // the last rows stay with the total: it does not stand alone on the next page
    const line = (name: string, cells: BoundTable['totals'], keepNext = false) => [
      cell([new TextRun({ ...SMALL, text: name })], { keepNext }),
      ...cells.map((c) => cell([number(c)], { alignment: AlignmentType.RIGHT, keepNext })),
    ]
    const near = (at: number) => at >= rows.length - 2
    const head = ['', ...columns.map((c) => `${c.name}（${c.classifier}）`)]
    return grid([
      new TableRow({
        tableHeader: true,
        children: head.map((text) => cell([bold(text)], { alignment: AlignmentType.CENTER, keepNext: true })),
      }),
      ...rows.map((r, at) => new TableRow({ cantSplit: true, children: line(r.name, r.cells, near(at)) })),
      new TableRow({ cantSplit: true, children: line('合计', totals) }),
    ])
  }
}

/** Pixels of Word: 96 an inch. */
const mmToPixels = (mm: number) => Math.round((mm / 25.4) * 96)

const bold = (text: string) => new TextRun({ ...SMALL, bold: true, text })
const blank = () => new Paragraph({ spacing: LINE, children: [] })

interface CellStyle {
  alignment?: (typeof AlignmentType)[keyof typeof AlignmentType]
  width?: number
  keepNext?: boolean
}

function cell(children: ParagraphChild[], { alignment = AlignmentType.LEFT, width, keepNext = false }: CellStyle = {}) {
  return new TableCell({
    margins: { left: 80, right: 80, top: 20, bottom: 20 },
    ...(width ? { width: { size: width, type: WidthType.PERCENTAGE } } : {}),
    children: [new Paragraph({ alignment, spacing: CELL_LINE, keepNext, children })],
  })
}

const border = { style: BorderStyle.SINGLE, size: 4, color: '808080' }
const grid = (rows: TableRow[]) =>
  new Table({
    width: { size: 100, type: WidthType.PERCENTAGE },
    borders: {
      top: border,
      bottom: border,
      left: border,
      right: border,
      insideHorizontal: border,
      insideVertical: border,
    },
    rows,
  })

function manifestTable(manifest: Manifest): Table {
  const widths = [7, 17, 15, 12, 49]
  const width = (i: number): CellStyle => ({ width: widths[i] as number })
  const row = (texts: readonly string[], head = false) =>
    new TableRow({
      cantSplit: true,
      tableHeader: head,
      children: texts.map((t, i) => cell([head ? bold(t) : new TextRun({ ...SMALL, size: 18, text: t })], width(i))),
    })
  return grid([row(LIST_HEAD, true), ...listRows(manifest).map((texts) => row(texts))])
}

function contents(preview: Preview, w: Writer) {
  const small = (text: string, style: object = SUBHEADING) => centred([new TextRun({ ...style, text })])
  const paragraphs = (runs: readonly Run[]) => (runs.length > 0 ? [w.paragraph(runs)] : [])
  return [
    ...(preview.masthead ? [small(preview.masthead, HEADING)] : []),
    ...(preview.occasion ? [small(`【${preview.occasion}】`)] : []),
    ...titleOf(preview.title),
    ...(preview.subtitle ? [small(preview.subtitle)] : []),
    ...preview.bylines.map((b) => small(b)),
    blank(),
    ...paragraphs(preview.lead),
    ...paragraphs(preview.thesis),
    ...preview.sections.flatMap((s) => [
      ...(s.heading.length > 0 ? [w.heading(s.heading)] : []),
      ...s.blocks.flatMap((b) => w.block(b)),
    ]),
    ...paragraphs(preview.closing),
    ...(preview.credits.length > 0 ? [blank()] : []),
    ...preview.credits.map(
      (c) =>
        new Paragraph({ alignment: AlignmentType.RIGHT, spacing: LINE, children: [new TextRun({ ...BODY, text: c })] }),
    ),
  ]
}

const list = (manifest: Manifest) => [
  new Paragraph({ spacing: LINE, children: [new TextRun({ ...HEADING, text: '数据清单' })] }),
  new Paragraph({ children: [new TextRun({ ...SMALL, text: listGround(manifest) })] }),
  manifestTable(manifest),
]

/** @param base address the links of figures start with */
export function docxOf({ preview, manifest }: Made, base: string, drawn: Drawn): Promise<Buffer> {
  const document = new Document({
    creator: 'Jishi',
    title: manifest.title,
    evenAndOddHeaderAndFooters: true,
    customProperties: [{ name: 'JishiDocument', value: manifest.id }],
    sections: [
      { properties: section, footers: footers(), children: contents(preview, new Writer(base, drawn)) },
      { properties: annex, footers: footers(), children: list(manifest) },
    ],
  })
  return Packer.toBuffer(document)
}
