import type { Context, Tx, WriteTx } from '#core/context.ts'
import type { TimelineEntry } from '#core/contract.ts'
import { fail as coreFail } from '#core/errors.ts'
import { newId } from '#core/ids.ts'
import { findUnit } from '#modules/units/index.ts'
import { type Code, education, nameOfCode, nations, politics, sexes } from '../codes.ts'
import {
  type CreatePerson,
  type EditPerson,
  fail,
  type ListPersonsQuery,
  type PersonPage,
  type PersonRow,
} from '../contract.ts'
import { purposes } from '../privacy.ts'
import { rightsOf } from '../rights.ts'
import { ADDRESS_MASK, masked, openSecret, sealSecrets } from '../sealed.ts'
import {
  countHeld,
  endless,
  findDeeds,
  findGroup,
  findMemberOn,
  findMemberships,
  findMergesInto,
  findOwnPerson,
  findPersons,
  findPosts,
  findReadings,
  findRegistrationsOf,
  findStandings,
  getPerson,
  insertPersons,
  type PersonRecord,
  updatePerson,
  wishedRanges,
} from '../store.ts'
import {
  checkCodes,
  clashOf,
  contradictions,
  factsOf,
  keysOfName,
  onceMore,
  personVerbs,
  presentRow,
  cleanse,
  unitFor,
} from './shared.ts'

/** Puts a person on record at `home`; the verb was checked by the caller. */
export async function plantPerson(
  tx: WriteTx,
  written: Omit<CreatePerson, 'homeId'>,
  home: { id: string; path: string },
  where = '',
): Promise<string> {
  const input = cleanse(written, tx.today, where)
  checkCodes(input)
  const id = newId()
  const idClash = await clashOf(tx, input.idNumber)
  await insertPersons(tx, tx.now, [
    {
      id,
      name: input.name,
      ...factsOf(input),
      ...keysOfName(input.name),
      nation: input.nation ?? null,
      politics: input.politics ?? '13',
      education: input.education ?? null,
      occupation: input.occupation ?? '',
      joined: input.joined ?? null,
      fullSince: input.fullSince ?? null,
      homeId: home.id,
      homePath: home.path,
      sealed: sealSecrets(tx.vault, id, input),
      idClash,
    },
  ])
  return id
}

/** Puts a person on record. Whether a number is known outside the asker's sight is not told. [AZ-27, CO-09] */
export const createPerson = (ctx: Context, input: CreatePerson): Promise<{ id: string }> =>
  onceMore(() =>
    ctx.write('person.write', 'person.create', async (tx) => {
      const home = await unitFor(tx, 'person.write', input.homeId)
      const id = await plantPerson(tx, input, home)
      tx.record({ subject: { kind: 'person', id }, path: home.path, change: { name: [null, input.name] } })
      return { id }
    }),
  )

export const listPersons = (ctx: Context, query: ListPersonsQuery): Promise<{ rows: PersonRow[]; total: number }> =>
  ctx.read('person.read', async (tx) => {
    const { rows, total } = await findPersons(tx, query, await wishedRanges(tx, 'person.read', query.unit))
    return { rows: rows.map((row) => presentRow(tx, row)), total }
  })

const tables: Readonly<Record<string, readonly Code[]>> = { nation: nations, politics, education, sex: sexes }

/** Codes of a change by their names, as the page shows them. */
const inWords = (entry: TimelineEntry): TimelineEntry => ({
  ...entry,
  change: Object.fromEntries(
    Object.entries(entry.change).map(([field, pair]) => {
      const table = tables[field]
      return [field, table && Array.isArray(pair) ? pair.map((c) => nameOfCode(table, c) ?? c) : pair]
    }),
  ),
})

async function pageOf(tx: Tx, row: PersonRecord): Promise<PersonPage> {
  const group = (await findGroup(tx, row.id)).map((g) => g.id)
  const home = row.home_id ? await findUnit(tx, row.home_id) : undefined
  const memberships = await findMemberships(tx, group)
  const posts = await findPosts(tx, group)
  const standings = await findStandings(tx, group)
  const registrations = await findRegistrationsOf(tx, group)
  const member = await findMemberOn(tx, row.id, tx.today)
  return {
    person: {
      id: row.id,
      name: row.name,
      sex: row.sex as '0',
      born: row.born,
      nation: row.nation,
      nationName: row.nation && (nameOfCode(nations, row.nation) ?? null),
      politics: row.politics,
      politicsName: nameOfCode(politics, row.politics) ?? row.politics,
      education: row.education,
      educationName: row.education && (nameOfCode(education, row.education) ?? null),
      occupation: row.occupation,
      joined: row.joined,
      fullSince: row.full_since,
      ...masked(tx.vault, row),
      address: row.address_sealed && ADDRESS_MASK,
      home: home ? { id: home.id, name: home.name } : null,
      version: row.version,
      can: tx.allowed(personVerbs, row.home_path),
    },
    memberships: memberships.map(({ personId: _, unitPath: __, ...m }) => ({ ...m, to: endless(m.to) })),
    posts: posts.map(({ personId: _, unitPath: __, ...p }) => ({ ...p, to: endless(p.to) })),
    standings: standings.map(({ personId: _, ...s }) => ({ ...s, to: endless(s.to) })),
    rights: member ? rightsOf(member.status, member.standings) : null,
    registrations: registrations.map(({ id, placeId, placeName, organ, reportedOn, confirmedOn, endedOn }) => ({
      id,
      placeId,
      placeName,
      organ,
      reportedOn,
      confirmedOn,
      endedOn,
    })),
    merged: await findMergesInto(tx, row.id),
    held: await countHeld(tx, group),
    purposes: [...purposes],
    readings: await findReadings(tx, group),
    changes: (await findDeeds(tx, group)).map(inWords).toReversed(),
  }
}

