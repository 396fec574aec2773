import { isDeepStrictEqual } from 'node:util'
import type { Context, Tx } from '#core/context.ts'
import { maskId, maskPhone } from '#core/crypto.ts'
import { rangesOf } from '#core/permissions.ts'
import {
  type Duplicate,
  fail,
  type ListDuplicatesQuery,
  type ListVerdictsQuery,
  type Merged,
  type MergePersons,
  type PersonVerdict,
  TakenField,
  type TellApart,
  type Unmerged,
} from '../contract.ts'
import { openSecret, sealSecrets } from '../sealed.ts'
import {
  endVerdict,
  findClash,
  findHalves,
  findPairs,
  findRow,
  findVerdicts,
  getPerson,
  getVerdict,
  insertVerdict,
  isApart,
  type MergeRow,
  type PersonRecord,
  partAgain,
  pointTo,
  type Taken,
  updatePerson,
  wishedRanges,
} from '../store.ts'

const columnsOf = {
  name: ['name', 'pinyin', 'stroke_key'],
  sex: ['sex'],
  born: ['born'],
  nation: ['nation'],
  politics: ['politics'],
  education: ['education'],
  occupation: ['occupation'],
  joined: ['joined'],
  fullSince: ['full_since'],
  phone: ['phone_sealed', 'phone_index', 'phone_tail'],
  address: ['address_sealed'],
} as const satisfies Record<TakenField, readonly (keyof PersonRecord)[]>

/** As kept beside the verdict: bytes as text, everything else as it is. */
const plainOf = (columns: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(columns).map(([k, v]) => [k, Buffer.isBuffer(v) ? { hex: v.toString('hex') } : v]))

const columnsFrom = (plain: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(plain).map(([k, v]) => {
      const { hex } = (v ?? {}) as { hex?: string }
      return [k, hex === undefined ? v : Buffer.from(hex, 'hex')]
    }),
  )

async function halvesOf(tx: Tx, ids: readonly string[]) {
  const rows = await findHalves(tx, [...new Set(ids)])
  const halves = rows.map((r) => {
    const idNumber = openSecret(tx.vault, r.id, 'id-number', r.id_sealed)
    const phone = openSecret(tx.vault, r.id, 'phone', r.phone_sealed)
    return {
      id: r.id,
      name: r.name,
      born: r.born,
      idNumber: idNumber && maskId(idNumber),
      phone: phone && maskPhone(phone),
      home: r.home,
    }
  })
  return new Map(halves.map((h) => [h.id, h]))
}

/** Records that may be one person, strongest ground first. The system finds, people decide. [ID-01, ENG-06] */
export const listDuplicates = (
  ctx: Context,
  query: ListDuplicatesQuery,
): Promise<{ rows: Duplicate[]; total: number }> =>
  ctx.heavy('person.merge', async (tx) => {
    const { rows, total } = await findPairs(tx, query, await wishedRanges(tx, 'person.merge', query.unit))
    const halves = await halvesOf(
      tx,
      rows.flatMap((r) => [r.oneId, r.otherId]),
    )
    return {
      total,
      rows: rows.flatMap((r) => {
        const [one, other] = [halves.get(r.oneId), halves.get(r.otherId)]
        return one && other ? [{ ground: r.ground, one, other }] : []
      }),
    }
  })

const overlaps = { formal: '正式组织关系', registration: '有效的报到' }

/** Both records, locked in one order whoever asks, so two verdicts on one pair cannot wait for each other. */
async function bothOf(tx: Tx, oneId: string, otherId: string): Promise<[one: PersonRecord, other: PersonRecord]> {
  const [first, second] = [oneId, otherId].toSorted() as [string, string]
  const locked = [await getPerson(tx, first, { lock: true }), await getPerson(tx, second, { lock: true })]
  const [one, other] = (first === oneId ? locked : locked.toReversed()) as [PersonRecord, PersonRecord]
  if (one.id === other.id) throw fail('merge-self')
  tx.must('person.merge', one.home_path)
  tx.must('person.merge', other.home_path)
  return [one, other]
}

/** Values chosen of the loser, as they will stand on the winner; sealed ones are sealed anew for that row. */
function takenFrom(tx: Tx, winner: PersonRecord, loser: PersonRecord, fields: readonly TakenField[]): Taken {
  if (winner.id_sealed === null && loser.id_sealed !== null) throw fail('merge-number')
  if (winner.id_sealed !== null && fields.some((f) => f === 'born' || f === 'sex')) throw fail('merge-derived')
  const phone = () => openSecret(tx.vault, loser.id, 'phone', loser.phone_sealed)
  const address = () => openSecret(tx.vault, loser.id, 'address', loser.address_sealed)
  const valuesOf = (field: TakenField) => {
    if (field === 'phone') return sealSecrets(tx.vault, winner.id, { phone: phone() })
    if (field === 'address') return sealSecrets(tx.vault, winner.id, { address: address() })
    return Object.fromEntries(columnsOf[field].map((column) => [column, loser[column]]))
  }
  return Object.fromEntries(
    [...new Set(fields)].map((field) => {
      const after = valuesOf(field)
      const before = Object.fromEntries(columnsOf[field].map((column) => [column, winner[column]]))
      return [field, { before: plainOf(before), after: plainOf(after) }]
    }),
  )
}

