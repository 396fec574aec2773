// Which values count: one line per dimension, joined by “and”.
import { Button, InputNumber, Select } from 'antd'
import { Field, type FormOf } from '#web/kit/form.tsx'
import type { FactInfo } from '../contract.ts'
import type { Draft, FilterDraft } from './definition-draft.ts'

interface Props {
  form: FormOf<Draft>
  name: 'filters' | 'where'
  path: string
  label: string
  fact: FactInfo
}

type Dimension = FactInfo['dimensions'][number]

export function FiltersField({ form, name, path, label, fact }: Props) {
  const lines = form.values[name]
  const free = fact.dimensions.filter((d) => !lines.some((l) => l.dimension === d.id))
  return (
    <Field form={form} name={name} label={label} path={path} required={name === 'where'}>
      {({ onChange, id }) => {
        const put = (at: number, line: FilterDraft | null) =>
          onChange(line ? lines.map((l, i) => (i === at ? line : l)) : lines.filter((_, i) => i !== at))
        return (
          <div className="stack" style={{ gap: 6 }} id={id}>
            {lines.map((line, at) => (
              <Line
                key={line.dimension}
                line={line}
                dimension={fact.dimensions.find((d) => d.id === line.dimension)}
                put={(next) => put(at, next)}
              />
            ))}
            {free.length > 0 ? (
              <Select<string | null>
                aria-label={`${label}：加一个条件`}
                placeholder={lines.length === 0 ? '全部；可加条件' : '再加一个条件'}
                style={{ width: 220 }}
                value={null}
                options={free.map((d) => ({ value: d.id, label: d.name }))}
                onChange={(dimension) => dimension && onChange([...lines, fresh(fact, dimension)])}
              />
            ) : null}
          </div>
        )
      }}
    </Field>
  )
}

const fresh = (fact: FactInfo, dimension: string): FilterDraft => ({
  dimension,
  way: fact.dimensions.find((d) => d.id === dimension)?.ages ? 'ages' : 'in',
  values: [],
  from: null,
  to: null,
})

interface LineProps {
  line: FilterDraft
  dimension: Dimension | undefined
  put: (line: FilterDraft | null) => void
}

function Line({ line, dimension, put }: LineProps) {
  const name = dimension?.name ?? line.dimension
  const ways = [
    { value: 'in', label: '是' },
    { value: 'not', label: '不是' },
    ...(dimension?.ages ? [{ value: 'ages', label: '年龄' }] : []),
  ]
  return (
    <div className="row" style={{ flexWrap: 'nowrap' }}>
      <span style={{ width: 96 }}>{name}</span>
      <Select
        aria-label={`${name}：是或不是`}
        style={{ width: 84 }}
        value={line.way}
        options={ways}
        onChange={(way) => put({ ...line, way })}
      />
      {line.way === 'ages' ? (
        <Ages line={line} put={put} />
      ) : (
        <Select
          aria-label={`${name}：取值`}
          mode={dimension && dimension.values.length > 0 ? 'multiple' : 'tags'}
          style={{ flex: 1, minWidth: 160 }}
          value={line.values}
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={dimension && dimension.values.length > 0 ? '选取值' : '输入后按回车'}
          options={(dimension?.values ?? []).map((v) => ({ value: v.id, label: v.name }))}
          onChange={(values: string[]) => put({ ...line, values })}
        />
      )}
      <Button type="text" aria-label={`去掉条件“${name}”`} onClick={() => put(null)}>
        去掉
      </Button>
    </div>
  )
}

/** AGE-02: 35岁以下 is not yet 36, and the field says so. */
function Ages({ line, put }: Pick<LineProps, 'line' | 'put'>) {
  return (
    <span className="row" style={{ flex: 1, flexWrap: 'nowrap' }}>
      <InputNumber
        aria-label="满几岁"
        min={0}
        max={150}
        placeholder="满"
        style={{ width: 72 }}
        value={line.from}
        onChange={(from) => put({ ...line, from })}
      />
      至
      <InputNumber
        aria-label="几岁以下"
        min={0}
        max={150}
        placeholder="以下"
        style={{ width: 72 }}
        value={line.to}
        onChange={(to) => put({ ...line, to })}
      />
      <span className="quiet nowrap">{line.to === null ? '岁' : `岁（不满${line.to + 1}岁）`}</span>
    </span>
  )
}
