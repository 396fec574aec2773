// A measure is picked: fact, filter, aggregate and words. What it would give now stands beside it, and what is wrong stands at its field.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { asProblem, call, type ApiProblem } from '#web/api.ts'
import { useRefresh, useTold } from '#web/kit/act.tsx'
import { useAddress } from '#web/kit/address.ts'
import { DayInput } from '#web/kit/dates.tsx'
import { ChoiceField, RadioField, TagsField, TextField } from '#web/kit/fields.tsx'
import { figureText, useMeasures } from '#web/kit/figures.ts'
import { Field, FormFoot, type FormOf, FormProblem, useForm } from '#web/kit/form.tsx'
import { Facts } from '#web/kit/page.tsx'
import { ErrorState, Loading } from '#web/kit/states.tsx'
import type { ListOf } from '#web/kit/list.ts'
import type { FactInfo, Figures, MeasureVersion } from '../contract.ts'
import { draftOf, type Draft, previewOf, statedOf } from './definition-draft.ts'
import { FiltersField } from './definition-filters.tsx'
import { aggregateOptions, classifierOptions, kindOptions, momentOptions } from './definition-words.ts'

const useFacts = () =>
  useQuery({
    queryKey: ['/facts'],
    staleTime: 600_000,
    queryFn: ({ signal }) => call<ListOf<FactInfo>>('GET', '/facts', { signal }),
  })

interface EditorProps {
  /** the last version of the measure that is changed; none: a new one */
  of?: MeasureVersion
  close: (id?: string) => void
}

export function Editor({ of: old, close }: EditorProps) {
  const facts = useFacts()
  const measures = useMeasures()
  if (facts.error) return <ErrorState error={facts.error} retry={() => void facts.refetch()} />
  if (!facts.data || !measures.data) return <Loading lines={10} />
  return <Form old={old} facts={facts.data.rows} measures={measures.data.rows} close={close} />
}

interface FormProps {
  old: MeasureVersion | undefined
  facts: FactInfo[]
  measures: MeasureVersion[]
  close: (id?: string) => void
}

function Form({ old, facts, measures, close }: FormProps) {
  const form = useForm<Draft>(draftOf(old), old ? undefined : 'measure')
  const refresh = useRefresh()
  const told = useTold()
  const send = async (v: Draft, idempotencyKey: string) => {
    const body = { stated: statedOf(v), reason: v.reason, ...(v.from ? { from: v.from } : {}) }
    const made = old
      ? await call<MeasureVersion>('POST', `/measures/${old.id}/versions`, {
          body,
          idempotencyKey,
          ifMatch: old.version,
        })
      : await call<MeasureVersion>('POST', '/measures', { body, idempotencyKey })
    told(old ? `已改为第 ${made.version} 版` : '已新设')
    await refresh()
    close(made.id)
  }
  return (
    <div className="editor">
      <form
        onSubmit={(e) => {
          e.preventDefault()
          void form.submit(send)
        }}
      >
        <FormProblem form={form} />
        <TextField form={form} name="name" label="名称" path="stated.name" required max={40} />
        <RadioField form={form} name="kind" label="算法" path="stated.kind" required options={kindOptions} />
        <What form={form} facts={facts} measures={measures} self={old?.id} />
        <Words form={form} />
        <Field
          form={form}
          name="from"
          label="起用日期"
          path="from"
          hint={old ? '不填为今天；原版本到这一天为止' : '不填为今天'}
        >
          {(b) => <DayInput {...b} clear />}
        </Field>
        <TextField form={form} name="reason" label={old ? '修改依据' : '设立依据'} required max={200} rows={2} />
        <FormFoot verb={old ? '保存为新版本' : '新设'} busy={form.busy} onCancel={() => close(old?.id)} />
      </form>
      <Live draft={form.values} />
    </div>
  )
}

interface WhatProps {
  form: FormOf<Draft>
  facts: FactInfo[]
  measures: MeasureVersion[]
  self: string | undefined
}

function What({ form, facts, measures, self }: WhatProps) {
  const { kind } = form.values
  if (kind === 'counted') return <Counting form={form} facts={facts} />
  const options = measures
    .filter((m) => m.stated.kind === 'counted' && m.id !== self && (kind !== 'share' || isOfList(m, facts)))
    .map((m) => ({ value: m.id, label: m.name }))
  if (kind === 'ratio')
    return (
      <>
        <ChoiceField form={form} name="top" label="分子" path="stated.ratio.0" required search options={options} />
        <ChoiceField form={form} name="bottom" label="分母" path="stated.ratio.1" required search options={options} />
      </>
    )
  if (kind === 'balance')
    return (
      <ChoiceField form={form} name="of" label="轧平哪个存量" path="stated.balance" required search options={options} />
    )
  const of = measures.find((m) => m.id === form.values.of)
  const fact = facts.find((f) => of?.stated.kind === 'counted' && f.id === of.stated.fact)
  return (
    <>
      <ChoiceField
        form={form}
        name="of"
        label="名册"
        path="stated.share.of"
        required
        search
        hint="百分之百只能来自名册，所以这里只列名册上的数"
        options={options}
      />
      {fact ? <FiltersField form={form} name="where" path="stated.share.where" label="其中" fact={fact} /> : null}
    </>
  )
}

