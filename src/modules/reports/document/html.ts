// The review as one HTML file that needs nothing else: to read on any screen, to print, to hand to a newspaper.
import type { BoundBlock, BoundTable, Made, Manifest, Run } from '../contract.ts'
import type { Drawn } from './pictures.ts'
import { LIST_HEAD, listGround, listRows } from './list.ts'

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const safe = (text: string) => text.replace(/[&<>"']/g, (c) => escapes[c] as string)

const css = `body{max-width:42em;margin:2em auto;padding:0 1em;font:17px/1.9 "FangSong","仿宋","Noto Serif CJK SC",serif;color:#1d1f23}
h1{font:700 1.7em/1.4 "SimSun","Noto Serif CJK SC",serif;text-align:center;text-wrap:balance}h2{font:700 1.05em/1.6 "SimHei","Noto Sans CJK SC",sans-serif;margin:1.4em 0 .3em}
.c{text-align:center}p{margin:0;text-indent:2em;text-align:justify}b{font-weight:400;font-family:"KaiTi","楷体",serif}a{color:inherit;text-decoration:underline dotted}
figure{margin:1em 0}figcaption{text-align:center;font-size:.9em}figure svg{display:block;width:100%;height:auto;margin:.3em 0}table{border-collapse:collapse;width:100%;font-size:.85em;line-height:1.5}th,td{border:1px solid #999;padding:.2em .5em;text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}
.r{text-align:right;text-indent:0}@media print{body{max-width:none;margin:0}a{text-decoration:none}.manifest{break-before:page}@page{size:A4;margin:37mm 26mm 35mm 28mm}}`

const linked = (base: string, link: string, text: string) =>
  link ? `<a href="${safe(`${base}${link}`)}">${safe(text)}</a>` : safe(text)

function tableOf({ columns, rows, totals }: BoundTable, base: string): string {
  const line = (name: string, cells: BoundTable['totals']) =>
    `<tr><th scope="row">${safe(name)}</th>${cells.map((c) => `<td class="n">${linked(base, c.link, c.printed)}</td>`).join('')}</tr>`
  const head = columns.map((c) => `<th scope="col">${safe(`${c.name}（${c.classifier}）`)}</th>`).join('')
  return `<table><thead><tr><th></th>${head}</tr></thead><tbody>${rows.map((r) => line(r.name, r.cells)).join('')}${line('合计', totals)}</tbody></table>`
}

function manifestOf(manifest: Manifest): string {
  const rows = listRows(manifest).map((row) => `<tr>${row.map((v) => `<td>${safe(v)}</td>`).join('')}</tr>`)
  const head = LIST_HEAD.map((t) => `<th scope="col">${t}</th>`).join('')
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

/** @param base address the links of figures start with */
export function htmlOf({ preview, manifest }: Made, base: string, drawn: Drawn): string {
  const runs = (all: readonly Run[]) =>
    all.map((r) => (r.kind === 'figure' ? linked(base, r.figure.link, r.text) : safe(r.text))).join('')
  const paragraph = (all: readonly Run[], lead: readonly Run[] = []) =>
    all.length > 0 ? `<p>${lead.length > 0 ? `<b>${runs(lead)}</b>` : ''}${runs(all)}</p>` : ''
  const block = (b: BoundBlock) => {
    if (b.kind === 'paragraph') return paragraph(b.runs, b.runIn)
    if (b.kind === 'quote') return `<p>${safe(b.speaker)}说：“${runs(b.runs)}”</p>`
    if (b.kind === 'caption')
      return `<figure><figcaption>${runs(b.runs)}${b.credit ? safe(`（${b.credit}）`) : ''}</figcaption></figure>`
    const picture = b.kind === 'chart' ? (drawn.get(b)?.svg ?? '') : ''
    return `<figure><figcaption>${safe(b.title)}</figcaption>${picture}${tableOf(b.table, base)}</figure>`
  }
  const centred = (text: string) => (text ? `<div class="c">${safe(text)}</div>` : '')
  const sections = preview.sections.map(
    (s) =>
      `<section>${s.heading.length > 0 ? `<h2>${runs(s.heading)}</h2>` : ''}${s.blocks.map(block).join('')}</section>`,
  )
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${safe(preview.title)}</title><style>${css}</style></head><body><article>
${centred(preview.masthead)}${centred(preview.occasion && `【${preview.occasion}】`)}<h1>${safe(preview.title)}</h1>${centred(preview.subtitle)}${preview.bylines.map(centred).join('')}
${paragraph(preview.lead)}${paragraph(preview.thesis)}${sections.join('\n')}${paragraph(preview.closing)}${preview.credits.map((c) => `<p class="r">${safe(c)}</p>`).join('')}
</article><section class="manifest"><h2>数据清单</h2><p>${safe(listGround(manifest))}</p>${manifestOf(manifest)}</section></body></html>`
}
