// Why an edition's number is another one now: the records, what was done to them, by whom, and what it means for each unit.
import type { Context, Tx } from '#core/context.ts'
import type { Entry } from '#core/history.ts'
import { canAnywhere } from '#core/permissions.ts'
import { factOf, infoOf, linkOf } from '../catalogue.ts'
import { EditionBody, fail, type Restatement, type RestatementQuery } from '../contract.ts'
import { ask } from '../settle.ts'
import { type Difference, findDifference, getEdition } from '../store/editions.ts'
import type { Head } from '../store/ledger.ts'
import { findValue } from '../store/questions.ts'
import { mustBeShown } from './evidence.ts'
import { catalogueOf, namesFor } from './known.ts'
import { type Asked, question, unitOf, whereOf } from './where.ts'

function whyOf({ body }: Difference): Restatement['rows'][number]['why'] {
  if (!body) return null
  const { action, actor, at, reason } = JSON.parse(body) as Entry
  return { action, actor: actor.name, at, reason: reason ?? null }
}

/** The figure of the edition that is asked about, in the version it was signed in. @throws figure.unknown-measure */
function figureIn(body: EditionBody, wanted: string) {
  const found = body.figures.find(
    ({ measure }) => wanted === measure.id || wanted === `${measure.id}@${measure.version}`,
  )
  if (!found) throw fail('unknown-measure', { measure: wanted })
  return `${found.measure.id}@${found.measure.version}`
}

async function restate({ tx, head }: { tx: Tx; head: Head }, body: EditionBody, query: RestatementQuery) {
  const catalogue = await catalogueOf(tx)
  const known = catalogue.get(figureIn(body, query.measure))
  const { numerator, denominator } = catalogue.partsOf(known.measure)
  const side = query.part === 'denominator' && denominator ? 'denominator' : 'numerator'
  const part = side === 'denominator' && denominator ? denominator : numerator
  if (!canAnywhere(tx.actor, factOf(part).evidenceVerb)) throw fail('no-evidence')
  const unit = await unitOf(tx, body.unit.id)
  const now: Asked = { stretch: body.period, tree: body.tree, known: null, head }
  const signed: Asked = { ...now, known: body.asOf }
  const signedAt = await whereOf(tx, unit, part, signed)
  const nowAt = await whereOf(tx, unit, part, now)
  await mustBeShown(tx, part, nowAt, { ...now, value: null })
  await mustBeShown(tx, part, signedAt, { ...signed, value: null })
  const of = {
    now: await question(tx, nowAt, part, now),
    signed: await question(tx, signedAt, part, signed),
  }
  const page = { limit: query.limit ?? 50, offset: query.offset ?? 0 }
  const { rows, ...sums } = await findDifference(tx, part, of, page)
  return {
    measure: await infoOf(catalogue, known, namesFor(tx)),
    part: side,
    signed: await findValue(tx, part, of.signed),
    now: await findValue(tx, part, of.now),
    ...sums,
    persons: factOf(part).persons ?? false,
    rows: rows.map(({ body: _, page: named, ...r }, i) => ({
      ...r,
      link: linkOf(factOf(part), { ...r, page: named }),
      why: whyOf(rows[i] as Difference),
    })),
  } satisfies Restatement
}

/** @throws figure.edition-not-found, figure.unknown-measure, figure.no-evidence, figure.suppressed */
export const listRestatements = (ctx: Context, id: string, query: RestatementQuery): Promise<Restatement> =>
  ask(ctx, 'figure.read', async (tx, head) => {
    const row = await getEdition(tx, id)
    return restate({ tx, head }, EditionBody.parse(JSON.parse(row.body)), query)
  })
