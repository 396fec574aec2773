// The things a form asks, one block each: what is held is picked from the list, what is typed is compared with it at once.
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import { call } from '#web/api.ts'
import type { ListOf } from '#web/kit/data-table.tsx'
import type { FormOf } from '#web/kit/form.tsx'
import type { FieldInput, FormField, HeldItem, LabelVerdict, TypedAs } from '../contract.ts'
import { types } from './words.ts'

export interface FieldDraft {
  key: string
  type: TypedAs | 'held'
  label: string
  definition: string
  measured: string
  required: boolean
  choices: string[]
  differs: string
  held: string | null
}

let made = 0
export const blankField = (): FieldDraft => ({
  key: `new${made++}`,
  type: 'number',
  label: '',
  definition: '',
  measured: '',
  required: true,
  choices: [],
  differs: '',
  held: null,
})

export const draftOf = (f: FormField): FieldDraft => ({ ...f, key: f.id })

/** As the server is asked: a field of what is held names it and nothing else. */
export function inputOf(f: FieldDraft): FieldInput {
  if (f.type === 'held') return { type: 'held', held: f.held ?? '' }
  const { type, label, definition, measured, required, choices, differs } = f
  return {
    type,
    label,
    definition,
    measured: type === 'number' ? measured : '',
    required,
    choices: type === 'choice' ? choices : [],
    differs,
  }
}

interface Targets {
  ownerId: string | undefined
  kinds: string[]
  belowId: string | undefined
}

interface ListProps<V extends { fields: FieldDraft[] }> {
  form: FormOf<V>
  targets: Targets
  formId: string | undefined
  /** additions to a form from above can only be optional */
  optional: boolean
}

export function FieldList<V extends { fields: FieldDraft[] }>({ form, targets, formId, optional }: ListProps<V>) {
  const { fields } = form.values
  const set = (list: FieldDraft[]) => form.set({ fields: list } as Partial<V>)
  const issueAt = (at: number) => form.problem?.issues.find((i) => i.path.startsWith(`fields.${at}`))
  form.shown.add('fields')
  return (
    <div className="stack">
      {fields.map((f, at) => (
        <fieldset key={f.key} className="known" style={{ margin: 0 }}>
          <legend className="unseen">第 {at + 1} 项</legend>
          <Head
            at={at}
            field={f}
            last={at === fields.length - 1}
            put={(part) => set(fields.map((x, i) => (i === at ? { ...x, ...part } : x)))}
            drop={() => set(fields.filter((_, i) => i !== at))}
            up={() => set(fields.map((x, i) => (i === at - 1 ? f : i === at ? (fields[at - 1] as FieldDraft) : x)))}
          />
          {f.type === 'held' ? (
            <PickHeld field={f} put={(part) => set(fields.map((x, i) => (i === at ? { ...x, ...part } : x)))} />
          ) : (
            <Typed
              field={optional ? { ...f, required: false } : f}
              optional={optional}
              targets={targets}
              formId={formId}
              put={(part) =>
                set(fields.map((x, i) => (i === at ? { ...x, ...(optional ? { required: false } : {}), ...part } : x)))
              }
            />
          )}
          {issueAt(at) ? (
            <p role="alert" style={{ color: 'var(--late)' }}>
              {issueAt(at)?.text}
            </p>
          ) : null}
        </fieldset>
      ))}
      <div className="row">
        <Button onClick={() => set([...fields, { ...blankField(), required: !optional }])}>增加要填的项</Button>
        <Button onClick={() => set([...fields, { ...blankField(), type: 'held' }])}>增加确认项（系统已有）</Button>
      </div>
    </div>
  )
}

interface HeadProps {
  at: number
  field: FieldDraft
  last: boolean
  put: (part: Partial<FieldDraft>) => void
  drop: () => void
  up: () => void
}

const kinds = (Object.keys(types) as (keyof typeof types)[]).map((value) => ({ value, label: types[value] }))

const Head = ({ at, field: f, put, drop, up }: HeadProps) => (
  <div className="row" style={{ marginBottom: 8 }}>
    <b>{at + 1}</b>
    <Segmented size="small" value={f.type} onChange={(type) => put({ type })} options={kinds} />
    <span style={{ flex: 1 }} />
    {at > 0 ? (
      <Button size="small" type="text" onClick={up}>
        上移
      </Button>
    ) : null}
    <Button size="small" type="text" onClick={drop}>
      去掉
    </Button>
  </div>
)

