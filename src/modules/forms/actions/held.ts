// What the system holds already, and whether a name asks for it again. [JF-09]
import type { Context, Tx } from '#core/context.ts'
import { within } from '#core/permissions.ts'
import { getNamable, getUnitFor, pathsAbove, type UnitNow } from '#modules/units/index.ts'
import {
  type CheckLabel,
  type FieldInput,
  fail,
  type HeldItem,
  type LabelVerdict,
  type ListHeldQuery,
} from '../contract.ts'
import { judgeLabel, termOf } from '../rules.ts'
import { type FieldRow, findFields, findInForce, type FormRow, type NewField } from '../store.ts'
import { type Held, heldSources } from '../ties.ts'

/** Whom a form asks. */
export interface Targets {
  kinds: readonly string[]
  belowPath: string
}

/** Two forms that may reach the same unit. */
export const overlap = (a: Targets, b: Targets) =>
  a.kinds.some((k) => b.kinds.includes(k)) && (within(a.belowPath, b.belowPath) || within(b.belowPath, a.belowPath))

/** What other registered forms collect, as things that are held. */
export interface Collected {
  field: FieldRow
  form: FormRow
}

export interface Holdings {
  held: readonly Held[]
  collected: readonly Collected[]
}

/** Everything that is held; `but` is a form that does not count, being the one that is judged. */
export async function holdingsOf(tx: Tx, but?: string): Promise<Holdings> {
  const held: Held[] = []
  for (const source of heldSources()) held.push(...(await source.list(tx)))
  const forms = (await findInForce(tx, tx.today)).filter((f) => f.id !== but)
  const fields = await findFields(
    tx,
    forms.map((f) => f.id),
  )
  const byId = new Map(forms.map((f) => [f.id, f]))
  const collected = fields
    .filter((f) => f.type !== 'held')
    .map((field) => ({ field, form: byId.get(field.form_id) as FormRow }))
  return { held, collected }
}

const itemOf = ({ field, form }: Collected): HeldItem => ({
  id: `forms:${field.id}`,
  name: field.label,
  where: `《${form.title}》`,
  measured: field.measured,
  valued: true,
})

const shown = ({ id, name, where, measured, valued }: Held): HeldItem => ({ id, name, where, measured, valued })

const askedBy = (label: string, targets: Targets, { collected }: Holdings) =>
  collected.find((c) => c.field.term === termOf(label) && overlap(targets, c.form))

function verdictOf(label: string, targets: Targets, holdings: Holdings): LabelVerdict {
  const asked = askedBy(label, targets, holdings)
  if (asked)
    return {
      verdict: 'asked',
      items: [itemOf(asked)],
      form: { title: asked.form.title, ownerName: asked.form.ownerName },
    }
  const { verdict, items } = judgeLabel(label, holdings.held)
  return { verdict, items: items.slice(0, 10).map(shown), form: null }
}

/** Where a form of that owner may ask: what its author sees, and what stands above the owner. */
export const belowFor = (tx: Tx, owner: UnitNow, belowId: string) =>
  getNamable(tx, belowId, { kinds: [], above: pathsAbove(owner.path) })

/** Judged while it is written, so that nobody fills in a draft that cannot be registered. */
export const checkLabel = (ctx: Context, input: CheckLabel): Promise<LabelVerdict> =>
  ctx.read('form.write', async (tx) => {
    const owner = await getUnitFor(tx, 'form.write', input.ownerId)
    const below = await belowFor(tx, owner, input.belowId)
    const targets = { kinds: input.kinds, belowPath: below.path }
    return verdictOf(input.label, targets, await holdingsOf(tx, input.formId))
  })

export const listHeldItems = (ctx: Context, query: ListHeldQuery) =>
  ctx.read('form.write', async (tx) => {
    const { held, collected } = await holdingsOf(tx)
    const term = query.search ?? ''
    const all = [...held.map(shown), ...collected.map(itemOf)].filter((i) => i.name.includes(term))
    const from = query.offset ?? 0
    return { rows: all.slice(from, from + (query.limit ?? 50)), total: all.length }
  })

type Typed = Exclude<FieldInput, { type: 'held' }>

/** @throws form.personal, form.held-already, form.asked-already, form.differs-needed */
function mustBeNew(f: Typed, targets: Targets, holdings: Holdings): void {
  const { verdict, items, form } = verdictOf(f.label, targets, holdings)
  const held = items.map((i) => `${i.name}（${i.where}）`).join('、')
  if (verdict === 'personal') throw fail('personal', { label: f.label })
  if (verdict === 'held') throw fail('held-already', { label: f.label, held })
  if (verdict === 'asked') throw fail('asked-already', { label: f.label, form: form?.title, owner: form?.ownerName })
  if (verdict === 'near' && f.differs === '') throw fail('differs-needed', { label: f.label, held: items[0]?.name })
}

function typedField(f: Typed): NewField {
  const { type, label, definition, measured, required, choices, differs } = f
  const kept = type === 'choice' ? choices : []
  return { type, label, term: termOf(label), definition, measured, required, choices: kept, held: null, differs }
}

function heldField(id: string, { held, collected }: Holdings): NewField {
  const known = held.find((h) => h.id === id && h.valued)
  const own = collected.find((c) => `forms:${c.field.id}` === id)
  const item = known ?? (own && itemOf(own))
  if (!item) throw fail('unknown-held', { label: id })
  return {
    type: 'held',
    label: item.name,
    term: termOf(item.name),
    definition: `系统已有：${item.where}`,
    measured: item.measured,
    required: true,
    choices: [],
    held: id,
    differs: '',
  }
}

/** The fields of a form as they may be asked: what is held is named from the list, what is typed is new and stands once. [JF-09] */
export function lawfulFields(inputs: readonly FieldInput[], targets: Targets, holdings: Holdings): NewField[] {
  const fields = inputs.map((f) => {
    if (f.type === 'held') return heldField(f.held, holdings)
    mustBeNew(f, targets, holdings)
    return typedField(f)
  })
  const seen = new Set<string>()
  for (const f of fields) {
    if (seen.has(f.term)) throw fail('twice', { label: f.label })
    seen.add(f.term)
  }
  return fields
}
