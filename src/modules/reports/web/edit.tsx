// The manuscript in its parts: headings, paragraphs, quotations, tables; parts can be moved, and numbers are put in as tokens.
import { Button, Dropdown, Input } from 'antd'
import { useState } from 'react'
import { Sheet } from '#web/kit/page.tsx'
import type { Block, Template } from '../contract.ts'
import { BlockFields } from './blocks.tsx'
import { InsertNumber } from './insert.tsx'
import { useDrag, useInsertion, type Watch } from './parts.ts'
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
          take={(from) => onChange({ sections: swap(t.sections, from, at - from) })}
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
  /** the part that stood elsewhere comes here */
  take: (from: number) => void
}

function SectionBox({ at, of, section, watch, set, move, take }: SectionProps) {
  const { over, handle, target } = useDrag(at, take)
  const { heading, blocks } = section
  const name = `第${at + 1}部分`
  return (
    <fieldset className={over ? 'part-box over' : 'part-box'} {...target}>
      <legend className="handle" title="按住拖动，调整顺序" {...handle}>
        {name}
      </legend>
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
