import type { Kysely } from 'kysely'
import { insertMany } from '#core/bulk.ts'
import type { Tx } from '#core/context.ts'
import { type Under, underEdition } from '#core/kept.ts'
import type { DB } from '#core/schema.ts'
import { type EditMechanism, fail, type Mechanism } from './contract.ts'
import type { Engine, SettingsOf } from './engine.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }
type Reader = Conn & Under

const inForce = (tx: Conn, mechanismId: string) =>
  tx.db
    .selectFrom('mechanism')
    .select(['name', 'engine', 'settings', 'version', 'valid_from', 'valid_to'])
    .where('district_id', '=', tx.district)
    .where('id', '=', mechanismId)
    .executeTakeFirst()

const findStored = (tx: Reader, mechanismId: string) =>
  underEdition(tx, ['mechanism', mechanismId], () => inForce(tx, mechanismId))

// Settings are parsed once per stored version; the key holds the version, so an edited mechanism is parsed anew.
const parsed = new Map<string, unknown>()

/**
 * Settings of a mechanism in force on `day`, by its engine's schema.
 * @throws mechanism.not-found, mechanism.wrong-engine, mechanism.not-in-force
 */
export async function getSettings<E extends Engine>(
  tx: Reader,
  engine: E,
  mechanismId: string,
  day: string,
): Promise<SettingsOf<E>> {
  const row = await findStored(tx, mechanismId)
  if (!row) throw fail('not-found')
  if (row.engine !== engine.name) throw fail('wrong-engine', { name: row.name })
  if (day < row.valid_from || day >= row.valid_to) throw fail('not-in-force', { name: row.name, day })
  const key = `${tx.district} ${mechanismId} ${row.version}`
  if (!parsed.has(key)) parsed.set(key, engine.settings.parse(row.settings))
  return parsed.get(key) as SettingsOf<E>
}

/** Mechanisms are the district's public order: whoever holds mechanism.read anywhere may read all of them. */
const withOwner = (tx: Tx) =>
  tx.db
    .selectFrom('mechanism as m')
    .innerJoin('unit as u', (j) => j.onRef('u.district_id', '=', 'm.district_id').onRef('u.id', '=', 'm.owner_id'))
    .where('m.district_id', '=', tx.district)
    .selectAll('m')
    .select(['u.name as ownerName', 'u.path as ownerPath'])

export const findMechanisms = (tx: Tx) => withOwner(tx).orderBy('m.engine').orderBy('m.id').execute()

/** @throws mechanism.not-found */
export async function getMechanism(tx: Tx, mechanismId: string) {
  const row = await withOwner(tx).where('m.id', '=', mechanismId).forUpdate('m').executeTakeFirst()
  if (!row) throw fail('not-found')
  return row
}

export const updateMechanism = (tx: Conn, mechanismId: string, version: number, edit: Omit<EditMechanism, 'reason'>) =>
  tx.db
    .updateTable('mechanism')
    .set({
      name: edit.name,
      settings: JSON.stringify(edit.settings),
      valid_to: edit.validTo ?? 'infinity',
      version: version + 1,
    })
    .where('district_id', '=', tx.district)
    .where('id', '=', mechanismId)
    .where('version', '=', version)
    .executeTakeFirst()

export const insertMechanisms = (tx: Conn, rows: readonly Mechanism[]) =>
  insertMany(
    tx.db,
    'mechanism',
    rows.map((m) => ({
      district_id: tx.district,
      id: m.id,
      name: m.name,
      engine: m.engine,
      catalogue_id: m.catalogueId,
      settings: m.settings,
      owner_id: m.ownerId,
      valid_from: m.validFrom,
      valid_to: m.validTo ?? 'infinity',
      version: 1,
    })),
  )
