// Editions: what was true when it was signed stays readable as it was; what changed since is a list, never a silent change.
import { createHash } from 'node:crypto'
import { mustBeAnchored } from '#core/anchor.ts'
import type { Context, Tx } from '#core/context.ts'
import { isOurs } from '#core/crypto.ts'
import { newId } from '#core/ids.ts'
import { can } from '#core/permissions.ts'
import {
  EditionBody,
  type EditionPage,
  type EditionRestatements,
  type EditionRow,
  fail,
  type ListEditions,
  type PrepareEdition,
} from '../contract.ts'
import { ask } from '../settle.ts'
import {
  dropStored,
  findEditions,
  getEdition,
  insertEdition,
  nextEditionNo,
  signStored,
  type StoredEdition,
} from '../store/editions.ts'
import type { Head } from '../store/ledger.ts'
import { isBalance } from '../catalogue.ts'
import { balanceIn } from './balance.ts'
import { digestIn } from './evidence.ts'
import { catalogueOf } from './known.ts'
import { readIn } from './read.ts'
import { unitOf } from './where.ts'

const hashOf = (text: string) => createHash('sha256').update(text, 'utf8').digest()
/** Keyed by the house: nobody who only holds the database can make one. */
const signatureOf = (tx: Tx, hash: Buffer) => tx.vault.blindIndex('edition.signature', hash.toString('hex'))

function present(tx: Tx, row: StoredEdition): EditionRow {
  const { unitId, unitName, path, preparedId, hash, signature: _, body: __, ...shown } = row
  const waits = row.state === 'prepared'
  const sign = waits && can(tx.actor, 'figure.sign', path) && tx.actor.accountId !== preparedId ? ['sign'] : []
  const drop = waits && can(tx.actor, 'figure.prepare', path) ? ['drop'] : []
  return { ...shown, unit: { id: unitId, name: unitName }, hash: hash.toString('hex'), can: [...sign, ...drop] }
}

/** Body, digest and signature agree: nobody changed one of them behind our back. */
export function holds(tx: Tx, { body, hash, signature }: StoredEdition): boolean {
  if (!hashOf(body).equals(hash)) return false
  return signature === null || isOurs(tx.vault, 'edition.signature', hash.toString('hex'), signature)
}

const bodyOf = (row: StoredEdition): EditionBody => EditionBody.parse(JSON.parse(row.body))

const pageOf = (tx: Tx, row: StoredEdition): EditionPage => ({
  ...present(tx, row),
  body: bodyOf(row),
  holds: holds(tx, row),
})

export const listEditions = (ctx: Context, query: ListEditions) =>
  ctx.read('figure.read', async (tx) => {
    const { rows, total } = await findEditions(tx, query)
    return { total, rows: rows.map((r) => present(tx, r)) }
  })

export const readEdition = (ctx: Context, id: string): Promise<EditionPage> =>
  ctx.read('figure.read', async (tx) => pageOf(tx, await getEdition(tx, id)))

/** Every figure with its definition, its children and the digest of its records; all as known at one instant. */
async function takeFigures(at: { tx: Tx; head: Head }, input: PrepareEdition) {
  const { tx, head } = at
  const unit = await unitOf(tx, input.unit)
  tx.must('figure.prepare', unit.path)
  // The tree of today is another one tomorrow: an edition names the day.
  const tree = input.tree === 'today' ? tx.today : input.tree
  const query = { measures: input.measures.join(','), unit: unit.id, period: input.period, tree, published: true }
  const read = await readIn(at, { ...query, by: 'child' })
  const figures: EditionBody['figures'] = []
  for (const [i, f] of read.figures.entries()) {
    const { measure, value, numerator, denominator, suppressed, note, suppression, rows } = f
    const asked = { measure: input.measures[i] as string, unit: unit.id, period: read.period.key, tree }
    figures.push({
      measure,
      value,
      numerator,
      denominator,
      suppressed,
      note,
      suppression,
      evidence: suppressed ? '' : await digestIn(at, asked),
      rows: rows.map((r) => ({
        key: r.key,
        name: r.name,
        unitId: r.unitId,
        value: r.value,
        numerator: r.numerator,
        denominator: r.denominator,
        suppressed: r.suppressed,
      })),
    })
  }
  return { unit, period: read.period, tree, asOf: head.at, figures }
}

