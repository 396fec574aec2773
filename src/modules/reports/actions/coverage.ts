// 宣传: what appeared elsewhere of the district's work.
import type { Context, Tx } from '#core/context.ts'
import { newId } from '#core/ids.ts'
import { can } from '#core/permissions.ts'
import { findUnit } from '#modules/units/index.ts'
import { type Coverage, fail, type ListCoverage, type RecordCoverage } from '../contract.ts'
import { type CoverageRow, findCoverage, getCoverage, insertCoverage, withdrawCoverage } from '../store/coverage.ts'
import { settingsOf } from './manuscripts.ts'

function present(tx: Tx, { unitId, unitName, path, ...row }: CoverageRow): Coverage {
  const mine = !row.withdrawn && can(tx.actor, 'report.write', path)
  return { ...row, unit: { id: unitId, name: unitName }, can: mine ? ['withdraw'] : [] }
}

export const listCoverage = (ctx: Context, query: ListCoverage) =>
  ctx.read('report.read', async (tx) => {
    const { rows, total } = await findCoverage(tx, query)
    return { total, rows: rows.map((r) => present(tx, r)) }
  })

export const recordCoverage = (ctx: Context, input: RecordCoverage): Promise<Coverage> =>
  ctx.write('report.write', 'report.record-coverage', async (tx) => {
    const unit = await findUnit(tx, input.unitId)
    if (!unit || !can(tx.actor, 'report.read', unit.path)) throw fail('coverage-not-found')
    tx.must('report.write', unit.path)
    const { forms, levels } = await settingsOf(tx, input.mechanismId)
    if (!forms.some((f) => f.id === input.form)) throw fail('unknown-form', { form: input.form })
    if (!levels.some((l) => l.id === input.level)) throw fail('unknown-level', { level: input.level })
    const id = newId()
    await insertCoverage(tx, { ...input, id, path: unit.path, manuscriptId: null })
    tx.record({
      subject: { kind: 'coverage', id },
      path: unit.path,
      change: { title: input.title, outlet: input.outlet, on: input.on },
    })
    return present(tx, await getCoverage(tx, id))
  })

/** Entered by mistake: it stays in the list, crossed out, and is no longer counted. */
export const takeBackCoverage = (ctx: Context, id: string, reason: string): Promise<Coverage> =>
  ctx.write('report.write', 'report.withdraw-coverage', async (tx) => {
    const row = await getCoverage(tx, id)
    tx.must('report.write', row.path)
    if (!row.withdrawn) await withdrawCoverage(tx, id)
    tx.record({ subject: { kind: 'coverage', id }, path: row.path, change: { title: row.title }, reason })
    return present(tx, { ...row, withdrawn: true })
  })
