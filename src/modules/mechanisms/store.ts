import type { Kysely } from 'kysely'
import type { z } from 'zod'
import { insertMany } from '#core/bulk.ts'
import type { DB } from '#core/schema.ts'
import { fail, type Mechanism } from './contract.ts'

type Conn = { readonly db: Kysely<DB>; readonly district: number }

/** The part every engine publishes: its name and the schema of its settings. */
export interface Engine<S extends z.ZodType = z.ZodType> {
  name: string
  settings: S
}

// Settings are parsed once per stored version; the key holds the version, so an edited mechanism is parsed anew.
const parsed = new Map<string, unknown>()

/**
 * Settings of a mechanism in force on `day`, by its engine's schema.
 * @throws mechanism.not-found, mechanism.wrong-engine, mechanism.not-in-force
 */
export async function getSettings<S extends z.ZodType>(tx: Conn, engine: Engine<S>, mechanismId: string, day: string): Promise<z.output<S>> {
  const row = await tx.db
    .selectFrom('mechanism')
    .select(['name', 'engine', 'settings', 'version', 'valid_from', 'valid_to'])
    .where('district_id', '=', tx.district)
    .where('id', '=', mechanismId)
    .executeTakeFirst()
  if (!row) throw fail('not-found')
  if (row.engine !== engine.name) throw fail('wrong-engine', { name: row.name })
  if (day < row.valid_from || day >= row.valid_to) throw fail('not-in-force', { name: row.name, day })
  const key = `${tx.district} ${mechanismId} ${row.version} ${JSON.stringify(row.settings).length}`
  if (!parsed.has(key)) parsed.set(key, engine.settings.parse(row.settings))
  return parsed.get(key) as z.output<S>
}

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
