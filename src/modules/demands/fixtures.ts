// Shared by the tests of this module: a demand brought to where a test begins, and mechanisms with other settings.
import { insertMechanisms } from '#modules/mechanisms/index.ts'
import type { Asker, World } from '../../../test/harness.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** Plants a mechanism of this engine with the given settings. */
export const plantMechanism = (world: World, id: string, settings: Record<string, unknown>) =>
  world.write((tx) =>
    insertMechanisms(tx, [
      {
        id,
        name: id,
        engine: 'demands',
        catalogueId: null,
        ownerId: world.unit['O'] as string,
        validFrom: '2021-01-01',
        validTo: null,
        settings,
      },
    ]),
  )

export interface Cast {
  secretary: Asker
  organiser: Asker
  desk: Asker
  caller: Asker
  handler: Asker
}

export async function castOf(world: World): Promise<Cast> {
  const [secretary, organiser, desk, caller, handler] = await Promise.all([
    world.someone('community-secretary', 'OC11'),
    world.someone('street-organiser', 'OS1'),
    world.someone('district-desk', 'O'),
    world.someone('caller', 'D'),
    world.someone('department-handler', 'CITY'),
  ])
  return { secretary, organiser, desk, caller, handler }
}

type Opening = {
  place?: string
  category?: string
  mechanismId?: string
  words?: string
  report?: boolean
  aboutId?: string | undefined
}

export async function open(world: World, by: Asker, o: Opening = {}): Promise<string> {
  const { place = 'E111', category = 'facility', mechanismId = '365-service', words = '三号楼路灯不亮', ...more } = o
  const answer = await by.post('/demands', {
    mechanismId,
    placeId: world.unit[place],
    category,
    words,
    contact: { name: '林小满', phone: '13812345678' },
    ...more,
  })
  if (answer.status !== 201) throw new Error(`opening: ${JSON.stringify(answer.body)}`)
  return answer.body['id'] as string
}

/** Every step must be answered 2xx, so that a test fails where it goes wrong. */
export async function done(asked: Promise<{ status: number; body: Record<string, any> }>) {
  const answer = await asked
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

export const dispatched = async (world: World, by: Asker, lead = 'C11', o: Opening = {}) => {
  const id = await open(world, by, o)
  await done(by.post(`/demands/${id}/dispatch`, { leadId: world.unit[lead] }))
  return id
}

export async function answered(world: World, cast: Cast, o: Opening & { answer?: Record<string, unknown> } = {}) {
  const { answer = {}, ...rest } = o
  const id = await dispatched(world, cast.secretary, 'C11', rest)
  await done(cast.secretary.post(`/demands/${id}/signature`))
  await done(cast.secretary.post(`/demands/${id}/answer`, { answer: '已经更换灯具。', ...answer }))
  return id
}

export async function calledBack(
  world: World,
  cast: Cast,
  said: { outcome: string; satisfaction: string },
  o: Opening = {},
) {
  const id = await answered(world, cast, o)
  await done(cast.caller.post(`/demands/${id}/callbacks`, { reached: true, ...said }))
  return id
}

/** `district-number` as printed on the plate of a place. */
export async function plateOf(world: World, short: string): Promise<string> {
  const { no } = await world.write((tx) =>
    tx.db
      .selectFrom('unit')
      .select('no')
      .where('district_id', '=', world.district)
      .where('id', '=', world.unit[short] as string)
      .executeTakeFirstOrThrow(),
  )
  return `${world.district}-${no.toString(36)}`
}

/** A resident's demand with its follow-up code. */
export async function raised(
  world: World,
  words = '三号楼路灯不亮',
  into: { mechanism?: string; category: string } = { category: 'facility' },
): Promise<{ id: string; code: string }> {
  const answer = await done(
    world.nobody.post('/raised-demands', {
      place: await plateOf(world, 'E111'),
      ...into,
      words,
      contact: { name: '周明', phone: '13912345678' },
      consent: true,
    }),
  )
  const { id } = await world.write((tx) =>
    tx.db
      .selectFrom('demand')
      .select('id')
      .where('district_id', '=', world.district)
      .where('no', '=', answer['no'])
      .executeTakeFirstOrThrow(),
  )
  return { id, code: answer['code'] as string }
}
