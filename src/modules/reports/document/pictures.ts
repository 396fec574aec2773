// The charts of a text as pictures, by where they stand.
import { createHash } from 'node:crypto'
import { chartWords } from '#core/chart/options.ts'
import { drawSvg, type Picture, pngsOf } from '#core/chart.ts'
import { type BoundChart, chartOf } from '../chart.ts'
import type { Manifest, Preview } from '../contract.ts'

export type Drawn = ReadonlyMap<BoundChart, Picture & { words: string; png: Buffer | null }>

/** @param pixels also as PNG: Word keeps one beside the SVG for readers that know no SVG */
export async function drawCharts(preview: Preview, pixels: boolean): Promise<Drawn> {
  const charts = preview.sections.flatMap((s) => s.blocks.filter((b): b is BoundChart => b.kind === 'chart'))
  const drawn = new Map<BoundChart, Picture & { words: string; png: Buffer | null }>()
  for (const chart of charts) {
    const words = chartWords(chartOf(chart), chart.title)
    drawn.set(chart, { ...(await drawSvg(chartOf(chart), words)), words, png: null })
  }
  if (!pixels) return drawn
  const pngs = await pngsOf([...drawn.values()])
  return new Map([...drawn].map(([chart, picture], i) => [chart, { ...picture, png: pngs[i] ?? null }]))
}

const digestOf = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')

/** What each chart may be known by again: it was drawn twice, and programs keep the one or the other. */
export const digestsOf = (drawn: Drawn): Manifest['pictures'] =>
  [...drawn].map(([{ title }, { svg, png }]) => ({ title, digests: [svg, ...(png ? [png] : [])].map(digestOf) }))