/** @throws figure.* as reading does; core.forbidden without figure.prepare at the unit */
export async function prepareEdition(ctx: Context, input: PrepareEdition): Promise<EditionPage> {
  const taken = await ask(ctx, 'figure.prepare', (tx, head) => takeFigures({ tx, head }, input))
  return ctx.write('figure.prepare', 'edition.prepare', async (tx) => {
    tx.must('figure.prepare', taken.unit.path)
    const { unit, period, tree, asOf, figures } = taken
    const body: EditionBody = {
      id: newId(),
      no: await nextEditionNo(tx),
      title: input.title,
      unit: { id: unit.id, name: unit.name },
      period,
      tree: tree as EditionBody['tree'],
      asOf,
      preparedBy: tx.actor.name,
      preparedAt: tx.now,
      figures,
    }
    const text = JSON.stringify(body)
    await insertEdition(tx, { body, text, hash: hashOf(text), path: unit.path })
    tx.record({
      subject: { kind: 'edition', id: body.id },
      path: unit.path,
      change: { no: body.no, title: body.title, hash: hashOf(text).toString('hex') },
    })
    return pageOf(tx, await getEdition(tx, body.id))
  })
}

/** A balance that does not hold is not signed; whoever may see the persons is told their names. [STAT-01] @throws figure.edition-unbalanced */
const mustBalance = (ctx: Context, id: string) =>
  ask(ctx, 'figure.sign', async (tx, head) => {
    const { figures, unit, period, asOf } = bodyOf(await getEdition(tx, id))
    const catalogue = await catalogueOf(tx)
    for (const { measure } of figures) {
      const reference = `${measure.id}@${measure.version}`
      if (!isBalance(catalogue.get(reference).measure)) continue
      const query = { measure: reference, unit: unit.id, period: period.key, known: asOf }
      const { holds: even, broken, brokenTotal } = await balanceIn({ tx, head }, query)
      if (even) continue
      const names = broken.slice(0, 10).map((b) => `${b.name}（${b.why}）`)
      throw fail('edition-unbalanced', {
        measure: measure.name,
        count: brokenTotal,
        names: names.length > 0 ? `：${names.join('、')}` : '',
      })
    }
  })

/** Signed by somebody else than who prepared it. @throws figure.edition-own, -done, -broken, -unbalanced, core.anchor-old */
export async function signEdition(ctx: Context, id: string): Promise<EditionPage> {
  await mustBalance(ctx, id)
  return ctx.write('figure.sign', 'edition.sign', async (tx) => {
    const row = await getEdition(tx, id, true)
    tx.must('figure.sign', row.path)
    if (row.state !== 'prepared') throw fail('edition-done')
    if (row.preparedId === tx.actor.accountId) throw fail('edition-own')
    if (!holds(tx, row)) throw fail('edition-broken')
    mustBeAnchored(ctx.ground, tx)
    const signature = signatureOf(tx, row.hash)
    await signStored(tx, id, signature)
    tx.record({
      subject: { kind: 'edition', id },
      path: row.path,
      change: { no: row.no, hash: row.hash.toString('hex'), signature: signature.toString('hex') },
    })
    return pageOf(tx, await getEdition(tx, id))
  })
}

export const dropEdition = (ctx: Context, id: string, reason: string): Promise<EditionPage> =>
  ctx.write('figure.prepare', 'edition.drop', async (tx) => {
    const row = await getEdition(tx, id, true)
    tx.must('figure.prepare', row.path)
    if (row.state !== 'prepared') throw fail('edition-done')
    await dropStored(tx, id)
    tx.record({ subject: { kind: 'edition', id }, path: row.path, change: { no: row.no }, reason })
    return pageOf(tx, await getEdition(tx, id))
  })

/** Every figure of an edition against the records as they are known now; a definition is that of the edition. */
export const readRestatements = (ctx: Context, id: string): Promise<EditionRestatements> =>
  ask(ctx, 'figure.read', async (tx, head) => {
    const at = { tx, head }
    const row = await getEdition(tx, id)
    const { figures, unit, period, tree } = bodyOf(row)
    const references = figures.map((f) => `${f.measure.id}@${f.measure.version}`)
    const query = { unit: unit.id, period: period.key, tree, published: true }
    const now = await readIn(at, { ...query, measures: references.join(',') })
    const found: EditionRestatements['figures'] = []
    for (const [i, then] of figures.entries()) {
      const today = now.figures[i]?.value ?? null
      const measure = references[i] as string
      const digest =
        then.evidence === '' ? '' : await digestIn(at, { measure, unit: unit.id, period: period.key, tree })
      found.push({
        measure: then.measure,
        signed: then.value,
        now: today,
        restated: today !== then.value || digest !== then.evidence,
      })
    }
    return { edition: present(tx, row), checkedAt: head.at, figures: found }
  })
