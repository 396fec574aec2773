// Roles held for a term (e.g. 党代表、人大代表、政协委员): the published result only; who was considered stays elsewhere.
import type { Context } from '#core/context.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { engine as units } from '#modules/units/index.ts'
import { fail, talentFail, type RecordTenure } from '../contract.ts'
import { closeTenure, findTenure, getPerson, insertTenure } from '../store.ts'
import { unitFor } from './shared.ts'

export const recordTenure = (ctx: Context, personId: string, input: RecordTenure): Promise<{ id: string }> =>
  ctx.write('person.write', 'tenure.begin', async (tx) => {
    const person = await getPerson(tx, personId, { lock: true })
    const unit = await unitFor(tx, 'person.write', input.unitId)
    const { terms } = await getSettings(tx, units, input.mechanismId, input.from)
    const known = terms?.roles.some((r) => r.id === input.role) && terms.bases.some((b) => b.id === input.basis)
    if (!known) throw talentFail('unknown', { mechanism: input.mechanismId, what: `${input.role}/${input.basis}` })
    if (input.from < unit.openedOn || input.from > tx.today)
      throw fail('bad-day', { from: unit.openedOn, to: tx.today })
    const id = await insertTenure(tx, person.id, input)
    tx.record({
      subject: { kind: 'person', id: person.id },
      path: unit.path,
      change: { mechanism: input.mechanismId, role: [null, input.role], term: input.term, from: input.from },
    })
    return { id }
  })

export const endTenure = (ctx: Context, id: string, on: string): Promise<{ id: string }> =>
  ctx.write('person.write', 'tenure.end', async (tx) => {
    const row = await findTenure(tx, id)
    if (!row) throw fail('tie-not-found')
    const person = await getPerson(tx, row.personId)
    tx.must('person.write', row.path)
    if (row.to !== 'infinity') throw fail('tie-ended')
    if (on <= row.from || on > tx.today) throw fail('bad-day', { from: row.from, to: tx.today })
    await closeTenure(tx, id, on)
    tx.record({
      subject: { kind: 'person', id: person.id },
      path: row.path,
      change: { role: [row.role, null], until: on },
    })
    return { id }
  })