const isOfList = (m: MeasureVersion, facts: FactInfo[]) =>
  m.stated.kind === 'counted' &&
  facts.some((f) => m.stated.kind === 'counted' && f.id === m.stated.fact && f.list !== null)

function Counting({ form, facts }: { form: FormOf<Draft>; facts: FactInfo[] }) {
  const fact = facts.find((f) => f.id === form.values.fact)
  return (
    <>
      <ChoiceField
        form={form}
        name="fact"
        label="数什么记录"
        path="stated.fact"
        required
        search
        hint={
          fact ? `${fact.kind === 'stock' ? '存量' : '按发生'}，按${fact.tree === 'place' ? '地方' : '组织'}统计` : null
        }
        options={facts.map((f) => ({ value: f.id, label: f.name }))}
      />
      {fact ? <FiltersField form={form} name="filters" path="stated.filters" label="只数" fact={fact} /> : null}
      <RadioField
        form={form}
        name="aggregate"
        label="怎样合计"
        path="stated.aggregate"
        required
        options={aggregateOptions(fact)}
      />
      {fact?.kind === 'stock' ? (
        <RadioField
          form={form}
          name="moment"
          label="取哪个时点"
          path="stated.moment"
          required
          options={momentOptions}
        />
      ) : null}
      {fact && (fact.kind === 'event' || form.values.moment === 'begun') ? (
        <Field form={form} name="since" label="累计起点" path="stated.since" hint="填了就从这一天数起，不只数本期">
          {(b) => <DayInput {...b} clear />}
        </Field>
      ) : null}
    </>
  )
}

function Words({ form }: { form: FormOf<Draft> }) {
  return (
    <>
      <ChoiceField
        form={form}
        name="classifier"
        label="量词"
        path="stated.classifier"
        required
        width={160}
        hint="人、名、位只用于按人计数；次数用人次"
        options={classifierOptions(form.values.kind)}
      />
      <TextField
        form={form}
        name="definition"
        label="口径"
        path="stated.definition"
        required
        max={300}
        rows={3}
        hint="写清数什么、不数什么、以哪一天为准，让基层能照着核对"
      />
      <TagsField
        form={form}
        name="verbs"
        label="可用说法（动词）"
        path="stated.verbs"
        required
        placeholder="如 成立、解决；输入后按回车"
      />
    </>
  )
}

/** Waits until nobody types. */
function useCalm<T>(value: T, ms: number): T {
  const [calm, setCalm] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setCalm(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return calm
}

/** The number the draft would give now; what it still lacks is said, not shouted. */
function Live({ draft }: { draft: Draft }) {
  const { get } = useAddress()
  const calm = useCalm(JSON.stringify(previewOf(draft)), 500)
  const unit = get('unit')
  const { data, error, isFetching } = useQuery<Figures, ApiProblem>({
    queryKey: ['/measures/preview', calm, unit],
    enabled: calm !== 'null',
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call<Figures>('POST', '/measures/preview', {
        body: { stated: JSON.parse(calm), ...(unit ? { unit } : {}) },
        signal,
      }),
  })
  const figure = data?.figures[0]
  return (
    <aside className="live" aria-live="polite" aria-busy={isFetching}>
      <h3>现在是多少</h3>
      {calm === 'null' ? (
        <p className="quiet">选好数什么、怎样合计，这里就显示现在的数。</p>
      ) : error ? (
        <Lacking problem={asProblem(error)} />
      ) : figure && data ? (
        <>
          <div className="bignum">{figureText(figure, figure.measure)}</div>
          {figure.denominator !== null ? (
            <div className="quiet">
              {figure.numerator?.toLocaleString('zh-CN')} / {figure.denominator.toLocaleString('zh-CN')}
            </div>
          ) : null}
          <Facts
            of={[
              ['计算', figure.measure.formula],
              ['单位', data.unit.name],
              ['期间', `${data.period.from} 至 ${data.period.to}`],
              figure.suppression !== null && ['说明', figure.suppression],
            ]}
          />
        </>
      ) : (
        <Loading lines={3} />
      )}
    </aside>
  )
}

function Lacking({ problem }: { problem: ApiProblem }) {
  if (problem.issues.length === 0) return <p>{problem.title}</p>
  return (
    <>
      <p className="quiet">还不能计算：</p>
      <ul className="lacking">
        {problem.issues.map((i) => (
          <li key={`${i.path} ${i.code}`}>{i.text}</li>
        ))}
      </ul>
    </>
  )
}
