// A chart as a picture for documents: SVG by ECharts without a browser, and from the same SVG a PNG for readers that know no SVG.
import { Worker } from 'node:worker_threads'
import { type Chart, chartHeight, chartOptions } from './options.ts'

export interface Picture {
  svg: string
  width: number
  height: number
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** @param words what is told to readers who do not see it */
export async function drawSvg(chart: Chart, words: string, width = 640): Promise<Picture> {
  const { init } = await import('./echarts.ts')
  const height = chartHeight(chart)
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    drawing.setOption(chartOptions(chart))
    const label = words.replace(/[&<>"]/g, (c) => escapes[c] as string)
    const svg = drawing.renderToSVGString().replace('<svg ', `<svg role="img" aria-label="${label}" `)
    return { svg, width, height }
  } finally {
    drawing.dispose()
  }
}

const TIMEOUT_MS = 30_000

/** Pixels of pictures, twice their size; in a thread of its own, so that nobody waits and the fonts' memory is given back. */
export async function pngsOf(pictures: readonly Picture[]): Promise<Buffer[]> {
  if (pictures.length === 0) return []
  const { promise, resolve, reject } = Promise.withResolvers<Buffer[]>()
  const worker = new Worker(new URL('raster.ts', import.meta.url), {
    workerData: pictures.map((p) => p.svg),
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  })
  const timer = setTimeout(() => reject(new Error('drawing pictures took too long')), TIMEOUT_MS)
  worker.once('message', (pngs: Uint8Array[]) => resolve(pngs.map((p) => Buffer.from(p))))
  worker.once('error', reject)
  worker.once('exit', (code) => reject(new Error(`the thread that draws ended with ${code}`)))
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    void worker.terminate()
  }
}
