// How long after a write the number is right: a demand through the product's door, and many records at once beside it.
import { newId } from '#core/ids.ts'
import { call } from '../load.ts'
import { DISTRICT } from '../stage.ts'
import { ask, type Hall } from './hall.ts'
import { timed } from './questions.ts'

const valueOf = async (hall: Hall, measures: string) => {
  const { figures } = await ask<{ figures: { value: number }[] }>(hall, 'keeper', { unit: hall.root, measures })
  return figures[0]?.value ?? 0
}

/** Until `measure` says at least so much. */
async function until(hall: Hall, measure: string, value: number) {
  while ((await valueOf(hall, measure)) < value);
}

/** From the acknowledged write to the right number at the root. */
export async function timeWrites(hall: Hall, times: number): Promise<number[]> {
  const leaves = hall.units.filter((u) => u.depth === 8)
  let at = 0
  let known = await valueOf(hall, 'demands.raised')
  const taken: number[] = []
  for (let i = 0; i < times; i++) {
    const placeId = leaves[(at += 97) % leaves.length]?.id
    await call(hall.base, hall.askers.keeper, 'POST /demands', {
      mechanismId: '365-service',
      placeId,
      category: 'care',
      words: '楼道灯坏了。',
    })
    known++
    taken.push(...(await timed(() => until(hall, 'demands.raised', known), 1)))
  }
  return taken.toSorted((a, b) => a - b)
}

/** So many claims written at one stroke, with their marks, as an import does. */
export async function writeClaims(hall: Hall, count: number) {
  await hall.pool.query(
    `insert into claim (district_id, id, task_id, person_id, place_id, place_path, state, claimed_at, claimed_on)
     select $1, gen_random_uuid(), t.id, p.id, t.place_id, t.place_path, 'submitted', now(), current_date - (n % 700)::int
     from generate_series(1, $2::int) n
       join (select id, place_id, place_path, row_number() over (order by id) as i, count(*) over () as c from task where district_id = $1) t on t.i = 1 + (n + $3::int) * 7919::bigint % t.c
       join person p on p.district_id = $1 and p.no = 1 + (n + $3::int) * 104729::bigint % (select count(*) from person where district_id = $1)
     on conflict do nothing`,
    [DISTRICT, count, Math.floor(Math.random() * 100_000)],
  )
}

/** A street's community moves to another street. */
export async function moveUnit(hall: Hall) {
  const { reorganiseUnits } = await import('#modules/units/actions/change.ts')
  const streets = hall.units.filter((u) => u.depth === 2)
  const community = hall.units.find((u) => u.depth === 3 && u.path.startsWith(streets[0]?.path ?? '-'))
  await reorganiseUnits(hall.ctx, {
    effectiveOn: '2026-11-01',
    reason: newId(),
    operations: [{ op: 'move', unitId: community?.id as string, parentId: streets[1]?.id as string }],
  })
}
