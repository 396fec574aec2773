// Second factor, RFC 6238 with the parameters every authenticator app knows: SHA-1, 6 digits, 30 seconds (A-04, AU-06).
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Instant, millisOf } from '../calendar/instants.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const STEP_MILLIS = 30_000

/** 160 random bits in Base32. */
export function totpSecret(): string {
  return [...randomBytes(20)].reduce(
    ({ text, bits, held }, byte) => {
      const [value, count] = [(held << 8) | byte, bits + 8]
      const more = Array.from(
        { length: Math.floor(count / 5) },
        (_, at) => ALPHABET[(value >> (count - 5 - at * 5)) & 31],
      )
      return { text: text + more.join(''), bits: count % 5, held: value & 31 }
    },
    { text: '', bits: 0, held: 0 },
  ).text
}

export function totpUri({ issuer, account, secret }: { issuer: string; account: string; secret: string }): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=6&period=30`
}

/**
 * The step a code belongs to, or null. One step of drift either way; a step not later than `lastStep` was used already.
 * Store the step with a condition (`last_step < $1`): two requests at once must not both pass.
 */
export function totpVerify(secret: string, code: string, instant: Instant, lastStep: number | null): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const key = fromBase32(secret)
  const now = Math.floor(millisOf(instant) / STEP_MILLIS)
  let found: number | null = null
  for (const step of [now - 1, now, now + 1]) {
    const same = timingSafeEqual(Buffer.from(codeAt(key, step)), Buffer.from(code))
    if (same && step >= 0 && step > (lastStep ?? -1)) found = step
  }
  return found
}

function codeAt(key: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigInt64BE(BigInt(step))
  const digest = createHmac('sha1', key).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let [held, bits] = [0, 0]
  for (const char of text.toUpperCase().replace(/[\s=]/g, '')) {
    const value = ALPHABET.indexOf(char)
    if (value < 0) throw new RangeError('a TOTP secret is Base32')
    held = ((held & 0xff) << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 0xff)
    }
  }
  return Buffer.from(bytes)
}
