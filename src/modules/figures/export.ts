import type { Context } from '#core/context.ts'
import type { FileAnswer } from '#core/http/route.ts'
import { listEvidence } from './actions/evidence.ts'
import type { EvidenceQuery } from './contract.ts'

// A cell that a spreadsheet would take for a formula gets an apostrophe (A-34, EX-01).
const cell = (value: string | number | null) => {
  const text = String(value ?? '')
  const safe = typeof value === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const LIMIT = 50_000

/** CSV with a byte-order mark, for spreadsheets; the export itself is an entry of history. */
export async function exportEvidence(ctx: Context, query: EvidenceQuery): Promise<FileAnswer> {
  const evidence = await listEvidence(ctx, { ...query, limit: LIMIT, offset: 0 })
  await ctx.write('figure.export', 'figure.export', async (tx) => {
    tx.record({
      subject: { kind: 'unit', id: evidence.unit.id },
      path: '',
      change: { measure: query.measure, period: evidence.period.key, rows: evidence.rows.length },
    })
  })
  const head = [
    `${evidence.measure.name}（${evidence.unit.name}，${evidence.period.from} 至 ${evidence.period.to}）`,
    evidence.measure.definition,
    `截至 ${evidence.asOf}，共 ${evidence.total} 条`,
  ]
  const lines = [
    head,
    ['序号', '记录', '日期', '单位', '数量', '编号'],
    ...evidence.rows.map((r, i) => [i + 1, r.label, r.day, r.unitName, r.quantity, r.record]),
  ]
  return {
    file: Buffer.from(`\uFEFF${lines.map((l) => l.map(cell).join(',')).join('\r\n')}\r\n`, 'utf8'),
    name: `${evidence.measure.name}-${evidence.period.key}.csv`,
  }
}