/** The loser keeps its row and its ties and points to the winner; both are read as one from now on. [ID-01] */
export const mergePersons = (ctx: Context, input: MergePersons): Promise<Merged> =>
  ctx.write('person.merge', 'person.merge', async (tx) => {
    const [winner, loser] = await bothOf(tx, input.winnerId, input.loserId)
    const clash = await findClash(tx, winner.id, loser.id)
    if (clash) throw fail('merge-overlap', { what: overlaps[clash] })
    const taken = takenFrom(tx, winner, loser, input.take ?? [])
    await updatePerson(tx, winner, Object.assign({}, ...Object.values(taken).map((t) => columnsFrom(t.after))))
    const verdict = { winnerId: winner.id, loserId: loser.id, reason: input.reason, taken }
    const mergeId = await insertVerdict(tx, { ...verdict, same: true })
    await pointTo(tx, loser.id, winner.id)
    tx.record({
      subject: { kind: 'person', id: winner.id },
      path: winner.home_path,
      change: { merged: [null, loser.id], ...(input.take?.length ? { taken: input.take } : {}) },
      reason: input.reason,
    })
    return { mergeId, winnerId: winner.id }
  })

/** Somebody looked: they are two persons. The pair is not shown again. [ENG-06] */
export const tellApart = (ctx: Context, { oneId, otherId, reason }: TellApart): Promise<Merged> =>
  ctx.write('person.merge', 'person.tell-apart', async (tx) => {
    const [one, other] = await bothOf(tx, oneId, otherId)
    if (await isApart(tx, one.id, other.id)) throw fail('apart-already')
    const mergeId = await insertVerdict(tx, { winnerId: one.id, loserId: other.id, same: false, taken: {}, reason })
    const subject = { kind: 'person', id: one.id }
    tx.record({ subject, path: one.home_path, change: { apart: [null, other.id] }, reason })
    return { mergeId, winnerId: one.id }
  })

export const listVerdicts = (
  ctx: Context,
  query: ListVerdictsQuery,
): Promise<{ rows: PersonVerdict[]; total: number }> =>
  ctx.read('person.merge', async (tx) => {
    const { rows, total } = await findVerdicts(tx, query, rangesOf(tx.actor, 'person.merge'))
    return {
      total,
      rows: rows.map(({ path, taken, ...row }) => ({
        ...row,
        taken: TakenField.options.filter((field) => field in taken),
        can: row.undoneAt ? [] : tx.allowed(['person.merge'], path),
      })),
    }
  })

/** What was taken over goes back, unless somebody has changed it since. */
async function giveBack(tx: Tx, merge: MergeRow): Promise<TakenField[]> {
  const row = await findRow(tx, merge.winnerId)
  const entries = Object.entries(merge.taken) as [TakenField, NonNullable<Taken[TakenField]>][]
  if (!row || entries.length === 0) return []
  const untouched = entries.filter(([field, { after }]) =>
    isDeepStrictEqual(plainOf(Object.fromEntries(columnsOf[field].map((c) => [c, row[c]]))), after),
  )
  await updatePerson(tx, row, Object.assign({}, ...untouched.map(([, { before }]) => columnsFrom(before))))
  return entries.filter((e) => !untouched.includes(e)).map(([field]) => field)
}

/** Takes back what was said of two records: every row is where it was, because none had moved. */
export const undoVerdict = (ctx: Context, mergeId: string, reason: string): Promise<Unmerged> =>
  ctx.write('person.merge', 'person.unmerge', async (tx) => {
    const merge = await getVerdict(tx, mergeId)
    const winner = await getPerson(tx, merge.same ? merge.loserId : merge.winnerId, { lock: true }).catch(() => {
      throw fail('merge-not-found')
    })
    tx.must('person.merge', winner.home_path)
    await endVerdict(tx, merge.id)
    const left = merge.same ? await giveBack(tx, merge) : []
    if (merge.same) await partAgain(tx, merge)
    tx.record({
      subject: { kind: 'person', id: winner.id },
      path: winner.home_path,
      change: { [merge.same ? 'merged' : 'apart']: [merge.loserId, null], ...(left.length > 0 ? { left } : {}) },
      reason,
    })
    return { mergeId, winnerId: winner.id, left }
  })
