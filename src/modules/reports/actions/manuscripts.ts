// Manuscripts: written, checked, reviewed, approved by different hands, published, corrected.
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { fail as coreFail } from '#core/errors.ts'
import { newId } from '#core/ids.ts'
import { can } from '#core/permissions.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { findUnit, type UnitNow } from '#modules/units/index.ts'
import {
  type AdvanceManuscript,
  type EditManuscript,
  fail,
  type ListManuscripts,
  type Manifest,
  type Manuscript,
  type ManuscriptPage,
  type NewManuscript,
} from '../contract.ts'
import { engine } from '../engine.ts'
import { isOpen, needsAnother, needsTruth, stateNames, stepsFrom, verbOf } from '../rules.ts'
import { insertCoverage } from '../store/coverage.ts'
import { insertDocument } from '../store/documents.ts'
import {
  findManuscripts,
  findSteps,
  getManuscript,
  insertManuscript,
  insertStep,
  type ManuscriptRow,
  updateManuscript,
} from '../store/manuscripts.ts'
import { makeReport } from './build.ts'

export const settingsOf = (tx: Tx, mechanismId: string) => getSettings(tx, engine, mechanismId, tx.today)

function mayStep(tx: Tx, row: ManuscriptRow, to: ManuscriptRow['state']): boolean {
  const own = tx.actor.accountId === row.authorId
  return can(tx.actor, to === 'drafted' && !own ? 'report.check' : verbOf(to), row.path) && !(own && needsAnother(to))
}

function present(tx: Tx, row: ManuscriptRow): Manuscript {
  const { path, unitId, unitName, content: _, authorId: __, ...shown } = row
  const edit = isOpen(row.state) && can(tx.actor, 'report.write', path) ? ['edit'] : []
  return {
    ...shown,
    unit: { id: unitId, name: unitName },
    can: [...edit, ...stepsFrom(row.state).filter((to) => mayStep(tx, row, to))],
  }
}

/** The unit a text is about: visible, and the asker may write about it. @throws report.not-found, core.forbidden */
async function unitOf(tx: Tx, unitId: string): Promise<UnitNow> {
  const unit = await findUnit(tx, unitId)
  if (!unit || !can(tx.actor, 'report.read', unit.path)) throw fail('not-found')
  tx.must('report.write', unit.path)
  return unit
}

export const listManuscripts = (ctx: Context, query: ListManuscripts) =>
  ctx.read('report.read', async (tx) => {
    const { rows, total } = await findManuscripts(tx, query)
    return { total, rows: rows.map((r) => present(tx, r)) }
  })

const pageOf = async (tx: Tx, row: ManuscriptRow): Promise<ManuscriptPage> => ({
  ...present(tx, row),
  content: row.content,
  steps: await findSteps(tx, row.id),
})

export const readManuscript = (ctx: Context, id: string): Promise<ManuscriptPage> =>
  ctx.read('report.read', async (tx) => pageOf(tx, await getManuscript(tx, id)))

export const writeManuscript = (ctx: Context, input: NewManuscript): Promise<ManuscriptPage> =>
  ctx.write('report.write', 'report.write', async (tx) => {
    const settings = await settingsOf(tx, input.mechanismId)
    if (!settings.writes) throw fail('no-texts', { mechanism: input.mechanismId })
    const unit = await unitOf(tx, input.unitId)
    const id = newId()
    await insertManuscript(tx, { ...input, id }, unit)
    await insertStep(tx, id, 'drafted', '')
    tx.record({
      subject: { kind: 'manuscript', id },
      path: unit.path,
      change: { title: input.content.title, period: input.period },
    })
    return pageOf(tx, await getManuscript(tx, id))
  })

export const editManuscript = (ctx: Context, id: string, version: number, input: EditManuscript) =>
  ctx.write('report.write', 'report.edit', async (tx) => {
    const row = await getManuscript(tx, id, true)
    tx.must('report.write', row.path)
    if (!isOpen(row.state)) throw fail('not-open', { state: stateNames[row.state] })
    const unit = await unitOf(tx, input.unitId)
    await updateManuscript(tx, { id, version }, { ...input, unit })
    tx.record({
      subject: { kind: 'manuscript', id },
      path: unit.path,
      change: { title: [row.title, input.content.title], period: [row.period, input.period] },
    })
    return pageOf(tx, await getManuscript(tx, id))
  })

/** Keeps the document whose numbers appear, and where it appeared. */
async function publish(tx: WriteTx, row: ManuscriptRow, input: AdvanceManuscript, manifest: Manifest) {
  const { publication } = input
  if (!publication) throw fail('publication-needed')
  const settings = await settingsOf(tx, row.mechanismId)
  if (!settings.levels.some((l) => l.id === publication.level))
    throw fail('unknown-level', { level: publication.level })
  await insertDocument(tx, manifest, row.id)
  if (input.state === 'published')
    await insertCoverage(tx, {
      id: newId(),
      mechanismId: row.mechanismId,
      unitId: row.unitId,
      path: row.path,
      form: 'review',
      ...publication,
      title: row.title,
      manuscriptId: row.id,
    })
  return {
    documentId: manifest.id,
    figures: manifest.entries.length,
    publishedOn: row.publishedOn ?? publication.on,
  }
}

/** Who may take this step now; everything that needs no counting. */
function mustStep(tx: Tx, row: ManuscriptRow, { state: to, note }: AdvanceManuscript) {
  if (!stepsFrom(row.state).includes(to)) throw fail('not-next', { from: stateNames[row.state], to: stateNames[to] })
  const own = tx.actor.accountId === row.authorId
  tx.must(to === 'drafted' && !own ? 'report.check' : verbOf(to), row.path)
  if (needsAnother(to) && own) throw fail('own-work')
  if ((to === 'drafted' || to === 'corrected' || to === 'dropped') && !note) throw fail('note-needed')
}

/** Numbers are counted before the step is written; the version tells whether the text is still the one that was counted. */
export async function advanceManuscript(ctx: Context, id: string, version: number, input: AdvanceManuscript) {
  const { state: to, note } = input
  const before = await ctx.read('report.read', async (tx) => {
    const row = await getManuscript(tx, id)
    mustStep(tx, row, input)
    return row
  })
  const { content: template, unitId: unit, period, tree } = before
  const made = needsTruth(to) ? await makeReport(ctx, { template, unit, period, tree }) : null
  return ctx.write('report.read', 'report.advance', async (tx) => {
    const row = await getManuscript(tx, id, true)
    mustStep(tx, row, input)
    if (row.version !== before.version) throw coreFail('stale')
    const appears = to === 'published' || to === 'corrected'
    const more = appears && made ? await publish(tx, row, input, made.manifest) : {}
    await updateManuscript(tx, { id, version }, { state: to, ...more })
    await insertStep(tx, id, to, note)
    tx.record({
      subject: { kind: 'manuscript', id },
      path: row.path,
      change: { state: [row.state, to], ...more },
      ...(note ? { reason: note } : {}),
    })
    return pageOf(tx, await getManuscript(tx, id))
  })
}
