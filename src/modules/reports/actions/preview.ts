// A text with its live numbers beside it.
import type { Context, Tx } from '#core/context.ts'
import { ask, type Head, readIn } from '#modules/figures/index.ts'
import { findPlaceName } from '#modules/units/index.ts'
import { bind, type Loose } from '../bind.ts'
import { fail, type Preview, type PreviewReport, type Template } from '../contract.ts'
import { findTemplates } from '../store/templates.ts'
import { fill, periodWords } from '../fill.ts'
import { breakdownsOf, measuresOf } from '../tokens.ts'

export const listTemplates = (ctx: Context) =>
  ctx.read('report.read', async (tx) => {
    const rows = (await findTemplates(tx)).map((template) => ({ id: template.id, title: template.title, template }))
    return { rows, total: rows.length }
  })

/** @throws report.unknown-template */
async function templateOf(tx: Tx, wanted: PreviewReport['template']): Promise<Template> {
  if (typeof wanted !== 'string') return wanted
  const found = (await findTemplates(tx)).find((t) => t.id === wanted)
  if (!found) throw fail('unknown-template', { template: wanted })
  return found
}

/** A transaction and how far the ledger goes in it. */
export interface At {
  tx: Tx
  head: Head
}

export interface Bound {
  preview: Preview
  entries: Loose[]
}

/** Binds a text inside a transaction: everything in it is of one moment. */
export async function bindIn(at: At, input: PreviewReport): Promise<Bound> {
  const { tx } = at
  const written = await templateOf(tx, input.template)
  const { unit, period, tree } = input
  const figures = await readIn(at, { measures: measuresOf(written).join(','), unit, period, tree, published: true })
  const words = {
    地方: await findPlaceName(tx, figures.unit.id, tx.today),
    单位: figures.unit.name,
    时期: periodWords(figures.period),
  }
  const template = fill(written, words)
  const breakdowns = new Map<string, typeof figures>()
  for (const [by, measures] of breakdownsOf(template))
    breakdowns.set(by, await readIn(at, { measures: measures.join(','), unit, period, tree, by, published: true }))
  const where = new URLSearchParams({ unit: figures.unit.id, period: figures.period.key })
  const linkOf = (measure: string, n: number) => `/console/figures/${measure}?${where}&n=${n}`
  const { text, faults, entries } = bind(template, { figures, breakdowns, linkOf })
  const { asOf } = figures
  return {
    preview: { ...text, unit: figures.unit, period: figures.period, tree: tree ?? 'today', asOf, faults },
    entries,
  }
}

export const previewReport = (ctx: Context, input: PreviewReport): Promise<Preview> =>
  ask(ctx, 'report.read', async (tx, head) => (await bindIn({ tx, head }, input)).preview)
