// A link from a unit to another, from a day: who it serves, who belongs to its alliance, with whom it keeps contact.
import { call } from '#web/api.ts'
import { useFinish } from '#web/kit/act.tsx'
import { DayInput } from '#web/kit/dates.tsx'
import { ChoiceField, TextField, UnitField } from '#web/kit/fields.tsx'
import { Field, FormFoot, type FormOf, FormProblem, useForm } from '#web/kit/form.tsx'
import { todayHere } from '#web/kit/time.ts'
import type { Unit } from '../contract.ts'
import type { UnitMechanism } from './known.ts'
import { Known } from './register-forms.tsx'

export const linkKinds = [
  { value: 'serves', label: '服务关系' },
  { value: 'alliance', label: '联盟（1+X+N）' },
  { value: 'contact', label: '联系名单' },
]

interface Values {
  kind: string | undefined
  mechanismId: string | undefined
  otherId: string | undefined
  role: string
  from: string
  to: string
}

/** An alliance under a mechanism has its roles and limits; other links name a role freely. */
function requestOf(unit: string, v: Values): [path: string, body: unknown] {
  if (v.kind === 'alliance' && v.mechanismId)
    return [
      '/unit-alliances',
      { mechanismId: v.mechanismId, leadId: unit, memberId: v.otherId, role: v.role, from: v.from },
    ]
  const until = v.to ? { validTo: v.to } : {}
  return ['/unit-links', { kind: v.kind, fromId: unit, toId: v.otherId, role: v.role, validFrom: v.from, ...until }]
}

export function LinkForm({
  unit,
  mechanisms,
  close,
}: {
  unit: Unit
  mechanisms: readonly UnitMechanism[]
  close: () => void
}) {
  const leads = mechanisms.filter((m) => m.inForce && m.settings.alliance?.leads.includes(unit.kind))
  const form = useForm<Values>({
    kind: unit.tree === 'org' ? 'serves' : 'contact',
    mechanismId: leads[0]?.id,
    otherId: undefined,
    role: '',
    from: todayHere(),
    to: '',
  })
  const finish = useFinish('已建立', close)
  const { kind, mechanismId } = form.values
  const roles = kind === 'alliance' ? leads.find((m) => m.id === mechanismId)?.settings.alliance?.roles : undefined
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        void form
          .submit((v, idempotencyKey) => {
            const [path, body] = requestOf(unit.id, v)
            return call('POST', path, { body, idempotencyKey })
          })
          .then(finish)
      }}
    >
      <Known unit={unit} />
      <FormProblem form={form} />
      <ChoiceField
        form={form}
        name="kind"
        label="关系"
        required
        options={linkKinds.filter((k) => unit.tree === 'org' || k.value !== 'serves')}
      />
      {kind === 'alliance' && leads.length > 0 ? <MechanismField form={form} leads={leads} /> : null}
      <UnitField
        form={form}
        name="otherId"
        path={roles ? 'memberId' : 'toId'}
        label={kind === 'serves' ? '服务的地方' : kind === 'alliance' ? '成员单位' : '联系的单位'}
        required
        {...(kind === 'serves' ? { tree: 'place' as const } : {})}
      />
      <RoleField form={form} roles={roles} />
      <Days form={form} until={!roles} />
      <FormFoot verb="建立" busy={form.busy} onCancel={close} />
    </form>
  )
}

const MechanismField = ({ form, leads }: { form: FormOf<Values>; leads: readonly UnitMechanism[] }) => (
  <ChoiceField
    form={form}
    name="mechanismId"
    label="依据的机制"
    clear
    options={leads.map((m) => ({ value: m.id, label: m.name }))}
  />
)

type Roles = NonNullable<UnitMechanism['settings']['alliance']>['roles']

function RoleField({ form, roles }: { form: FormOf<Values>; roles: Roles | undefined }) {
  if (roles)
    return (
      <ChoiceField
        form={form}
        name="role"
        label="角色"
        required
        options={roles.map((r) => ({ value: r.id, label: r.most ? `${r.name}（最多${r.most}个）` : r.name }))}
      />
    )
  if (form.values.kind === 'serves') return null
  return <TextField form={form} name="role" label="角色" max={20} hint="如 1、X、N，或包联、对口" />
}

const Days = ({ form, until }: { form: FormOf<Values>; until: boolean }) => (
  <>
    <Field form={form} name="from" path={until ? 'validFrom' : 'from'} label="自哪天起" required>
      {(b) => <DayInput {...b} />}
    </Field>
    {until ? (
      <Field form={form} name="to" path="validTo" label="到哪天为止" hint="不填为长期">
        {(b) => <DayInput {...b} clear />}
      </Field>
    ) : null}
  </>
)
