// The document: refused as a whole while any number in it would not be true, and kept with the manifest of its numbers.
import type { Context } from '#core/context.ts'
import type { FileAnswer } from '#core/http/route.ts'
import { newId } from '#core/ids.ts'
import { ask, digestIn } from '#modules/figures/index.ts'
import { type BuildReport, fail, type Made, type Manifest, type Preview, type PreviewReport } from '../contract.ts'
import { docxOf } from '../document/docx.ts'
import { htmlOf } from '../document/html.ts'
import { pdfOf } from '../document/office.ts'
import { digestsOf, drawCharts, type Drawn } from '../document/pictures.ts'
import { workbookOf } from '../document/tables.ts'
import { insertDocument } from '../store/documents.ts'
import { type At, bindIn, type Bound } from './preview.ts'

/** @throws report.untrue naming every place */
export function mustBeTrue({ faults }: Preview): void {
  if (faults.length === 0) return
  const issues = faults.map((f) => ({
    path: f.at,
    code: `${f.text}${f.instead.length > 0 ? `；可写：${f.instead.join('、')}` : ''}`,
  }))
  throw fail('untrue', { count: faults.length }, issues)
}

/** Every number with the digest of the records behind it; numbers of table cells stand on their table's question. */
async function manifestOf(at: At, { preview, entries }: Bound): Promise<Manifest> {
  const { tx } = at
  const digests = new Map<string, string>()
  const { unit, period, tree } = preview
  for (const { measure, by } of entries)
    if (by === null && !digests.has(measure))
      digests.set(measure, await digestIn(at, { measure, unit: unit.id, period: period.key, tree }))
  return {
    id: newId(),
    title: preview.title,
    unit,
    period,
    tree: preview.tree,
    asOf: preview.asOf,
    madeBy: tx.actor.name,
    madeAt: tx.now,
    entries: entries.map((e) => ({ ...e, evidence: e.by === null ? (digests.get(e.measure) ?? '') : '' })),
    pictures: [],
  }
}

/** The text and its manifest, all of one moment. @throws report.untrue */
export const makeReport = (ctx: Context, input: PreviewReport): Promise<Made> =>
  ask(ctx, 'report.read', async (tx, head) => {
    const bound = await bindIn({ tx, head }, input)
    mustBeTrue(bound.preview)
    return { preview: bound.preview, manifest: await manifestOf({ tx, head }, bound) }
  })

export const fileTypes = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

async function fileOf(made: Made, drawn: Drawn, { format, base }: { format: BuildReport['format']; base: string }) {
  if (format === 'xlsx') return workbookOf(made.preview, made.manifest)
  if (format === 'html') return Buffer.from(htmlOf(made, base, drawn))
  const docx = await docxOf(made, base, drawn)
  return format === 'pdf' ? pdfOf(docx) : docx
}

/** @throws report.untrue, report.no-office */
export async function buildReport(ctx: Context, { format, ...input }: BuildReport, base: string): Promise<FileAnswer> {
  const { preview, manifest: counted } = await makeReport(ctx, input)
  const drawn: Drawn = format === 'xlsx' ? new Map() : await drawCharts(preview, format !== 'html')
  const manifest = { ...counted, pictures: digestsOf(drawn) }
  const file = await fileOf({ preview, manifest }, drawn, { format, base })
  await ctx.write('report.read', 'report.build', async (tx) => {
    const path = await insertDocument(tx, manifest, null)
    tx.record({
      subject: { kind: 'report-document', id: manifest.id },
      path,
      change: { title: manifest.title, period: manifest.period.key, figures: manifest.entries.length, format },
    })
  })
  return { file, name: `${manifest.title}.${format}`, type: fileTypes[format] }
}
