import type { Context, Tx } from '#core/context.ts'
import type { Counted } from '#core/facts.ts'
import { canAnywhere } from '#core/permissions.ts'
import { type Catalogue, factOf, infoOf, isBalance, type Known, linkOf } from '../catalogue.ts'
import { dimensionsOf } from '../compile/dimensions.ts'
import type { Question } from '../compile.ts'
import { type Evidence, type EvidenceQuery, fail } from '../contract.ts'
import { readPeriod } from '../period.ts'
import { ask } from '../settle.ts'
import { sideOf } from '../store/balance.ts'
import type { Head } from '../store/ledger.ts'
import { findDigest, findEvidence } from '../store/questions.ts'
import { catalogueOf, namesFor } from './known.ts'
import { Curtain, smallFor } from './small.ts'
import { type Asked, question, unitOf, type Where, whereOf } from './where.ts'

/** What of a measure is looked into: above or below the line of a ratio, a side of a balance. */
function partOf(catalogue: Catalogue, { measure }: Known, part: EvidenceQuery['part']): Counted {
  const { numerator, denominator } = catalogue.partsOf(measure)
  if (part === 'denominator') return denominator ?? numerator
  if (!part || part === 'numerator') return numerator
  if (!isBalance(measure)) throw fail('not-balanced', { measure: measure.name })
  return sideOf(numerator, part)
}

/** `category:care` → dimension and value; refused where the fact has no such dimension. */
function narrowed(part: Counted, where: string | undefined): { dimension: string; value: string } | null {
  if (!where) return null
  const [dimension, value] = [where.slice(0, where.indexOf(':')), where.slice(where.indexOf(':') + 1)]
  if (!Object.hasOwn(dimensionsOf(factOf(part)), dimension))
    throw fail('unknown-dimension', { measure: part.name, dimension })
  return { dimension, value }
}

/** The records of a number that is not shown are not listed either. */
export async function mustBeShown(
  tx: Tx,
  part: Counted,
  where: Where,
  asked: Asked & { value: ReturnType<typeof narrowed> },
) {
  const small = await smallFor(tx, where.unit.path, false)
  const curtain = new Curtain(tx, part, where, { ...asked, ...small })
  const { value } = asked
  const hidden = value ? await (await curtain.hidesValues(value.dimension))(value.value) : await curtain.hidesTotal()
  if (hidden) throw fail('suppressed', { limit: small.limit })
}

/** The records behind a number. Their count (for a sum: their sum) is the number. */
export const listEvidence = (ctx: Context, query: EvidenceQuery): Promise<Evidence> =>
  ask(ctx, 'figure.read', async (tx, head) => {
    const catalogue = await catalogueOf(tx)
    const known = catalogue.get(query.measure)
    const part = partOf(catalogue, known, query.part)
    const fact = factOf(part)
    if (!canAnywhere(tx.actor, fact.evidenceVerb)) throw fail('no-evidence')
    const unit = await unitOf(tx, query.unit)
    const asked: Asked = {
      stretch: readPeriod(query.period, tx.today),
      tree: query.tree ?? 'today',
      known: query.known ?? null,
      head,
    }
    const where = await whereOf(tx, unit, part, asked)
    const value = narrowed(part, query.where)
    await mustBeShown(tx, part, where, { ...asked, value })
    const q: Question = {
      ...(await question(tx, where, part, asked)),
      filters: value ? [{ dimension: value.dimension, in: [value.value] }] : [],
    }
    const { total, sum, rows } = await findEvidence(tx, part, q, {
      limit: query.limit ?? 50,
      offset: query.offset ?? 0,
      search: query.search,
    })
    return {
      measure: await infoOf(catalogue, known, namesFor(tx)),
      unit: { id: unit.id, name: unit.name },
      period: asked.stretch,
      asOf: asked.known ?? head.at,
      total,
      sum,
      persons: fact.persons ?? false,
      rows: rows.map(({ page, ...r }) => ({ ...r, link: linkOf(fact, { ...r, page }) })),
    }
  })

/** What the records behind a number come to: two readings with the same text rest on the same records. Of a ratio, both parts. */
export async function digestIn(
  { tx, head }: { tx: Tx; head: Head },
  of: { measure: string; unit: string; period: string; tree: string },
): Promise<string> {
  const unit = await unitOf(tx, of.unit)
  const catalogue = await catalogueOf(tx)
  const { numerator, denominator } = catalogue.partsOf(catalogue.get(of.measure).measure)
  const asked: Asked = { stretch: readPeriod(of.period, tx.today), tree: of.tree, known: null, head }
  const digests: string[] = []
  for (const part of denominator ? [numerator, denominator] : [numerator]) {
    const where = await whereOf(tx, unit, part, asked)
    digests.push(await findDigest(tx, part, await question(tx, where, part, asked)))
  }
  return digests.join('.')
}
