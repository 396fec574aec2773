import type { Context, Tx } from '#core/context.ts'
import { maskId, maskPhone } from '#core/crypto.ts'
import { type Duplicate, fail, type ListDuplicatesQuery, type MergePersons } from '../contract.ts'
import { openSecret } from '../sealed.ts'
import {
  findClash,
  findHalves,
  findPairs,
  getMerge,
  getPerson,
  insertMerge,
  undoMerge,
  wishedRanges,
} from '../store.ts'

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

/** The loser keeps its row and its ties and points to the winner; both are read as one from now on. */
export const mergePersons = (ctx: Context, input: MergePersons): Promise<{ mergeId: string; winnerId: string }> =>
  ctx.write('person.merge', 'person.merge', async (tx) => {
    const [first, second] = [input.winnerId, input.loserId].toSorted()
    // Locked in one order whoever asks, so two merges of one pair cannot wait for each other.
    const locked = [
      await getPerson(tx, first as string, { lock: true }),
      await getPerson(tx, second as string, { lock: true }),
    ]
    const [winner, loser] = first === input.winnerId ? locked : locked.toReversed()
    if (!winner || !loser || winner.id === loser.id) throw fail('merge-self')
    tx.must('person.merge', winner.home_path)
    tx.must('person.merge', loser.home_path)
    const clash = await findClash(tx, winner.id, loser.id)
    if (clash) throw fail('merge-overlap', { what: overlaps[clash] })
    const mergeId = await insertMerge(tx, { winnerId: winner.id, loserId: loser.id, reason: input.reason })
    tx.record({
      subject: { kind: 'person', id: winner.id },
      path: winner.home_path,
      change: { merged: [null, loser.id] },
      reason: input.reason,
    })
    return { mergeId, winnerId: winner.id }
  })

/** Takes a merge back: every row is where it was, because none had moved. */
export const unmergePersons = (
  ctx: Context,
  mergeId: string,
  reason: string,
): Promise<{ mergeId: string; winnerId: string }> =>
  ctx.write('person.merge', 'person.unmerge', async (tx) => {
    const merge = await getMerge(tx, mergeId)
    const winner = await getPerson(tx, merge.loserId, { lock: true }).catch(() => {
      throw fail('merge-not-found')
    })
    tx.must('person.merge', winner.home_path)
    await undoMerge(tx, merge)
    tx.record({
      subject: { kind: 'person', id: winner.id },
      path: winner.home_path,
      change: { merged: [merge.loserId, null] },
      reason,
    })
    return { mergeId, winnerId: winner.id }
  })