function PickHeld({ field: f, put }: { field: FieldDraft; put: (part: Partial<FieldDraft>) => void }) {
  const [words, setWords] = useState('')
  const query = { search: words.trim() || undefined, limit: 50 }
  const found = useQuery({
    queryKey: ['/held-items', query],
    staleTime: 60_000,
    queryFn: ({ signal }) => call<ListOf<HeldItem>>('GET', '/held-items', { query, signal }),
  })
  const options = (found.data?.rows ?? [])
    .filter((i) => i.valued)
    .map((i) => ({ value: i.id, label: `${i.name}（${i.where}）`, name: i.name }))
  const known = options.some((o) => o.value === f.held) || !f.held
  return (
    <Select
      aria-label="系统已有的内容"
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: setWords }}
      placeholder="查找指标或其他报表已收集的内容"
      value={f.held}
      options={known ? options : [{ value: f.held as string, label: f.label, name: f.label }, ...options]}
      onChange={(held: string) => put({ held, label: options.find((o) => o.value === held)?.name ?? f.label })}
      notFoundContent={found.isFetching ? '正在查找…' : '没有找到'}
    />
  )
}

interface TypedProps {
  field: FieldDraft
  optional: boolean
  targets: Targets
  formId: string | undefined
  put: (part: Partial<FieldDraft>) => void
}

function Typed({ field: f, optional, targets, formId, put }: TypedProps) {
  const [asked, setAsked] = useState(f.label)
  const verdict = useVerdict(asked, targets, formId)
  const wrong = verdict !== null && verdict.verdict !== 'near'
  return (
    <div className="stack" style={{ gap: 8 }}>
      <NameLine field={f} optional={optional} put={put} wrong={wrong} left={() => setAsked(f.label.trim())} />
      {verdict ? <Told verdict={verdict} label={asked} put={put} /> : null}
      <Input
        aria-label="口径"
        placeholder="口径：怎么算、算到哪天、哪些不算"
        maxLength={200}
        value={f.definition}
        onChange={(e) => put({ definition: e.target.value })}
      />
      {f.type === 'choice' ? (
        <Select
          aria-label="选项"
          mode="tags"
          open={false}
          suffixIcon={null}
          placeholder="选项，逐个输入后按回车"
          value={f.choices}
          onChange={(choices: string[]) => put({ choices })}
        />
      ) : null}
      {verdict?.verdict === 'near' || f.differs ? (
        <Input
          aria-label="与系统已有的有什么不同"
          placeholder="与系统已有的有什么不同"
          maxLength={200}
          value={f.differs}
          onChange={(e) => put({ differs: e.target.value })}
        />
      ) : null}
    </div>
  )
}

interface NameProps extends Pick<TypedProps, 'field' | 'optional' | 'put'> {
  wrong: boolean
  left: () => void
}

const NameLine = ({ field: f, optional, put, wrong, left }: NameProps) => (
  <div className="row" style={{ flexWrap: 'nowrap' }}>
    <Input
      aria-label="项目名称"
      placeholder="项目名称"
      maxLength={30}
      value={f.label}
      status={wrong ? 'error' : ''}
      onChange={(e) => put({ label: e.target.value })}
      onBlur={left}
    />
    {f.type === 'number' ? (
      <Input
        aria-label="计量单位"
        placeholder="计量单位"
        style={{ width: 100 }}
        maxLength={6}
        value={f.measured}
        onChange={(e) => put({ measured: e.target.value })}
      />
    ) : null}
    {optional ? (
      <span className="quiet nowrap">选填</span>
    ) : (
      <Checkbox className="nowrap" checked={f.required} onChange={(e) => put({ required: e.target.checked })}>
        必填
      </Checkbox>
    )}
  </div>
)

function useVerdict(label: string, { ownerId, kinds: of, belowId }: Targets, formId: string | undefined) {
  const ready = label !== '' && ownerId !== undefined && belowId !== undefined && of.length > 0
  const body = { label, ownerId, kinds: of, belowId, ...(formId ? { formId } : {}) }
  const found = useQuery({
    queryKey: ['/form-label-checks', body],
    enabled: ready,
    staleTime: 60_000,
    queryFn: ({ signal }) => call<LabelVerdict>('POST', '/form-label-checks', { body, signal }),
  })
  return found.data && found.data.verdict !== 'free' ? found.data : null
}

/** What is held under that name, and the way out. [JF-09] */
function Told({ verdict: v, label, put }: { verdict: LabelVerdict; label: string; put: TypedProps['put'] }) {
  const item = v.items.find((i) => i.valued)
  const names = v.items
    .slice(0, 3)
    .map((i) => `${i.name}（${i.where}）`)
    .join('、')
  const words = {
    held: `“${label}”系统里已有：${names}，不能再要求填写。`,
    personal: `“${label}”属于人员信息，在人员名册里维护，报表不得另收。`,
    asked: `“${label}”已由《${v.form?.title}》（${v.form?.ownerName}）向同样的单位收集。`,
    near: `系统里有相近的：${names}。若是同一件事请改为确认；不是，请在下面写明不同。`,
    free: '',
  }[v.verdict]
  return (
    <div className={v.verdict === 'near' ? 'effect' : 'issue-box'} style={{ margin: 0 }} role="alert">
      {words}
      <span className="quiet">（依据 JF-09）</span>
      {item ? (
        <div>
          <Button size="small" onClick={() => put({ type: 'held', held: item.id, label: item.name })}>
            改为确认“{item.name}”
          </Button>
        </div>
      ) : null}
    </div>
  )
}
