import { z } from 'zod'
import type { Context, Tx } from '#core/context.ts'
import { fail as coreFail } from '#core/errors.ts'
import { issuesOf } from '#core/http/issues.ts'
import { can } from '#core/permissions.ts'
import { type EditMechanism, fail, type MechanismRow, verbs } from './contract.ts'
import type { Engine } from './engine.ts'
import { findMechanisms, getMechanism, updateMechanism } from './store.ts'

/** Engines of this house by name; filled once at composition. */
const engines = new Map<string, Engine>()

export function registerEngines(all: readonly Engine[]): void {
  for (const e of all) engines.set(e.name, e)
}

/** Checks settings by the engine's schema, every issue with its path. @throws mechanism.unknown-engine, mechanism.bad-settings */
export function checkSettings(engineName: string, name: string, settings: unknown): void {
  const engine = engines.get(engineName)
  if (!engine) throw fail('unknown-engine', { engine: engineName })
  const result = engine.settings.safeParse(settings, { reportInput: true })
  if (!result.success) throw fail('bad-settings', { name }, issuesOf('settings', result.error))
}

type Row = Awaited<ReturnType<typeof findMechanisms>>[number]

const present = (tx: Tx, row: Row): MechanismRow => ({
  id: row.id,
  name: row.name,
  engine: row.engine,
  catalogueId: row.catalogue_id,
  settings: row.settings as Record<string, unknown>,
  ownerId: row.owner_id,
  ownerName: row.ownerName,
  validFrom: row.valid_from,
  validTo: row.valid_to === 'infinity' ? null : row.valid_to,
  version: row.version,
  inForce: row.valid_from <= tx.today && tx.today < row.valid_to,
  can: verbs.filter((v) => can(tx.actor, v, row.ownerPath)),
})

export const listMechanisms = (ctx: Context) =>
  ctx.read('mechanism.read', async (tx) => {
    const rows = (await findMechanisms(tx)).map((row) => present(tx, row))
    return { rows, total: rows.length }
  })

export const listEngines = (ctx: Context) =>
  ctx.read('mechanism.read', async () => {
    const rows = [...engines.values()].map((e) => ({
      name: e.name,
      settings: z.toJSONSchema(e.settings, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>,
    }))
    return { rows, total: rows.length }
  })

/** Changes name, settings or end of validity; refused with every reason when the engine's schema does not allow it. */
export const editMechanism = (ctx: Context, id: string, version: number, input: EditMechanism) =>
  ctx.write('mechanism.write', 'mechanism.edit', async (tx) => {
    const row = await getMechanism(tx, id)
    tx.must('mechanism.write', row.ownerPath)
    checkSettings(row.engine, input.name, input.settings)
    if (row.version !== version) throw coreFail('stale')
    const { reason, ...edit } = input
    await updateMechanism(tx, id, version, edit)
    tx.record({
      subject: { kind: 'unit', id: row.owner_id },
      path: row.ownerPath,
      change: {
        mechanism: id,
        name: [row.name, input.name],
        settings: [row.settings, input.settings],
        validTo: [row.valid_to, input.validTo],
      },
      reason,
    })
    return { id, version: version + 1 }
  })
