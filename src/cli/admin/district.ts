// A new district from a pack: its roots, roles and mechanisms, and the three officers who let everybody else in.
import { randomInt } from 'node:crypto'
import { engines } from '#app.ts'
import { Context, system, type WriteTx } from '#core/context.ts'
import { hashPassword, totpSecret } from '#core/crypto.ts'
import { createDistrict } from '#core/district.ts'
import { newId } from '#core/ids.ts'
import { StartError } from '#core/start-error.ts'
import { insertAccounts, insertRoles } from '#modules/access/index.ts'
import { writeAbout } from '#modules/feedback/index.ts'
import { checkSettings, insertMechanisms } from '#modules/mechanisms/index.ts'
import { insertLinks, insertUnits } from '#modules/units/index.ts'
import { type Pack, readPack } from '#packs.ts'
import { groundOf } from './ground.ts'
import type { OpenPlace } from './place.ts'

export interface NewDistrict {
  code: string
  name: string
  pack: string
}

export interface Officer {
  login: string
  role: string
  password: string
  totp: string
}

const letters = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'
const newPassword = () =>
  `${Array.from({ length: 16 }, () => letters[randomInt(letters.length)]).join('')}-${randomInt(10)}a`

async function plantRoots(tx: WriteTx, pack: Pack, name: string): Promise<string> {
  const place = newId()
  const org = newId()
  const openedOn = tx.today
  await insertUnits(tx, [
    { id: place, tree: 'place', kind: 'district', name, parentId: null, openedOn },
    { id: org, tree: 'org', kind: 'committee', name: `中共${name}委员会`, parentId: null, openedOn },
  ])
  await insertLinks(tx, [{ kind: 'serves', fromId: org, toId: place, validFrom: openedOn }])
  await insertRoles(tx, pack.roles)
  await insertMechanisms(
    tx,
    pack.mechanisms.map(({ owner: _, ...m }) => ({ ...m, ownerId: org })),
  )
  await writeAbout(tx, 0, pack.about)
  tx.record({ subject: { kind: 'district', id: place }, path: '', change: { pack: pack.name } })
  return org
}

async function plantOfficers(tx: WriteTx, pack: Pack, org: string): Promise<Officer[]> {
  const made: Officer[] = []
  for (const role of pack.roles.filter((r) => r.officer !== null)) {
    const id = newId()
    const officer = { login: String(role.officer), role: role.name, password: newPassword(), totp: totpSecret() }
    const passwordHash = await hashPassword(officer.password, { privileged: true })
    const totpSealed = tx.vault.seal(`account.totp:${id}`, officer.totp)
    const mandates = [{ roleId: role.id, unitId: org, officer: role.officer }]
    await insertAccounts(tx, tx.now, [
      {
        id,
        login: officer.login,
        name: role.name,
        personId: null,
        passwordHash,
        totpSealed,
        mustChange: true,
        mandates,
      },
    ])
    made.push(officer)
  }
  return made
}

/** @throws StartError when the code or the pack is not usable */
export async function makeDistrict(
  { ownerUrl, database, folder }: OpenPlace,
  { code, name, pack: packName }: NewDistrict,
): Promise<{ id: number; officers: Officer[] }> {
  const pack = readPack(packName)
  if (engines.length === 0) throw new Error('no engine is registered')
  for (const m of pack.mechanisms) checkSettings(m.engine, m.name, m.settings)
  const known = await database.bare<{ id: number; code: string }>('select id, code from district order by id')
  if (known.some((d) => d.code === code))
    throw new StartError(`区划代码 ${code} 已有区县。`, 'a district with this code exists')
  const id = Math.max(0, ...known.map((d) => d.id)) + 1
  await createDistrict(ownerUrl, {
    id,
    code,
    name,
    pack: pack.name,
    settings: { kinds: pack.kinds, reports: pack.reports, overview: pack.overview },
  })
  const ground = groundOf({ database, folder })
  const ctx = new Context(ground, { token: null, requestId: newId(), address: '' }, { district: id, actor: system })
  const officers = await ctx.write(null, 'district.create', async (tx) =>
    plantOfficers(tx, pack, await plantRoots(tx, pack, name)),
  )
  return { id, officers }
}
