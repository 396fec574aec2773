import { z } from 'zod'
import { can, id, instant, listOf, paging, text } from '#core/contract.ts'
import { problems } from '#core/errors.ts'

export const fail = problems('export', {
  'purpose-needed': {
    status: 422,
    text: '本次导出含 {rows} 条个人信息，超过 {limit} 条须先说明用途。',
    ground: '个人信息保护法第六条',
  },
  'approval-needed': {
    status: 422,
    text: '本次导出含 {rows} 条个人信息，连同近一小时已导出的共 {hour} 条，超过 {limit} 条，须说明用途并经他人审批。',
    ground: '个人信息保护法第五十一条',
  },
  'not-found': { status: 404, text: '没有找到这份导出申请，或者它与现在要导出的内容不符。' },
  'not-ready': { status: 409, text: '这份导出申请{state}，不能下载。' },
  taken: { status: 404, text: '这份导出已经下载过，一份申请只能下载一次；还需要的，请重新申请。' },
  grown: { status: 409, text: '名单已由 {asked} 条增加到 {rows} 条，请按现在的名单重新申请。' },
  another: { status: 409, text: '申请时的范围是“{asked}”，现在是“{now}”，请按现在的范围重新申请。' },
  'no-persons': { status: 422, text: '这份导出不含个人信息，不用申请，可以直接导出。' },
  'unknown-file': { status: 422, text: '没有“{operation}”这种导出，或者您没有权限。' },
  own: { status: 403, text: '自己提出的导出申请须由另一人审批。', ground: '等保 33' },
  decided: { status: 409, text: '这份导出申请{state}，不用再审批。' },
  'content-changed': { status: 409, text: '您看到的内容与待审批的内容不一致，请刷新后再审批。' },
})

export const exportStates = ['waiting', 'granted', 'declined', 'taken', 'lapsed'] as const

export const AskExport = z.strictObject({
  operation: z
    .string()
    .regex(/^[A-Za-z0-9]{3,60}$/, { error: 'format' })
    .meta({ description: 'operationId of the file: listEvidenceXlsx, listPersonsCsv …' }),
  query: z
    .record(z.string().regex(/^[A-Za-z]{1,30}$/), z.string().max(2000))
    .refine((q) => Object.keys(q).length <= 20, { error: 'format' })
    .meta({ description: 'what is asked of it: its query, and its path parameters by name' }),
  purpose: text(200, 4),
})
export type AskExport = z.infer<typeof AskExport>

export const Export = z
  .strictObject({
    id,
    operation: z.string(),
    file: z.string().meta({ description: 'where it is fetched once it is granted, below /api' }),
    title: z.string(),
    about: z.string(),
    rows: z.int(),
    purpose: z.string(),
    state: z.enum(exportStates),
    askedBy: z.string(),
    unitName: z.string().meta({ description: 'where the asker works' }),
    askedAt: instant,
    until: instant.meta({ description: 'waits, or may be taken, until then' }),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    note: z.string(),
    takenAt: instant.nullable(),
    hash: z.string().meta({ description: 'of what an approver sees; his answer names it' }),
    can,
  })
  .meta({ id: 'Export' })
export type Export = z.infer<typeof Export>

export const ExportList = listOf(Export)

export const ListExports = z.strictObject({
  box: z
    .enum(['mine', 'waiting', 'all'])
    .optional()
    .meta({ description: 'mine (when absent); waiting: for my approval; all: that I may approve, decided ones too' }),
  ...paging,
})
export type ListExports = z.infer<typeof ListExports>

export const DecideExport = z.strictObject({
  granted: z.boolean(),
  hash: z.string().regex(/^[0-9a-f]{64}$/, { error: 'format' }),
  note: text(200, 0).optional(),
})
export type DecideExport = z.infer<typeof DecideExport>
