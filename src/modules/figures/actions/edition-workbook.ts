// An edition on paper: made from the signed text and nothing else, so that it is the same in a year.
import { mustBeAnchored } from '#core/anchor.ts'
import type { Context } from '#core/context.ts'
import type { FileAnswer } from '#core/http/route.ts'
import { type OutSheet, writeWorkbook } from '#core/xlsx.ts'
import { EditionBody, fail } from '../contract.ts'
import { holds } from './editions.ts'
import { getEdition, type StoredEdition } from '../store/editions.ts'

const shown = (n: { value: number | null; suppressed: boolean }) => (n.suppressed ? '不足不显示' : n.value)

function sheets({ hash, signedBy, signedAt }: StoredEdition, body: EditionBody): OutSheet[] {
  const { no, title, unit, period, tree, asOf, figures } = body
  const ground = `第${no}期　${unit.name}　${period.from} 至 ${period.to}　组织树：${tree === 'day' ? '按记录之日' : tree}　截至 ${asOf}`
  const children = [...new Map(figures.flatMap((f) => f.rows.map((r) => [r.key, r.name])))]
  return [
    {
      name: '指标',
      title: `${title}　${ground}`,
      columns: [
        { header: '序号', width: 6 },
        { header: '指标', width: 26 },
        { header: '数值', width: 14 },
        { header: '单位', width: 8 },
        { header: '口径', width: 60 },
        { header: '计算', width: 40 },
        { header: '编号', width: 28 },
        { header: '版本', width: 6 },
        { header: '依据摘要', width: 66 },
      ],
      rows: figures.map((f, i) => [
        i + 1,
        f.measure.name,
        shown(f),
        f.measure.classifier,
        f.measure.definition,
        f.measure.formula,
        f.measure.id,
        f.measure.version,
        f.evidence,
      ]),
    },
    {
      name: '分单位',
      title,
      columns: [
        { header: '单位', width: 24 },
        ...figures.map((f) => ({ header: `${f.measure.name}（${f.measure.classifier}）`, width: 16 })),
      ],
      rows: children.map(([key, name]) => [
        name as string,
        ...figures.map((f) => {
          const row = f.rows.find((r) => r.key === key)
          return row ? shown(row) : null
        }),
      ]),
    },
    {
      name: '签署',
      columns: [
        { header: '项目', width: 16 },
        { header: '内容', width: 80 },
      ],
      rows: [
        ['编制', `${body.preparedBy} ${body.preparedAt}`],
        ['签署', signedBy ? `${signedBy} ${signedAt}` : '未签署'],
        ['正文摘要', Buffer.from(hash).toString('hex')],
      ],
    },
  ]
}

export const editionWorkbook = (ctx: Context, id: string): Promise<FileAnswer> =>
  ctx.write('figure.export', 'edition.export', async (tx) => {
    const row = await getEdition(tx, id)
    tx.must('figure.export', row.path)
    mustBeAnchored(ctx.ground, tx)
    if (!holds(tx, row)) throw fail('edition-broken')
    const body = EditionBody.parse(JSON.parse(row.body))
    tx.record({ subject: { kind: 'edition', id }, path: row.path, change: { no: row.no } })
    return { file: await writeWorkbook(sheets(row, body)), name: `${row.title}（第${row.no}期）.xlsx` }
  })
