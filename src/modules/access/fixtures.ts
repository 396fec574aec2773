// Helpers of the tests in this folder: time travel, codes, accounts that go the real way in.
import { generate } from 'otplib'
import { clock } from '#core/clock.ts'
import { type Asker, Asker as Caller, type Base, type World } from '../../../test/harness.ts'

export const PASSWORD = 'Qingshi-Huang7-Ye'

export const minutes = (n: number) => n * 60_000
export const hours = (n: number) => minutes(60 * n)
export const days = (n: number) => hours(24 * n)

let shift = 0
/** Moves the clock on, for everything the server does from now on. */
export const later = (millis: number) => {
  shift += millis
  clock.shiftForTest(shift)
}
/** To the present again, between tests. */
export const now = () => {
  shift = 0
  clock.shiftForTest(0)
}

/** The code an authenticator shows, at the moved clock. */
export const codeOf = (secret: string) => generate({ secret, epoch: Math.floor(clock.millis() / 1000) })

export const withToken = (base: Base, token: string, more: { accountId?: string } = {}) =>
  new Caller(base.server, { token, ...more })

export interface Officers {
  system: Asker
  security: Asker
  audit: Asker
}

/** The three officers of the whole district: the root organisation serves the root place. */
export const officersOf = async (world: World): Promise<Officers> => ({
  system: await world.someone('system-officer', 'O'),
  security: await world.someone('security-officer', 'O'),
  audit: await world.someone('audit-officer', 'O'),
})

export interface Known {
  accountId: string
  login: string
  password: string
  secret: string | null
  token: string
}

let count = 0

/** An account made by the officers and accepted by its holder, with the roles given before the acceptance. */
export async function newcomer(
  world: World,
  officers: Officers,
  roles: [role: string, unit: string][] = [],
): Promise<Known> {
  const login = `holder${++count}`
  const made = await officers.system.post('/accounts', { login, name: '沈知夏', unitId: world.unit['C11'] })
  const accountId = made.body['accountId'] as string
  for (const [role, unit] of roles) {
    const given = await officers.security.post('/mandates', {
      accountId,
      role,
      unitId: world.unit[unit],
      reason: '岗位需要',
    })
    if (given.status !== 201) throw new Error(`${role}@${unit}: ${JSON.stringify(given.body)}`)
  }
  const opened = await world.nobody.post('/invitations/opening', { token: made.body['token'] })
  const secret = (opened.body['enrolment']?.secret as string | undefined) ?? null
  const code = secret ? { code: await codeOf(secret) } : {}
  const accepted = await world.nobody.post('/invitations/acceptance', {
    token: made.body['token'],
    password: PASSWORD,
    ...code,
  })
  return { accountId, login, password: PASSWORD, secret, token: accepted.body['token'] as string }
}
