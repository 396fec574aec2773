// Who asks: a token from the environment, or the one that `jishi login` put away for this user alone.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandSettings } from '#core/config.ts'
import { CommandError, EXIT } from './answer.ts'
import { type Api, newApi } from './api.ts'

const DEFAULT_URL = 'http://localhost:3000'

interface Kept {
  url: string
  token: string
  expiresAt: string
}

const fileOf = () => join(commandSettings().configFolder, 'session.json')

function readKept(): Kept | undefined {
  const file = fileOf()
  if (!existsSync(file)) return undefined
  if (statSync(file).mode & 0o077)
    throw new CommandError(`${file} 可被其他用户读取，请执行 chmod 600 ${file} 后重新登录。`, EXIT.unauthenticated)
  return JSON.parse(readFileSync(file, 'utf8')) as Kept
}

export function keep(session: Kept): string {
  const file = fileOf()
  mkdirSync(commandSettings().configFolder, { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, `${JSON.stringify(session, null, 2)}\n`, { mode: 0o600 })
  chmodSync(`${file}.new`, 0o600)
  renameSync(`${file}.new`, file)
  return file
}

export const forget = () => rmSync(fileOf(), { force: true })

/** The server to ask, and as whom. A kept token goes only to the server that gave it. */
export function openApi(url: string | undefined): Api {
  const given = commandSettings()
  const kept = given.token ? undefined : readKept()
  const target = url ?? given.url ?? kept?.url ?? DEFAULT_URL
  const same = kept && new URL(kept.url).origin === new URL(target).origin
  return newApi(target, given.token ?? (same ? kept.token : undefined))
}
