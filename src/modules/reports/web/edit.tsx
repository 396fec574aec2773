// The manuscript in its parts: headings, paragraphs, quotations, tables; parts can be moved, and numbers are put in as tokens.
import { Button, Checkbox, Dropdown, Input, Select } from 'antd'
import { useRef, useState } from 'react'
import { DayInput } from '#web/kit/dates.tsx'
import { Sheet } from '#web/kit/page.tsx'
import type { ChartForm } from '#core/chart/options.ts'
import type { Block, Consent, Template } from '../contract.ts'
import { InsertNumber } from './insert.tsx'
import { MeasurePicker } from './measures.tsx'
import { blockWords, emptyBlock } from './words.ts'

type Change = (patch: Partial<Template>) => void

/** A list with one element replaced, or (with undefined) taken out. */
const put = <T,>(list: readonly T[], at: number, value: T | undefined): T[] =>
  value === undefined ? list.filter((_, i) => i !== at) : list.map((v, i) => (i === at ? value : v))

const swap = <T,>(list: readonly T[], at: number, by: number): T[] => {
  const copy = [...list]
  const [one] = copy.splice(at, 1)
  copy.splice(at + by, 0, one as T)
  return copy
}

interface EditorProps {
  value: Template
  onChange: Change
  asked: { unit: string; period: string; tree: 'day' | 'today' }
}

/** Remembers the text area written in last, so that a number goes where the writer was. */
function useInsertion() {
  const last = useRef<{ area: HTMLTextAreaElement; write: (text: string) => void } | null>(null)
  const watch = (write: (text: string) => void) => ({
    onFocus: (e: React.FocusEvent<HTMLTextAreaElement>) => {
      last.current = { area: e.target, write }
    },
  })
  const insert = (token: string) => {
    if (!last.current) return
    const { selectionStart: from, selectionEnd: to, value } = last.current.area
    last.current.write(`${value.slice(0, from)}${token}${value.slice(to)}`)
  }
  return { watch, insert }
}

type Watch = ReturnType<typeof useInsertion>['watch']

export function ManuscriptEditor({ value: t, onChange, asked }: EditorProps) {
  const { watch, insert } = useInsertion()
  const [inserting, setInserting] = useState(false)
  const area = (label: string, name: 'lead' | 'thesis' | 'closing') => {
    const write = (text: string) => onChange({ [name]: text })
    return (
      <label className="part">
        {label}
        <Input.TextArea
          autoSize={{ minRows: 2 }}
          value={t[name]}
          {...watch(write)}
          onChange={(e) => write(e.target.value)}
        />
      </label>
    )
  }
  const add = () => onChange({ sections: [...t.sections, { heading: '', blocks: [emptyBlock('paragraph')] }] })
  return (
    <Sheet title="文稿" padded>
      <div className="row">
        {/* the text area keeps the place it was left at */}
        <Button onMouseDown={(e) => e.preventDefault()} onClick={() => setInserting(true)}>
          插入数字
        </Button>
        <span className="quiet">
          先点到要插入的位置，再点“插入数字”；{'{{地方}}'}、{'{{单位}}'}、{'{{时期}}'} 会换成所写的单位和期间。
        </span>
      </div>
      <Heads value={t} onChange={onChange} />
      {area('导语', 'lead')}
      {area('总述', 'thesis')}
      {t.sections.map((section, at) => (
        <SectionBox
          key={at}
          at={at}
          of={t.sections.length}
          section={section}
          watch={watch}
          set={(next) => onChange({ sections: put(t.sections, at, next) })}
          move={(by) => onChange({ sections: swap(t.sections, at, by) })}
        />
      ))}
      <Button onClick={add}>增加一部分</Button>
      {area('结语', 'closing')}
      <Lines label="署名、审核、供图（每行一条）" value={t.credits} onChange={(credits) => onChange({ credits })} />
      {inserting ? <InsertNumber asked={asked} onInsert={insert} close={() => setInserting(false)} /> : null}
    </Sheet>
  )
}

interface SectionProps {
  at: number
  of: number
  section: Template['sections'][number]
  watch: Watch
  set: (next: Template['sections'][number] | undefined) => void
  move: (by: number) => void
}

