// What one block of a manuscript is made of: words, who said them and who agreed, or a table or chart of measures.
import { Checkbox, Input, Select } from 'antd'
import type { ChartForm } from '#core/chart/options.ts'
import { DayInput } from '#web/kit/dates.tsx'
import type { Block, Consent } from '../contract.ts'
import { MeasurePicker, useRows } from './measures.tsx'
import type { Watch } from './parts.ts'

interface FieldsProps {
  block: Block
  write: (next: Block) => void
  label: string
  watch: Watch
}

export function BlockFields({ block, write, label, watch }: FieldsProps) {
  if (block.kind === 'table' || block.kind === 'chart') return <TableFields block={block} write={write} />
  const text = (next: string) => write({ ...block, text: next })
  return (
    <>
      {block.kind === 'paragraph' ? (
        <Input
          aria-label={`${label}段首语`}
          placeholder="段首语（可不填）"
          maxLength={30}
          value={block.runIn}
          onChange={(e) => write({ ...block, runIn: e.target.value })}
        />
      ) : null}
      {block.kind === 'quote' ? (
        <Input
          aria-label={`${label}说话人`}
          placeholder="说话人"
          maxLength={40}
          value={block.speaker}
          onChange={(e) => write({ ...block, speaker: e.target.value })}
        />
      ) : null}
      <Input.TextArea
        aria-label={`${label}正文`}
        autoSize={{ minRows: 2 }}
        value={block.text}
        {...watch(text)}
        onChange={(e) => text(e.target.value)}
      />
      {block.kind === 'caption' ? (
        <>
          <Input
            aria-label={`${label}供图`}
            placeholder="供图（可不填）"
            maxLength={30}
            value={block.credit}
            onChange={(e) => write({ ...block, credit: e.target.value })}
          />
          <Checkbox checked={block.people} onChange={(e) => write({ ...block, people: e.target.checked })}>
            照片上有可辨认的人
          </Checkbox>
        </>
      ) : null}
      {block.kind === 'quote' || (block.kind === 'caption' && block.people) ? (
        <ConsentFields value={block.consent} onChange={(consent) => write({ ...block, consent })} label={label} />
      ) : null}
    </>
  )
}

/** Who agreed, when and to what: without it nobody is quoted or shown. */
function ConsentFields({
  value,
  onChange,
  label,
}: {
  value: Consent | null
  onChange: (c: Consent | null) => void
  label: string
}) {
  const consent = value ?? { by: '', on: '', scope: '' }
  const set = (patch: Partial<Consent>) => {
    const next = { ...consent, ...patch }
    onChange(next.by || next.on || next.scope ? next : null)
  }
  return (
    <div className="row">
      <Input
        aria-label={`${label}同意人`}
        placeholder="同意人"
        style={{ width: 120 }}
        maxLength={30}
        value={consent.by}
        onChange={(e) => set({ by: e.target.value })}
      />
      <DayInput aria-label={`${label}同意日期`} value={consent.on} onChange={(on) => set({ on })} clear />
      <Input
        aria-label={`${label}同意内容`}
        placeholder="同意的内容，如公开刊发姓名和原话"
        maxLength={60}
        value={consent.scope}
        onChange={(e) => set({ scope: e.target.value })}
      />
    </div>
  )
}

const forms: { value: ChartForm; label: string }[] = [
  { value: 'bar', label: '柱形' },
  { value: 'line', label: '折线（按时间）' },
  { value: 'share', label: '构成（各部分占比）' },
]

type Counted = Extract<Block, { kind: 'table' | 'chart' }>

const TableFields = ({ block, write }: { block: Counted; write: (next: Block) => void }) => (
  <div className="stack">
    <Input
      aria-label={block.kind === 'chart' ? '图题' : '表题'}
      placeholder={block.kind === 'chart' ? '图题' : '表题'}
      maxLength={40}
      value={block.title}
      onChange={(e) => write({ ...block, title: e.target.value })}
    />
    <MeasurePicker
      value={block.measures}
      most={block.kind === 'chart' ? 4 : 8}
      onChange={(measures) => write({ ...block, measures })}
    />
    <div className="row">
      {block.kind === 'chart' ? (
        <Select
          aria-label="图的样式"
          style={{ width: 190 }}
          value={block.form}
          options={forms}
          onChange={(form) => write({ ...block, form })}
        />
      ) : null}
      <Select
        aria-label="分列方式"
        style={{ width: 160 }}
        value={block.by}
        options={useRows(block.measures)}
        onChange={(by) => write({ ...block, by })}
      />
    </div>
  </div>
)
