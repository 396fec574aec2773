// Argon2id in PHC form. Hashing is memory and CPU by design, so it queues, and the queue ends (A-01: 2 and 50).
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'

export class QueueFull extends Error {}

interface Cost {
  memory: number
  passes: number
  parallelism: number
}

const USUAL: Cost = { memory: 19 * 1024, passes: 2, parallelism: 1 }
const PRIVILEGED: Cost = { memory: 64 * 1024, passes: 3, parallelism: 1 }
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/
// Hashed for accounts that do not exist, so that both answers take equally long.
const NOBODY = `$argon2id$v=19$m=${USUAL.memory},t=${USUAL.passes},p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`

const take = queue(2, 50)

export async function hashPassword(
  password: string,
  { privileged = false }: { privileged?: boolean } = {},
): Promise<string> {
  const cost = privileged ? PRIVILEGED : USUAL
  const salt = randomBytes(16)
  const key = await take(() => derive(password, salt, cost, 32))
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${bare(salt)}$${bare(key)}`
}

/** With `null` for an account that does not exist it does the same work and says no. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const parts = parse(stored ?? NOBODY) ?? parse(NOBODY)
  if (!parts) throw new Error('unreachable: NOBODY parses')
  const key = await take(() => derive(password, parts.salt, parts.cost, parts.key.length))
  return timingSafeEqual(key, parts.key) && stored !== null && parse(stored) !== null
}

/** True when a hash was made at a lower cost than today's; hash again after the next good login. */
export function needsRehash(stored: string, { privileged = false }: { privileged?: boolean } = {}): boolean {
  const wanted = privileged ? PRIVILEGED : USUAL
  const cost = parse(stored)?.cost
  return !cost || cost.memory < wanted.memory || cost.passes < wanted.passes
}

function parse(phc: string): { cost: Cost; salt: Buffer; key: Buffer } | null {
  const [found, memory, passes, parallelism, salt = '', key = ''] = PHC.exec(phc) ?? []
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  // A row written by someone else must not make us allocate gigabytes.
  if (!found || cost.memory > 256 * 1024 || cost.memory < 8 || cost.passes < 1 || cost.passes > 10) return null
  return cost.parallelism < 1 ? null : { cost, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') }
}

function derive(message: string, nonce: Buffer, cost: Cost, tagLength: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce, tagLength, ...cost }, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

function bare(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

/** At most `width` at a time and `length` waiting; one more is refused at once rather than late. */
export function queue(width: number, length: number) {
  let running = 0
  const waiting: Array<() => void> = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= width) {
      if (waiting.length >= length) throw new QueueFull('too many passwords are being checked at once')
      // The one who finishes hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
