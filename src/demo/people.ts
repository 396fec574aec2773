// 17,364 members of district and city organs who reported to a community.
import { addDays } from '#core/calendar.ts'
import type { WriteTx } from '#core/context.ts'
import { insertPersons, insertRegistrations, type NewPerson, nameKeys, strokeKey } from '#modules/people/index.ts'
import type { Chance } from './chance.ts'
import type { DemoTree } from './tree.ts'
import { organs, personName } from './words.ts'

export const REPORTED = 17_364

export interface DemoPerson {
  id: string
  community: number
}

/** Invented names with the keys they are found by; names come again, their keys are made once. */
export function naming(luck: Chance) {
  const keys = new Map<string, { pinyin: string; strokeKey: string }>()
  return () => {
    const name = personName(luck.below)
    let known = keys.get(name)
    if (!known) {
      const { pinyin, initials } = nameKeys(name)
      known = { pinyin: [...pinyin, ...initials].join(' '), strokeKey: strokeKey(name) }
      keys.set(name, known)
    }
    return { name, ...known }
  }
}

export async function plantPeople(tx: WriteTx, luck: Chance, tree: DemoTree): Promise<DemoPerson[]> {
  const named = naming(luck)
  const drafts = Array.from(
    { length: REPORTED },
    (): NewPerson => ({
      ...named(),
      sex: luck.often(0.44) ? '2' : '1',
      born: addDays('1962-01-01', luck.below(14_600)),
      politics: '01',
      homeId: tree.committee.id,
      homePath: tree.committee.path,
    }),
  )
  const persons = (await insertPersons(tx, tx.now, drafts)).map((p) => ({
    id: p.id,
    community: luck.below(tree.communities.length),
  }))
  await insertRegistrations(
    tx,
    persons.map((p) => {
      const place = tree.communities[p.community] as DemoTree['communities'][number]
      const reportedOn = addDays('2024-03-01', luck.below(700))
      return {
        personId: p.id,
        placeId: place.id,
        placePath: place.path,
        organ: luck.pick(organs),
        reportedOn,
        confirmedOn: addDays(reportedOn, luck.below(10)),
      }
    }),
  )
  return persons
}
