import { z } from 'zod'
import { listOf } from '#core/contract.ts'
import { problems } from '#core/errors.ts'
import { Template } from './contract/template.ts'

export * from './contract/coverage.ts'
export * from './contract/document.ts'
export * from './contract/draft.ts'
export * from './contract/manuscript.ts'
export * from './contract/preview.ts'
export * from './contract/settings.ts'
export * from './contract/template.ts'

export const fail = problems('report', {
  'unknown-template': { status: 404, text: '没有“{template}”这份模板。' },
  'not-found': { status: 404, text: '没有找到这份稿件，或者不在您的查看范围内。' },
  untrue: { status: 422, text: '有 {count} 处数字或措辞不符合记录，不能付印。请按提示改写。', ground: '动词与口径表' },
  'no-office': {
    status: 422,
    text: '服务器没有安装 LibreOffice，不能生成 PDF。请下载 Word 文档，或在浏览器里打印网页版。',
  },
  'not-ours': {
    status: 422,
    text: '文档里没有基石的数据清单，不能逐项核对。请用“核对他人稿件”检查这份文稿。',
  },
  'unknown-document': { status: 404, text: '没有找到生成这份文档的记录，或者不在您的查看范围内。' },
  'not-next': { status: 409, text: '稿件现在是“{from}”，不能转为“{to}”。' },
  'own-work': { status: 403, text: '核数、审核、签发须由起草人以外的人办理；您是这份稿件的起草人。' },
  'publication-needed': { status: 422, text: '登记刊发时请填写刊发的媒体、级别和日期。' },
  'coverage-not-found': { status: 404, text: '没有找到这条宣传记录，或者不在您的查看范围内。' },
  'coverage-twice': { status: 409, text: '“{outlet}”刊播的《{title}》已经登记过，不重复计数。' },
  'unknown-form': { status: 422, text: '机制里没有“{form}”这一类宣传。' },
  'no-texts': { status: 422, text: '“{mechanism}”只登记宣传情况，不在这里写稿。' },
  'not-open': { status: 409, text: '稿件“{state}”，不能直接修改；请先退回起草。' },
  'note-needed': { status: 422, text: '退回和更正请写明原因。' },
  'unknown-level': { status: 422, text: '机制里没有“{level}”这一级别。' },
})

export const TemplateList = listOf(z.strictObject({ id: z.string(), title: z.string(), template: Template }))