/** A person's page: what is held, why, and who read it. Opening it is itself a reading and is kept. [A-40, PRV-01] */
export const readPerson = (ctx: Context, id: string): Promise<PersonPage> =>
  ctx.write('person.read', 'person.read', async (tx) => {
    const row = await getPerson(tx, id)
    tx.record({ subject: { kind: 'person', id: row.id }, path: row.home_path })
    return pageOf(tx, row)
  })

/** What is held about me, unmasked, and who read it. [A-47, PRV-03] */
export const readMyPerson = (ctx: Context): Promise<PersonPage> =>
  ctx.write(null, 'person.read', async (tx) => {
    const row = await findOwnPerson(tx)
    if (!row) throw fail('no-person')
    tx.record({ subject: { kind: 'person', id: row.id }, path: row.home_path, change: { field: 'own' } })
    const page = await pageOf(tx, row)
    const secret = (field: 'id-number' | 'phone' | 'address', sealed: Buffer | null) =>
      openSecret(tx.vault, row.id, field, sealed)
    return {
      ...page,
      person: {
        ...page.person,
        idNumber: secret('id-number', row.id_sealed),
        phone: secret('phone', row.phone_sealed),
        address: secret('address', row.address_sealed),
      },
    }
  })

type Change = Record<string, [unknown, unknown]>

/** Before → after of what changes; sealed fields are named and never shown. */
function changeOf(row: PersonRecord, set: Record<string, unknown>, sealed: readonly string[]): Change {
  const plain = Object.entries(set).filter(([k, v]) => row[k as keyof PersonRecord] !== v)
  const shown = plain
    .filter(([k]) => !/_(sealed|index|tail|key)$|^pinyin$/.test(k))
    .map(([k, v]) => [k, [row[k as keyof PersonRecord], v]])
  return { ...Object.fromEntries(shown), ...Object.fromEntries(sealed.map((k) => [k, [null, null]])) } as Change
}

/** What the number on record says is not typed over. [2.1] */
function keepToNumber(tx: Tx, row: PersonRecord, input: EditPerson) {
  const held = input.idNumber === undefined ? openSecret(tx.vault, row.id, 'id-number', row.id_sealed) : null
  const fields = held ? contradictions(input, held) : []
  if (fields.length > 0)
    throw coreFail(
      'invalid',
      {},
      fields.map((path) => ({ path, code: 'contradicts-id' })),
    )
}

async function editedColumns(tx: Tx, row: PersonRecord, written: EditPerson) {
  const input = cleanse(written, tx.today)
  checkCodes(input)
  keepToNumber(tx, row, input)
  const given = <K extends string, V>(column: K, value: V | undefined) =>
    value === undefined ? {} : ({ [column]: value } as Record<K, V>)
  const facts = input.idNumber ? factsOf({ idNumber: input.idNumber }) : { born: input.born, sex: input.sex }
  return {
    ...(input.name === undefined
      ? {}
      : { name: input.name, pinyin: keysOfName(input.name).pinyin, stroke_key: keysOfName(input.name).strokeKey }),
    ...given('born', facts.born),
    ...given('sex', facts.sex),
    ...given('nation', input.nation),
    ...given('politics', input.politics),
    ...given('education', input.education),
    ...given('occupation', input.occupation),
    ...given('joined', input.joined),
    ...given('full_since', input.fullSince),
    ...sealSecrets(tx.vault, row.id, input),
    ...(input.idNumber === undefined ? {} : { id_clash: await clashOf(tx, input.idNumber, row.id) }),
  }
}

/** Changes what is given. Nobody overwrites what somebody else has changed in between. [CO-07] */
export const editPerson = (
  ctx: Context,
  id: string,
  version: number,
  input: EditPerson,
): Promise<{ id: string; version: number }> =>
  onceMore(() =>
    ctx.write('person.write', 'person.edit', async (tx) => {
      const row = await getPerson(tx, id, { lock: true })
      tx.must('person.write', row.home_path)
      if (row.version !== version) throw coreFail('stale')
      const set = await editedColumns(tx, row, input)
      if (!(await updatePerson(tx, row, set))) throw coreFail('stale')
      const sealed = (['idNumber', 'phone', 'address'] as const).filter((f) => input[f] !== undefined)
      tx.record({
        subject: { kind: 'person', id: row.id },
        path: row.home_path,
        reason: input.reason,
        change: changeOf(row, set, sealed),
      })
      return { id: row.id, version: version + 1 }
    }),
  )
