// Districts are reference rows; only the owner of the database makes one.
import pg from 'pg'
import { LANES } from './history.ts'

export interface NewDistrict {
  id: number
  /** Six-digit division code (GB/T 2260). */
  code: string
  name: string
  pack: string
  settings: Record<string, unknown>
}

/** Makes a district and the heads of its history chains. @throws when id or code is taken */
export async function createDistrict(ownerUrl: string, district: NewDistrict): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`set local app.district = ${district.id | 0}`)
    await client.query('insert into district (id, code, name, pack, settings) values ($1, $2, $3, $4, $5)', [
      district.id,
      district.code,
      district.name,
      district.pack,
      JSON.stringify(district.settings),
    ])
    await client.query(
      `insert into history_head (district_id, lane, hash)
       select $1::int, lane, sha256(convert_to('jishi:' || $1::int || ':' || lane, 'UTF8')) from generate_series(0, $2::int - 1) lane`,
      [district.id, LANES],
    )
    await client.query('commit')
  } finally {
    await client.end()
  }
}
