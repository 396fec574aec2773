// Puts the open number into a manuscript that is being written: as a token, counted for the manuscript's own unit and period.
import { useQuery } from '@tanstack/react-query'
import { Button, Modal, Select } from 'antd'
import { useState } from 'react'
import type { MeasureInfo } from '#modules/figures/contract.ts'
import type { Manuscript, ManuscriptPage } from '#modules/reports/contract.ts'
import { type ApiProblem, asProblem, call } from '#web/api.ts'
import { useRefresh, useTold } from './act.tsx'
import type { ListOf } from './list.ts'
import { usePermission } from './session.ts'
import { proved } from './proved.ts'
import { EmptyState, Refusal } from './states.tsx'

export function ReportButton({ measure }: { measure: MeasureInfo }) {
  const [open, setOpen] = useState(false)
  if (!usePermission('report.write') || measure.verbs.length === 0) return null
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        写入稿件
      </Button>
      {open ? <Choose measure={measure} close={() => setOpen(false)} /> : null}
    </>
  )
}

/** A sentence that says the verb, with the number as a token. */
const sentenceOf = ({ name, verbs, id, classifier }: MeasureInfo) =>
  `${name}：${verbs[0]}{{${verbs[0]}|${id}|整数|${classifier}}}。`

async function append(id: string, measure: MeasureInfo) {
  const { content, unit, period, tree, version } = await call<ManuscriptPage>('GET', `/manuscripts/${id}`)
  const last = content.sections.length - 1
  const block = { kind: 'paragraph' as const, runIn: '', text: sentenceOf(measure) }
  const sections = content.sections.map((s, i) => (i === last ? { ...s, blocks: [...s.blocks, block] } : s))
  const body = { content: { ...content, sections }, unitId: unit.id, period, tree }
  await proved(() => call('PUT', `/manuscripts/${id}`, { ifMatch: version, body }))
}

function Choose({ measure, close }: { measure: MeasureInfo; close: () => void }) {
  const { data } = useQuery({
    queryKey: ['/manuscripts', { limit: 100 }],
    queryFn: ({ signal }) => call<ListOf<Manuscript>>('GET', '/manuscripts', { query: { limit: 100 }, signal }),
  })
  const open = (data?.rows ?? []).filter((m) => m.can.includes('edit'))
  const [id, setId] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const refresh = useRefresh()
  const told = useTold()
  const add = async () => {
    setBusy(true)
    try {
      await append(id as string, measure)
      told('已写入稿件最后一部分')
      close()
      await refresh()
    } catch (error) {
      setProblem(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title="写入稿件"
      okText="写入"
      cancelText="取消"
      width={480}
      confirmLoading={busy}
      okButtonProps={{ disabled: !id }}
      onOk={() => void add()}
      onCancel={close}
    >
      {problem ? <Refusal problem={problem} /> : null}
      {data && open.length === 0 ? (
        <EmptyState title="没有正在起草的稿件">请先在“综述”里新建一份。</EmptyState>
      ) : (
        <div className="stack">
          <Select
            aria-label="稿件"
            placeholder="选择正在起草的稿件"
            value={id ?? null}
            onChange={setId}
            options={open.map((m) => ({ value: m.id, label: `${m.title}（${m.unit.name}，${m.period}）` }))}
          />
          <p className="quiet">
            加到最后一部分的末尾，作为一段话；数字按稿件自己的单位和期间统计，写好后可以再改措辞。
          </p>
        </div>
      )}
    </Modal>
  )
}
