import { createHash, randomBytes, randomInt } from 'node:crypto'

/** 32 random bytes, base64url: sessions, invitations, resets. Only `tokenHash` of it is ever stored. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

// No 0 O 1 I L U V: a code is read out on the phone and copied from paper. 29 is prime, so the weighted sum below finds
// every single wrong character and every swap of two.
const FOLLOW = '23456789ABCDEFGHJKMNPQRSTWXYZ'
const FOLLOW_LENGTH = 10

/** What a resident keeps to follow a demand: 10 random characters (48 bits) and a check character. */
export function followCode(): string {
  const body = Array.from({ length: FOLLOW_LENGTH }, () => FOLLOW[randomInt(FOLLOW.length)]).join('')
  return body + followCheck(body)
}

/** Upper case, without spaces, dashes and full-width forms: as typed → as stored. */
export function normaliseFollowCode(text: string): string {
  return text.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '')
}

export function isFollowCode(code: string): boolean {
  if (code.length !== FOLLOW_LENGTH + 1 || [...code].some((char) => !FOLLOW.includes(char))) return false
  return followCheck(code.slice(0, FOLLOW_LENGTH)) === code[FOLLOW_LENGTH]
}

/** `12-ABCDEFGHJKM` as typed → district and code; null where it can be none. */
export function readFollowCode(text: string): { district: number; follow: string } | null {
  const at = text.indexOf('-')
  const follow = normaliseFollowCode(text.slice(at + 1))
  const district = /^\d{1,6}$/.test(text.slice(0, at)) ? Number(text.slice(0, at)) : 0
  return district < 1 || !isFollowCode(follow) ? null : { district, follow }
}

function followCheck(body: string): string {
  const sum = [...body].reduce((total, char, at) => total + FOLLOW.indexOf(char) * (at + 2), 0)
  return FOLLOW[sum % FOLLOW.length] ?? ''
}