function SectionBox({ at, of, section, watch, set, move }: SectionProps) {
  const { heading, blocks } = section
  const name = `第${at + 1}部分`
  return (
    <fieldset className="part-box">
      <legend>{name}</legend>
      <div className="row">
        <Input
          aria-label={`${name}标题`}
          placeholder="标题，对仗的两句之间空一格"
          maxLength={40}
          value={heading}
          onChange={(e) => set({ ...section, heading: e.target.value })}
        />
        <Moves at={at} of={of} what={name} move={move} drop={of > 1 ? () => set(undefined) : undefined} />
      </div>
      {blocks.map((block, b) => {
        const write = (next: Block | undefined) => set({ ...section, blocks: put(blocks, b, next) })
        const label = `${name}第${b + 1}段`
        return (
          <div key={b} className="part-block">
            <div className="row">
              <span className="quiet">{blockWords[block.kind]}</span>
              <span style={{ flex: 1 }} />
              <Moves
                at={b}
                of={blocks.length}
                what={label}
                move={(by) => set({ ...section, blocks: swap(blocks, b, by) })}
                drop={blocks.length > 1 ? () => write(undefined) : undefined}
              />
            </div>
            <BlockFields block={block} write={write} label={label} watch={watch} />
          </div>
        )
      })}
      <AddBlock add={(kind) => set({ ...section, blocks: [...blocks, emptyBlock(kind)] })} />
    </fieldset>
  )
}

function Heads({ value: t, onChange }: { value: Template; onChange: Change }) {
  const line = (label: string, name: 'occasion' | 'masthead' | 'title' | 'subtitle', max: number) => (
    <label className="part">
      {label}
      <Input value={t[name]} maxLength={max} onChange={(e) => onChange({ [name]: e.target.value })} />
    </label>
  )
  return (
    <>
      <div className="two-columns">
        {line('报头', 'masthead', 40)}
        {line('栏目', 'occasion', 20)}
      </div>
      {line('标题', 'title', 40)}
      {line('副题', 'subtitle', 60)}
      <Lines label="作者（每行一条）" value={t.bylines} onChange={(bylines) => onChange({ bylines })} />
    </>
  )
}

const Lines = ({ label, value, onChange }: { label: string; value: string[]; onChange: (lines: string[]) => void }) => (
  <label className="part">
    {label}
    <Input.TextArea
      autoSize={{ minRows: 1 }}
      value={value.join('\n')}
      onChange={(e) => onChange(e.target.value.split('\n'))}
    />
  </label>
)

function Moves({
  at,
  of,
  what,
  move,
  drop,
}: {
  at: number
  of: number
  what: string
  move: (by: number) => void
  drop: (() => void) | undefined
}) {
  return (
    <span className="row">
      <Button size="small" type="text" disabled={at === 0} aria-label={`上移${what}`} onClick={() => move(-1)}>
        上移
      </Button>
      <Button size="small" type="text" disabled={at === of - 1} aria-label={`下移${what}`} onClick={() => move(1)}>
        下移
      </Button>
      {drop ? (
        <Button size="small" type="text" aria-label={`删除${what}`} onClick={drop}>
          删除
        </Button>
      ) : null}
    </span>
  )
}

const kinds = Object.keys(blockWords) as Block['kind'][]

const AddBlock = ({ add }: { add: (kind: Block['kind']) => void }) => (
  <Dropdown
    menu={{
      items: kinds.map((k) => ({ key: k, label: blockWords[k] })),
      onClick: ({ key }) => add(key as Block['kind']),
    }}
  >
    <Button size="small">增加一段</Button>
  </Dropdown>
)

interface FieldsProps {
  block: Block
  write: (next: Block) => void
  label: string
  watch: Watch
}

function BlockFields({ block, write, label, watch }: FieldsProps) {
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

const breakdowns = [
  { value: 'child', label: '按下级单位' },
  { value: 'month', label: '按月' },
  { value: 'quarter', label: '按季度' },
  { value: 'year', label: '按年' },
]

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
          style={{ width: 160 }}
          value={block.form}
          options={forms}
          onChange={(form) => write({ ...block, form })}
        />
      ) : null}
      <Select
        aria-label="分列方式"
        style={{ width: 160 }}
        value={block.by}
        options={breakdowns}
        onChange={(by) => write({ ...block, by })}
      />
    </div>
  </div>
)
