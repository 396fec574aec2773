import type { Context, Tx } from '#core/context.ts'
import type { FileAnswer } from '#core/http/route.ts'
import { ask, readIn } from '#modules/figures/index.ts'
import { bind, measuresOf } from './bind.ts'
import { type BuildReport, fail, type Preview, Template } from './contract.ts'
import { documentOf } from './document.ts'

/** Templates are pack data, kept with the district. */
async function templatesOf(tx: Tx): Promise<Template[]> {
  const row = await tx.db
    .selectFrom('district')
    .select('settings')
    .where('id', '=', tx.district)
    .executeTakeFirstOrThrow()
  return ((row.settings as { reports?: unknown[] }).reports ?? []).map((r) => Template.parse(r))
}

export const listTemplates = (ctx: Context) =>
  ctx.read('report.read', async (tx) => {
    const rows = (await templatesOf(tx)).map((template) => ({ id: template.id, title: template.title, template }))
    return { rows, total: rows.length }
  })

async function templateOf(tx: Tx, wanted: BuildReport['template']): Promise<Template> {
  if (typeof wanted !== 'string') return wanted
  const found = (await templatesOf(tx)).find((t) => t.id === wanted)
  if (!found) throw fail('unknown-template', { template: wanted })
  return found
}

/** The text with live numbers beside it, and everything that could not be printed. */
export const previewReport = (ctx: Context, input: BuildReport): Promise<Preview> =>
  ask(ctx, 'report.read', async (tx, head) => {
    const template = await templateOf(tx, input.template)
    const known = measuresOf(template)
    const figures = await readIn(
      { tx, head },
      {
        measures: known.length > 0 ? known.join(',') : undefined,
        unit: input.unit,
        period: input.period,
        tree: input.tree,
        published: true,
      },
    )
    const query = new URLSearchParams({ unit: figures.unit.id, period: figures.period.key })
    const { sections, faults } = bind(template, figures, (m) => `/console/figures/${m}?${query}`)
    return {
      title: template.title,
      subtitle: template.subtitle,
      unit: figures.unit,
      period: figures.period,
      asOf: figures.asOf,
      sections,
      faults,
    }
  })

/** The review as a document; refused as a whole while any number in it would not be true. */
export async function buildReport(ctx: Context, input: BuildReport, base: string): Promise<FileAnswer> {
  const preview = await previewReport(ctx, input)
  if (preview.faults.length > 0) {
    throw fail(
      'untrue',
      { count: preview.faults.length },
      preview.faults.map((f) => ({
        path: `sections.${f.section}.paragraphs.${f.paragraph}`,
        code: `${f.text}${f.instead.length > 0 ? `；可写：${f.instead.join('、')}` : ''}`,
      })),
    )
  }
  const file = await documentOf(preview, base)
  await ctx.write('report.read', 'report.build', async (tx) => {
    tx.record({
      subject: { kind: 'unit', id: preview.unit.id },
      path: '',
      change: { title: preview.title, period: preview.period.key },
    })
  })
  return {
    file,
    name: `${preview.title}.docx`,
  }
}
