// What a backup says about itself, taken at the moment it stands at.
import type pg from 'pg'

export interface Manifest {
  format: 1
  madeAt: string
  /** Name of the moment in the log that the restored cluster stands at. */
  moment: string
  tables: Record<string, number>
  heads: { district: number; lane: number; seq: number; hash: string }[]
  /** Tells whether the keys at hand are the ones this data was sealed with. */
  keys: { current: number; fingerprint: string }
}

export const MANIFEST = 'manifest.json'

export const tablesOf = async (client: pg.Client) =>
  (
    await client.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public' order by 1",
    )
  ).rows.map((r) => r.name)

/** Rows of every table, as one snapshot sees them. */
export async function countRows(client: pg.Client): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const name of await tablesOf(client)) {
    counts[name] = Number(
      (await client.query<{ n: string }>(`select count(*) as n from ${client.escapeIdentifier(name)}`)).rows[0]?.n,
    )
  }
  return counts
}

export const headsOf = async (client: pg.Client): Promise<Manifest['heads']> =>
  (
    await client.query(
      "select district_id as district, lane, seq::int, encode(hash, 'hex') as hash from history_head order by 1, 2",
    )
  ).rows
