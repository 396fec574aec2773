// The stage of conformance scenarios: every operation of the API by its id, spoken by accounts of a district made for the play.
import { dayOf } from '#core/calendar.ts'
import { clock } from '#core/clock.ts'
import { newId } from '#core/ids.ts'
import { routes } from '#app.ts'
import { insertRoles } from '#modules/access/index.ts'
import { insertMechanisms, Refused, type Stage, type Voice } from '#modules/mechanisms/index.ts'
import { type Pack, readPack } from '#packs.ts'
import { type Asker, type Base, plantWorld, type World } from './harness.ts'

const operations = new Map(routes.map((r) => [r.operationId, r]))
const everyVerb = () => [
  ...new Set([
    ...routes.map((r) => r.permission).filter((p) => p !== 'public' && p !== 'signed-in'),
    ...readPack('demo')
      .roles.filter((r) => !r.officer)
      .flatMap((r) => r.verbs),
  ]),
]

async function speak(
  voices: Record<Voice, Asker>,
  operation: string,
  input: Parameters<Stage['call']>[1],
  as = 'first',
) {
  const route = operations.get(operation)
  const asker = voices[as as Voice]
  if (!route || !asker) throw new Error(`no operation ${operation} or no voice ${as}`)
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(input.params?.[name] ?? ''))
  const query = new URLSearchParams(input.query).toString()
  const body = route.method === 'GET' ? undefined : (input.body ?? (route.body ? {} : undefined))
  const answer = await asker.call(route.method, query ? `${path}?${query}` : path, body, {
    'idempotency-key': newId(),
    ...(input.version === undefined ? {} : { 'if-match': `"${input.version}"` }),
  })
  if (answer.status >= 300) throw new Refused(operation, answer.status, answer.body)
  return answer.body
}

/** A district with all voices; `mechanism` is planted besides those of the demo pack. */
export async function openStage(
  base: Base,
  mechanism?: { id: string; engine: string; settings: unknown },
): Promise<Stage & { world: World }> {
  const world = await plantWorld(base)
  await world.write(async (tx) => {
    await insertRoles(tx, [{ id: 'stage', name: '试演', officer: null, verbs: everyVerb() }])
    if (mechanism) {
      const settings = mechanism.settings as Pack['mechanisms'][number]['settings']
      await insertMechanisms(tx, [
        {
          ...mechanism,
          name: mechanism.id,
          settings,
          catalogueId: null,
          ownerId: world.unit['O'] as string,
          validFrom: '2020-01-01',
          validTo: null,
        },
      ])
    }
  })
  const voices: Record<Voice, Asker> = {
    first: await world.someone('stage', 'O', { person: true }),
    second: await world.someone('stage', 'O', { person: true }),
    third: await world.someone('stage', 'O', { person: true }),
    handler: await world.someone('department-handler', 'CITY'),
    member: await world.someone('member', 'C11', { register: 'C11' }),
    resident: world.nobody,
  }
  return {
    call: (operation, input, as) => speak(voices, operation, input, as),
    district: world.district,
    today: dayOf(clock.now()),
    unit: world.unit,
    kinds: Object.fromEntries(readPack('demo').kinds.map((k) => [k.id, k.tree])),
    world,
  }
}
