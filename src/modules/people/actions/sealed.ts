// The two ways to a number: opening one person's field, and asking who holds a number. Both are kept with their reason.
import { addHours } from '#core/calendar.ts'
import type { Context } from '#core/context.ts'
import { fail as coreFail } from '#core/errors.ts'
import { newId } from '#core/ids.ts'
import { queueUp } from '#core/queue-up.ts'
import { fail, type LookUpPerson, type PersonRow, type RevealPerson, type SealedField } from '../contract.ts'
import { openSecret } from '../sealed.ts'
import { countDone, findByNumber, getPerson, type PersonRecord } from '../store.ts'
import { cleanse, presentRow } from './shared.ts'

const MOST_REVEALED = 30

const sealedOf = (row: PersonRecord, field: SealedField) =>
  ({ 'id-number': row.id_sealed, phone: row.phone_sealed, address: row.address_sealed })[field]

/** Shows one field of one person, at most thirty times an hour. */
export const revealPerson = (
  ctx: Context,
  id: string,
  input: RevealPerson,
): Promise<{ field: SealedField; value: string; left: number }> =>
  ctx.write('person.reveal', 'person.reveal', async (tx) => {
    const row = await getPerson(tx, id)
    tx.must('person.reveal', row.home_path)
    const account = tx.actor.accountId ?? ''
    await queueUp(tx, `reveal ${account}`)
    const done = await countDone(tx, account, 'person.reveal', addHours(tx.now, -1))
    if (done >= MOST_REVEALED) throw fail('reveal-limit', { limit: MOST_REVEALED })
    const value = openSecret(tx.vault, row.id, input.field, sealedOf(row, input.field))
    if (value === null) throw fail('nothing-to-reveal')
    tx.record({
      subject: { kind: 'person', id: row.id },
      path: row.home_path,
      change: { field: input.field },
      reason: input.reason,
    })
    return { field: input.field, value, left: MOST_REVEALED - done - 1 }
  })

/** Who holds this number or phone, among those the asker sees; the question is kept, the number is not. [A-40, AZ-10] */
export const lookUpPerson = (ctx: Context, written: LookUpPerson): Promise<{ rows: PersonRow[] }> =>
  ctx.write('person.read', 'person.look-up', async (tx) => {
    const input = cleanse(written, tx.today)
    if (!input.idNumber && !input.phone) throw coreFail('invalid', {}, [{ path: 'idNumber', code: 'required' }])
    const rows = await findByNumber(tx, input)
    const by = [input.idNumber ? 'idNumber' : null, input.phone ? 'phone' : null].filter((f) => f !== null)
    const [first] = rows
    const subject = first && rows.length === 1 ? { kind: 'person', id: first.id } : { kind: 'look-up', id: newId() }
    tx.record({
      subject,
      path: first?.homePath ?? '',
      change: { field: by.join(','), found: rows.length },
      reason: input.reason,
    })
    return { rows: rows.map((row) => presentRow(tx, row)) }
  })
