// 核验: a document we made comes back, perhaps edited; every number of it against what was printed and what the records say now.
import { Button, Table, type TableProps } from 'antd'
import { useState } from 'react'
import { Link } from 'wouter'
import { call } from '#web/api.ts'
import { useAddress, useCarry } from '#web/kit/address.ts'
import { StateTag, type Tone } from '#web/kit/clock.tsx'
import { type FileKind, FilePick } from '#web/kit/file-pick.tsx'
import { Progress, useLong } from '#web/kit/long.tsx'
import { Facts, PageHead, PrintFoot, PrintHead, Sheet } from '#web/kit/page.tsx'
import { Refusal } from '#web/kit/states.tsx'
import { moment } from '#web/kit/time.ts'
import type { Verified } from '../contract.ts'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const MOST = 20 * 1024 * 1024

const kind: FileKind = {
  named: '.docx',
  ends: /\.docx$/i,
  accept: `.docx,${DOCX}`,
  old: [/\.doc$/i, '这是旧格式（.doc），请在文字软件中另存为 .docx 后再选。'],
}

type Entry = Verified['entries'][number]

const verdicts: Record<Entry['verdict'], { word: string; tone: Tone }> = {
  unchanged: { word: '相符', tone: 'done' },
  restated: { word: '记录已变', tone: 'soon' },
  edited: { word: '手工改动', tone: 'late' },
  missing: { word: '已删去', tone: 'late' },
  gone: { word: '已无此数', tone: 'off' },
}

export function VerifyPage() {
  const [file, setFile] = useState<File | null>(null)
  const [found, setFound] = useState<Verified | null>(null)
  const long = useLong()
  const carry = useCarry()
  const check = async (picked: File | null) => {
    setFile(picked)
    setFound(null)
    if (!picked) return
    const answer = await long.run(`正在核验 ${picked.name}`, ({ signal, key }) =>
      call<Verified>('POST', '/report-documents/verification', {
        body: new Blob([picked], { type: DOCX }),
        idempotencyKey: key,
        signal,
      }),
    )
    setFound(answer)
  }
  return (
    <>
      <PageHead title="核验文档" where="核对由基石生成的文档：数字是否被改动，记录是否已变；文档不保存">
        <Link href={carry('/reports')}>返回综述</Link>
        {found ? <Button onClick={() => window.print()}>打印</Button> : null}
      </PageHead>
      <div className="stack">
        <Sheet title="文档" padded>
          <FilePick label="要核验的文档" file={file} onPick={(f) => void check(f)} most={MOST} kind={kind} />
          {long.doing ? <Progress doing={long.doing} onStop={long.stop} /> : null}
          {long.problem ? <Refusal problem={long.problem} /> : null}
        </Sheet>
        {found ? <Result of={found} /> : null}
      </div>
    </>
  )
}

function useColumns({ document }: Verified): TableProps<Entry>['columns'] {
  const { set } = useAddress()
  const open = (measure: string) =>
    set({ number: [measure, document.unit.id, document.period.key, ''].join('~') }, { push: true })
  return [
    { title: '序号', dataIndex: 'n', width: 64, className: 'seq' },
    { title: '指标', width: 240, render: (_, e) => (e.key === null ? e.name : `${e.name}（表内）`) },
    { title: '付印时', width: 140, className: 'num', dataIndex: 'printed' },
    { title: '文中', width: 140, className: 'num', render: (_, e) => e.found ?? '—' },
    {
      title: '现在',
      width: 120,
      className: 'num',
      render: (_, e) =>
        e.now === null ? (
          '—'
        ) : (
          <button type="button" className="figure" onClick={() => open(e.measure)}>
            {e.now.toLocaleString('zh-CN')} {e.classifier}
          </button>
        ),
    },
    {
      title: '结论',
      width: 110,
      render: (_, e) => <StateTag tone={verdicts[e.verdict].tone}>{verdicts[e.verdict].word}</StateTag>,
    },
    { title: '口径', render: (_, e) => e.definition },
  ]
}

function Result({ of }: { of: Verified }) {
  const { document, entries, counts, loose, pictures } = of
  const drawn = pictures.filter((p) => p.verdict === 'changed')
  const columns = useColumns(of)
  const words = Object.entries(verdicts).flatMap(([v, { word }]) => {
    const n = counts[v as Entry['verdict']]
    return n > 0 ? [`${word} ${n} 处`] : []
  })
  return (
    <>
      <PrintHead title={`核验：${document.title}`} unit={document.unit.name} period={document.period.key} />
      <Sheet title={document.title} padded>
        <Facts
          two
          of={[
            ['单位', document.unit.name],
            ['期间', `${document.period.from} 至 ${document.period.to}`],
            ['数字截至', moment(document.asOf)],
            ['生成', `${document.madeBy} ${moment(document.madeAt)}`],
            ['核验时间', moment(of.checkedAt)],
            ['结论', words.join('，')],
          ]}
        />
        {drawn.length > 0 ? (
          <p className="issue-box" role="alert">
            {drawn.map((p) => `“${p.title}”`).join('、')}
            已不是付印时的图：可能被更换、删去，或被软件重新压缩。请对照图下的数字表。
          </p>
        ) : null}
        {loose.length > 0 ? (
          <p className="issue-box" role="alert">
            文中另有 {loose.length} 个数不是由记录得出的：{loose.slice(0, 20).join('、')}
            {loose.length > 20 ? ' 等' : ''}。请改用“插入数字”，或自行核实。
          </p>
        ) : null}
      </Sheet>
      <Sheet>
        <Table<Entry>
          rowKey="n"
          size="small"
          columns={columns}
          dataSource={entries}
          pagination={entries.length > 100 ? { pageSize: 100, size: 'small' } : false}
        />
      </Sheet>
      <PrintFoot />
    </>
  )
}
