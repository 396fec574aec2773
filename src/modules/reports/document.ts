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

/** @param base address the links of figures start with */
export async function documentOf(preview: Preview, base: string): Promise<Buffer> {
  const body = preview.sections.flatMap((section) => [
    ...(section.heading
      ? [
          new Paragraph({
            spacing: LINES,
            indent: { firstLine: 640 },
            children: [new TextRun({ font: font('黑体'), size: 32, text: section.heading })],
          }),
        ]
      : []),
    ...section.paragraphs.map(
      (runs) =>
        new Paragraph({
          spacing: LINES,
          indent: { firstLine: 640 },
          alignment: AlignmentType.JUSTIFIED,
          children: runs.map((r) => runOf(r, base)),
        }),
    ),
  ])
  const page = new Footer({
    children: [
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [new TextRun({ font: font('宋体'), size: 28, children: ['— ', PageNumber.CURRENT, ' —'] })],
      }),
    ],
  })
  const document = new Document({
    creator: 'Jishi',
    title: preview.title,
    sections: [
      {
        properties: {
          page: {
            size: { width: mm(210), height: mm(297) },
            margin: { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26), footer: mm(28) },
          },
        },
        footers: { default: page },
        children: [
          centred(preview.title, { font: font('方正小标宋简体'), size: 44 }),
          ...(preview.subtitle ? [centred(preview.subtitle, { font: font('楷体_GB2312'), size: 32 })] : []),
          new Paragraph({ spacing: LINES, children: [] }),
          ...body,
          new Paragraph({ spacing: LINES, children: [] }),
          new Paragraph({
            spacing: LINES,
            children: [
              new TextRun({
                font: font('黑体'),
                size: 32,
                text: `数据清单（${preview.unit.name}，${preview.period.from} 至 ${preview.period.to}，截至 ${preview.asOf}）`,
              }),
            ],
          }),
          manifest(preview),
        ],
      },
    ],
  })
  return Packer.toBuffer(document)
}
