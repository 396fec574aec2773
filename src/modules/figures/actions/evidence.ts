import type { Context } from '#core/context.ts'
import { canAnywhere } from '#core/permissions.ts'
import { factOf, getMeasure, infoOf, partsOf } from '../catalogue.ts'
import type { Question } from '../compile.ts'
import { type Evidence, type EvidenceQuery, fail } from '../contract.ts'
import { dimensionsOf } from '../compile/dimensions.ts'
import { readPeriod } from '../period.ts'
import { findEvidence } from '../store.ts'
import { question, unitOf, whereOf } from './where.ts'

/** The records behind a number. Their count (for a sum: their sum) is the number. */
export const listEvidence = (ctx: Context, query: EvidenceQuery): Promise<Evidence> =>
  ctx.heavy('figure.read', async (tx) => {
    const m = getMeasure(query.measure)
    const { numerator, denominator } = partsOf(m)
    const part = query.part === 'denominator' && denominator ? denominator : numerator
    if (!canAnywhere(tx.actor, factOf(part).evidenceVerb)) throw fail('no-evidence')
    const unit = await unitOf(tx, query.unit)
    const where = await whereOf(tx, unit, part)
    const stretch = readPeriod(query.period, tx.today)
    const fact = factOf(part)
    const [dimension, value] = query.where
      ? [query.where.slice(0, query.where.indexOf(':')), query.where.slice(query.where.indexOf(':') + 1)]
      : [null, '']
    if (dimension && !dimensionsOf(fact)[dimension]) throw fail('unknown-dimension', { measure: m.name, dimension })
    const q: Question = {
      ...question(tx, where, { stretch, tree: query.tree ?? 'today' }),
      filters: dimension ? [{ dimension, in: [value] }] : [],
    }
    const { total, sum, rows } = await findEvidence(tx, part, q, {
      limit: query.limit ?? 50,
      offset: query.offset ?? 0,
      search: query.search,
    })
    return {
      measure: infoOf(m),
      unit: { id: unit.id, name: unit.name },
      period: stretch,
      asOf: tx.now,
      total,
      sum,
      rows: rows.map((r) => ({ ...r, link: fact.link.replace('{id}', r.record) })),
    }
  })
