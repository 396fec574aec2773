// The review as .docx, laid out by GB/T 9704-2012: A4, margins 37/35/28/26 mm, 16 pt 仿宋, 28 pt lines, title 22 pt 小标宋.
import {
  AlignmentType,
  Document,
  ExternalHyperlink,
  Footer,
  LineRuleType,
  PageNumber,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import { dayOf, timeOf } from '#core/calendar.ts'
import type { Preview, Run } from './contract.ts'

const mm = (n: number) => Math.round((n / 25.4) * 1440)
const font = (eastAsia: string) => ({
  ascii: 'Times New Roman',
  hAnsi: 'Times New Roman',
  eastAsia,
  cs: 'Times New Roman',
})
const BODY = { font: font('仿宋_GB2312'), size: 32 }
const LINES = { line: 560, lineRule: LineRuleType.EXACT }

/** Every number in the text is a link that opens its figure. */
const runOf = (run: Run, base: string) =>
  run.kind === 'figure'
    ? new ExternalHyperlink({ link: `${base}${run.figure.link}`, children: [new TextRun({ ...BODY, text: run.text })] })
    : new TextRun({ ...BODY, text: run.text })

const centred = (text: string, style: { font: ReturnType<typeof font>; size: number }) =>
  new Paragraph({ alignment: AlignmentType.CENTER, spacing: LINES, children: [new TextRun({ ...style, text })] })

function manifest(preview: Preview): Table {
  const cell = (text: string, width: number) =>
    new TableCell({
      width: { size: width, type: WidthType.PERCENTAGE },
      children: [new Paragraph({ children: [new TextRun({ font: font('仿宋_GB2312'), size: 21, text })] })],
    })
  const widths = [20, 14, 14, 52]
  const row = (texts: string[]) => new TableRow({ children: texts.map((t, i) => cell(t, widths[i] as number)) })
  const seen = new Map(
    preview.sections
      .flatMap((s) => s.paragraphs.flat())
      .flatMap((r) => (r.kind === 'figure' ? [[r.figure.measure, r.figure] as const] : [])),
  )
  return new Table({
    width: { size: 100, type: WidthType.PERCENTAGE },
    rows: [
      row(['指标', '付印', '记录数', '口径']),
      ...[...seen.values()].map((f) => row([f.name, f.printed, String(f.value), f.definition])),
    ],
  })
}

const heading = (text: string) =>
  new Paragraph({
    spacing: LINES,
    indent: { firstLine: 640 },
    children: [new TextRun({ font: font('黑体'), size: 32, text })],
  })

const paragraph = (runs: Run[], base: string) =>
  new Paragraph({
    spacing: LINES,
    indent: { firstLine: 640 },
    alignment: AlignmentType.JUSTIFIED,
    children: runs.map((r) => runOf(r, base)),
  })

const blank = () => new Paragraph({ spacing: LINES, children: [] })

/** `2026年11月22日 23:18`, Asia/Shanghai. */
function inWords(instant: string): string {
  const [year, month, date] = dayOf(instant).split('-').map(Number)
  return `${year}年${month}月${date}日 ${timeOf(instant)}`
}

function contents(preview: Preview, base: string) {
  const { unit, period, asOf } = preview
  return [
    centred(preview.title, { font: font('方正小标宋简体'), size: 44 }),
    ...(preview.subtitle ? [centred(preview.subtitle, { font: font('楷体_GB2312'), size: 32 })] : []),
    blank(),
    ...preview.sections.flatMap((s) => [
      ...(s.heading ? [heading(s.heading)] : []),
      ...s.paragraphs.map((runs) => paragraph(runs, base)),
    ]),
    blank(),
    new Paragraph({
      spacing: LINES,
      children: [
        new TextRun({
          font: font('黑体'),
          size: 28,
          text: `数据清单（${unit.name}，${period.from} 至 ${period.to}，截至 ${inWords(asOf)}）`,
        }),
      ],
    }),
    manifest(preview),
  ]
}

const footer = () =>
  new Footer({
    children: [
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [new TextRun({ font: font('宋体'), size: 28, children: ['— ', PageNumber.CURRENT, ' —'] })],
      }),
    ],
  })

/** @param base address the links of figures start with */
export function documentOf(preview: Preview, base: string): Promise<Buffer> {
  const page = {
    size: { width: mm(210), height: mm(297) },
    margin: { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26), footer: mm(28) },
  }
  const document = new Document({
    creator: 'Jishi',
    title: preview.title,
    sections: [{ properties: { page }, footers: { default: footer() }, children: contents(preview, base) }],
  })
  return Packer.toBuffer(document)
}
