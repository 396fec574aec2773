// From the sheet of the hotline to rows: headings as the hotlines write them, days and times in their forms. Pure.
import { instantOf } from '#core/calendar.ts'
import { fail } from './contract.ts'

/** A cell as read: text, number, or a date the sheet shows as one. */
export type HotlineCell = string | number | boolean | { day: string | null; time?: string } | { error: string } | null

const headings: Record<string, readonly string[]> = {
  no: ['工单编号', '工单号', '热线编号', '编号', '受理编号'],
  place: ['所属区域', '所属社区', '社区', '地点', '所属单位', '区域'],
  category: ['诉求分类', '诉求类别', '问题类别', '类别', '分类'],
  title: ['标题', '工单标题', '诉求标题'],
  words: ['诉求内容', '工单内容', '内容', '诉求描述', '主要内容'],
  name: ['诉求人', '来电人', '姓名', '联系人'],
  phone: ['联系电话', '来电号码', '手机号', '手机', '电话'],
  openedAt: ['受理时间', '来电时间', '登记时间', '派单时间'],
}

const needed = ['no', 'place', 'category', 'words'] as const
const clean = (text: string) => text.replace(/[\s*＊：:（(].*$/, '').trim()

/** `2026-03-01 09:30`, `2026/3/1 9:30:00`, `2026年3月1日 9:30` in Asia/Shanghai → instant; null when it is none of them. */
export function hotlineInstant(text: string): string | null {
  const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text.trim())
  if (!found) return null
  const [, y = '', m = '', d = '', hour = '0', minute = '00', second = '00'] = found
  try {
    return instantOf(`${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`, `${hour.padStart(2, '0')}:${minute}:${second}`)
  } catch {
    return null
  }
}

function valueOf(field: string, cell: HotlineCell): unknown {
  if (cell === null || typeof cell === 'boolean') return undefined
  if (typeof cell === 'object') {
    if ('error' in cell) return undefined
    if (!cell.day) return undefined
    return field === 'openedAt' ? (hotlineInstant(`${cell.day} ${cell.time ?? '00:00'}`) ?? cell.day) : cell.day
  }
  // a number as long as a work order's may have lost its last digits: it is left to fail the check of its form
  const text = String(cell).trim()
  if (text === '') return undefined
  return field === 'openedAt' ? (hotlineInstant(text) ?? text) : text
}

/** Rows of the sheet by field name; the heading is looked for in the first ten rows. @throws demand.bad-sheet */
export function hotlineRows(
  rows: readonly (readonly HotlineCell[])[],
): { row: number; fields: Record<string, unknown> }[] {
  const columns = (cells: readonly HotlineCell[]) =>
    new Map(
      Object.entries(headings).flatMap(([field, names]) => {
        const at = names.map((n) => cells.findIndex((c) => typeof c === 'string' && clean(c) === n)).find((i) => i >= 0)
        return at === undefined ? [] : [[field, at] as const]
      }),
    )
  const at = rows.slice(0, 10).findIndex((cells) => columns(cells).has('no'))
  if (at < 0) throw fail('bad-sheet', { why: '前十行里没有找到“工单编号”一列' })
  const where = columns(rows[at] ?? [])
  const missing = needed.filter((f) => !where.has(f))
  if (missing.length > 0) throw fail('bad-sheet', { why: `缺少列：${missing.map((f) => headings[f]?.[0]).join('、')}` })
  return rows.slice(at + 1).flatMap((cells, i) => {
    const fields = Object.fromEntries(
      [...where].map(([field, c]) => [field, valueOf(field, cells[c] ?? null)]).filter(([, v]) => v !== undefined),
    )
    return Object.keys(fields).length === 0 ? [] : [{ row: at + 2 + i, fields }]
  })
}

/** CSV as hotlines export it: UTF-8 (with or without mark) or GB18030, quoted fields, any line end. */
export function readCsv(file: Buffer): string[][] {
  const decode = (label: string) => new TextDecoder(label, { fatal: true, ignoreBOM: false }).decode(file)
  let text: string
  try {
    text = decode('utf-8')
  } catch {
    text = decode('gb18030')
  }
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') cell += text[++i]
      else if (c === '"') quoted = false
      else cell += c
    } else if (c === '"' && cell === '') quoted = true
    else if (c === ',' || c === '\n') {
      rows.at(-1)?.push(cell.replace(/\r$/, ''))
      cell = ''
      if (c === '\n') rows.push([])
    } else cell += c
  }
  if (cell !== '' || rows.at(-1)?.length) rows.at(-1)?.push(cell.replace(/\r$/, ''))
  return rows.filter((r) => r.length > 0)
}
