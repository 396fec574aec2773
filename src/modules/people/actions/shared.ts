import type { Tx } from '#core/context.ts'
import { fail as coreFail } from '#core/errors.ts'
import { findKinds, getUnitFor, type UnitNow } from '#modules/units/index.ts'
import { type Code, education, nameOfCode, nations, politics } from '../codes.ts'
import { type CreatePerson, fail, type PersonRow, verbs } from '../contract.ts'
import { hasUnknownStrokes, nameKeys, strokeKey } from '../names.ts'
import {
  checkIdNumber,
  checkName,
  checkPhone,
  idFacts,
  normaliseCode,
  normaliseName,
  normalisePhone,
} from '../rules.ts'
import { masked } from '../sealed.ts'
import { findByIdIndex, type PersonListed } from '../store.ts'

export const personVerbs = verbs.filter((v) => v.startsWith('person.'))
export const registrationVerbs = verbs.filter((v) => v.startsWith('registration.'))

/** The unit a use case acts at, open today. @throws unit.not-found, core.forbidden, person.unit-closed */
export async function unitFor(tx: Tx, verb: string, unitId: string): Promise<UnitNow> {
  const unit = await getUnitFor(tx, verb, unitId)
  if (unit.closedOn && unit.closedOn <= tx.today) throw fail('unit-closed', { unit: unit.name, day: unit.closedOn })
  return unit
}

/** As `unitFor`, for ties that only a Party organisation may have. */
export async function organisationFor(tx: Tx, verb: string, unitId: string): Promise<UnitNow> {
  const unit = await unitFor(tx, verb, unitId)
  const kind = (await findKinds(tx)).get(unit.kind)
  if (!kind?.partyOrg) throw fail('not-an-organisation', { unit: unit.name })
  return unit
}

export const keysOfName = (name: string) => {
  const keys = nameKeys(name)
  return { pinyin: [...keys.pinyin, ...keys.initials].join(' '), strokeKey: strokeKey(name) }
}

const codeTables: [field: 'nation' | 'politics' | 'education', codes: readonly Code[], table: string][] = [
  ['nation', nations, '民族'],
  ['politics', politics, '政治面貌'],
  ['education', education, '学历'],
]

export function checkCodes(input: {
  nation?: string | null | undefined
  politics?: string | undefined
  education?: string | null | undefined
}) {
  for (const [field, codes, table] of codeTables) {
    const value = input[field]
    if (value && nameOfCode(codes, value) === undefined) throw fail('unknown-code', { value, table })
  }
}

interface Written {
  name?: string | undefined
  born?: string | undefined
  sex?: string | undefined
  idNumber?: string | null | undefined
  phone?: string | null | undefined
}

const isName = (name: string) => checkName(name) === null || /^\p{Script=Latin}[\p{Script=Latin} .'-]+$/u.test(name)

/** What was typed beside a valid number and says otherwise; one of the two is a slip, and only who typed it knows which. (IN-11) */
export function contradictions({ born, sex }: Written, idNumber: string): string[] {
  const said = idFacts(idNumber)
  return [
    ...(born !== undefined && born !== said.born ? ['born'] : []),
    ...(sex !== undefined && sex !== '0' && sex !== said.sex ? ['sex'] : []),
  ]
}

/** One spelling of name, number and phone, judged by the national rules; every fault with its path. [2.1] */
export function cleanse<T extends Written>(input: T, today: string, where = ''): T {
  const name = input.name === undefined ? undefined : normaliseName(input.name)
  const idNumber = input.idNumber ? normaliseCode(input.idNumber) : input.idNumber
  const phone = input.phone ? normalisePhone(input.phone) : input.phone
  const wrongId = Boolean(idNumber && checkIdNumber(idNumber, today))
  const faults = [
    name !== undefined && !isName(name) ? ['name', 'person-name'] : null,
    wrongId ? ['idNumber', 'id-number'] : null,
    ...(idNumber && !wrongId ? contradictions(input, idNumber) : []).map((field) => [field, 'contradicts-id']),
    phone && checkPhone(phone) ? ['phone', 'phone'] : null,
  ]
  const issues = faults.flatMap((f) => (f ? [{ path: `${where}${f[0]}`, code: f[1] as string }] : []))
  if (issues.length > 0) throw coreFail('invalid', {}, issues)
  return {
    ...input,
    ...(name === undefined ? {} : { name }),
    ...(idNumber === undefined ? {} : { idNumber }),
    ...(phone === undefined ? {} : { phone }),
  }
}

/** What a valid number says is not typed again. */
export const factsOf = (input: Pick<CreatePerson, 'idNumber' | 'born' | 'sex'>) =>
  input.idNumber ? idFacts(input.idNumber) : { born: input.born ?? null, sex: input.sex ?? ('0' as const) }

/**
 * True when the number already stands on a row the asker may not see: he is not told (AZ-27), the district desk finds the pair.
 * A row he may see is refused with its name, so he uses it instead. [ID-01]
 */
export async function clashOf(tx: Tx, idNumber: string | null | undefined, except?: string): Promise<boolean> {
  if (!idNumber) return false
  const holders = (await findByIdIndex(tx, tx.vault.blindIndexes('id-number', idNumber))).filter((h) => h.id !== except)
  const seen = holders.find((h) => h.visible)
  if (seen) throw fail('duplicate', { name: seen.name, unit: seen.homeName ?? '' })
  return holders.length > 0
}

/** Two who enter one number at once: the second starts over and then meets the first like anybody else. [CO-09] */
export async function onceMore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'person_id_number') throw error
    return work()
  }
}

export const presentRow = (tx: Tx, row: PersonListed): PersonRow => ({
  id: row.id,
  name: row.name,
  sex: row.sex,
  born: row.born,
  politics: row.politics,
  politicsName: nameOfCode(politics, row.politics) ?? row.politics,
  ...masked(tx.vault, row),
  joined: row.joined,
  home: row.homeId ? { id: row.homeId, name: row.homeName ?? '' } : null,
  branch: row.branch,
  status: row.status,
  registeredAt: row.registeredAt,
  unknownStrokes: hasUnknownStrokes(row.name),
  can: tx.allowed(personVerbs, row.homePath),
})
