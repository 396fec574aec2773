// One part of a decision: what is done to which units.
import { Button, Input, Select } from 'antd'
import { FieldAt } from '#web/kit/form.tsx'
import { Sheet } from '#web/kit/page.tsx'
import { UnitPicker, UnitsPicker } from '#web/kit/units.tsx'
import { type CardProps, KindField } from './kind-field.tsx'
import { type Draft, newDraft, type Op, opWords } from './operations.ts'
import { Split } from './split.tsx'

type Offered = { id: string; name: string; kindName: string }

/** Units this very decision sets up can be named by its other parts. */
export const freshUnits = (others: readonly Draft[], part: Draft): Offered[] =>
  others
    .filter((o) => o !== part)
    .flatMap((o) =>
      o.op === 'create'
        ? [{ id: o.freshId, name: o.name, kindName: '本决定设立' }]
        : o.op === 'split'
          ? o.parts.filter((p) => p.fresh).map((p) => ({ id: p.id, name: p.name, kindName: '本决定设立' }))
          : [],
    )
    .filter((u) => u.name !== '')

export function OperationCard(props: CardProps) {
  const { part, at, form, put, remove } = props
  return (
    <Sheet padded>
      <div className="row" style={{ alignItems: 'flex-start' }}>
        <div style={{ flex: 1 }}>
          <FieldAt
            form={form}
            path={`operations.${at}.op`}
            label="变动"
            required
            value={part.op}
            onChange={(op: Op) => put({ ...newDraft(op, part.unitIds), key: part.key })}
          >
            {({ status: _, ...b }) => (
              <Select
                {...b}
                style={{ width: 200 }}
                options={Object.entries(opWords).map(([value, label]) => ({ value: value as Op, label }))}
              />
            )}
          </FieldAt>
        </div>
        {remove ? (
          <Button type="text" onClick={remove}>
            去掉这一项
          </Button>
        ) : null}
      </div>
      <Which {...props} />
      {part.op === 'split' ? <Split {...props} /> : <What {...props} />}
    </Sheet>
  )
}

const whichWords: Partial<Record<Op, string>> = { create: '设在哪个单位下', merge: '被并入的单位', split: '拆分的单位' }

/** The units it is about; moving and merging take several at once. */
function Which({ form, part, at, others, named, put }: CardProps) {
  const first = [...part.unitIds.flatMap((id) => named.get(id) ?? []), ...freshUnits(others, part)]
  const label = whichWords[part.op] ?? '单位'
  if (part.op === 'move' || part.op === 'merge')
    return (
      <FieldAt
        form={form}
        path={part.op === 'move' ? `operations.${at}.unitId` : `operations.${at}.unitIds`}
        label={label}
        required
        value={part.unitIds}
        onChange={(unitIds) => put({ unitIds })}
      >
        {(b) => <UnitsPicker {...b} first={first} />}
      </FieldAt>
    )
  return (
    <FieldAt
      form={form}
      path={`operations.${at}.${part.op === 'create' ? 'parentId' : 'unitId'}`}
      label={label}
      required
      value={part.unitIds[0]}
      onChange={(id) => put({ unitIds: id ? [id] : [], homes: {} })}
    >
      {({ onChange, ...b }) => <UnitPicker {...b} first={first} onChange={(id) => onChange(id)} />}
    </FieldAt>
  )
}

function What(props: CardProps) {
  const { op } = props.part
  return (
    <>
      {op === 'rename' || op === 'create' ? <NameField {...props} /> : null}
      {op === 'create' || op === 're-kind' ? <KindField {...props} /> : null}
      {op === 'create' || op === 'recode' ? <CodeField {...props} /> : null}
      {op === 'move' || op === 'merge' ? <OtherField {...props} /> : null}
      {op === 'close' ? <SuccessorsField {...props} /> : null}
    </>
  )
}

const NameField = ({ form, part, at, put }: CardProps) => (
  <FieldAt
    form={form}
    path={`operations.${at}.name`}
    label={part.op === 'create' ? '名称' : '新名称'}
    required
    value={part.name}
    onChange={(name) => put({ name })}
  >
    {({ onChange, ...b }) => <Input {...b} maxLength={60} onChange={(e) => onChange(e.target.value)} />}
  </FieldAt>
)

const CodeField = ({ form, part, at, put }: CardProps) => (
  <FieldAt
    form={form}
    path={`operations.${at}.code`}
    label={part.op === 'create' ? '代码' : '新代码'}
    hint={part.op === 'recode' ? '不填则取消代码' : undefined}
    value={part.code}
    onChange={(code) => put({ code })}
  >
    {({ onChange, ...b }) => (
      <Input {...b} maxLength={30} style={{ width: 240 }} onChange={(e) => onChange(e.target.value)} />
    )}
  </FieldAt>
)

const OtherField = ({ form, part, at, others, named, put }: CardProps) => (
  <FieldAt
    form={form}
    path={`operations.${at}.${part.op === 'move' ? 'parentId' : 'intoId'}`}
    label={part.op === 'move' ? '新的上级' : '并入哪个单位'}
    required
    ground="ORG-02"
    value={part.otherId}
    onChange={(otherId) => put({ otherId })}
  >
    {({ onChange, ...b }) => (
      <UnitPicker
        {...b}
        tree={named.get(part.unitIds[0] ?? '')?.tree}
        first={freshUnits(others, part)}
        onChange={(id) => onChange(id)}
      />
    )}
  </FieldAt>
)

const SuccessorsField = ({ form, part, at, others, named, put }: CardProps) => (
  <FieldAt
    form={form}
    path={`operations.${at}.successorIds`}
    label="承接单位"
    hint="只有一个承接单位时，人员和未办结的事项自动移交；没有或有几个的，须先办结或移交"
    ground="ORG-01"
    value={part.successorIds}
    onChange={(successorIds) => put({ successorIds })}
  >
    {(b) => <UnitsPicker {...b} tree={named.get(part.unitIds[0] ?? '')?.tree} first={freshUnits(others, part)} />}
  </FieldAt>
)
