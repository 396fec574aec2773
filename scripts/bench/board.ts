// The board page: a unit's subtree, open states, by deadline, with the exact total.
import { call, drive } from './load.ts'
import { DISTRICT, fill, type Stage } from './stage.ts'

const CROWD = 14_400

/** A community where everything stays in hand: many rows of one place between a page and its order. */
async function crowd(stage: Stage, { id, path }: { id: string; path: string }) {
  await stage.owner.query(
    `insert into demand (district_id, id, mechanism_id, channel, category, grade, title, words_sealed, place_id, place_path, owner_id, owner_path, state, due_at, respond_due_at, resolve_due_at, opened_at, opened_on)
     select $1, gen_random_uuid(), '365-service', 'secretary', 'care', 'normal', '在办诉求' || n, decode(repeat('ab', 120), 'hex'), $2, $3, $2, $3, 'signed',
       t + interval '1 day', t + interval '1 day', t + interval '7 days', t, (t at time zone 'Asia/Shanghai')::date
     from (select n, now() - n * interval '1 second' as t from generate_series(1, $4::int) n) s`,
    [DISTRICT, id, path, CROWD],
  )
  await stage.owner.query('vacuum analyze demand')
}

export async function benchBoard(stage: Stage, stored: number) {
  await fill(stage, stored)
  const crowded = stage.tree.communities[1] as Stage['tree']['communities'][number]
  await crowd(stage, crowded)
  const street = stage.tree.streets[0] as Stage['tree']['streets'][number]
  const community = stage.tree.communities[0] as Stage['tree']['communities'][number]
  const estate = stage.tree.estates[0] as Stage['tree']['estates'][number]
  const rows = []
  for (const [level, unit] of [
    ['区', stage.tree.district.id],
    ['街道', street.place],
    ['社区', community.id],
    ['拥挤的社区', crowded.id],
    ['小区', estate.id],
  ] as const) {
    for (const [what, state] of [
      ['在办', '&state=registered,dispatched,signed'],
      ['全部', ''],
    ] as const) {
      const ask = () => call<{ total: number }>(stage.base, stage.caller, `GET /demands?unit=${unit}${state}&limit=50`)
      const { total } = await ask()
      const ran = await drive(4, 4, async () => void (await ask()))
      rows.push({ level, what, total, p50: ran.p50, p99: ran.p99, rate: ran.rate, errors: ran.errors })
    }
  }
  return rows
}
