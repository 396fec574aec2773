// Runs alone in a thread: SVG in, PNG out, with whatever Chinese font the machine has. Without one the labels stay empty here and
// are read in the SVG and in the table.
import { existsSync, readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'
import { initWasm, Resvg } from '@resvg/resvg-wasm'

const fonts = [
  ['/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', 'Noto Sans CJK SC'],
  ['/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc', 'Noto Sans CJK SC'],
  ['/usr/share/fonts/truetype/wqy/wqy-microhei.ttc', 'WenQuanYi Micro Hei'],
  ['/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc', 'WenQuanYi Zen Hei'],
] as const

const wasm = fileURLToPath(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))
await initWasm(readFileSync(wasm))
const [file, family] = fonts.find(([path]) => existsSync(path)) ?? []
const font =
  file && family ? { fontBuffers: [readFileSync(file)], defaultFontFamily: family, sansSerifFamily: family } : {}
const pngs = (workerData as string[]).map((svg) =>
  new Resvg(svg, { background: '#ffffff', fitTo: { mode: 'zoom', value: 2 }, font }).render().asPng(),
)
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin; the rule means windows
parentPort?.postMessage(pngs)
