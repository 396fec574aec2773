// Sealing of fields at rest (A-44, C-12). A certified module (密评) or an HSM is another CryptoProvider.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { Keyring } from './keyring.ts'

export interface CryptoProvider {
  /** `context` names the place, `table.column:row`; what stands before the colon has a key of its own. */
  seal(context: string, plaintext: string): Buffer
  /** Throws `CryptoError` for anything that was not sealed for exactly this context. */
  open(context: string, sealed: Uint8Array): string
  /** Equality search on sealed values: same purpose and value, same index. */
  blindIndex(purpose: string, value: string): Buffer
  /** One index per key generation, newest first: what to search for while keys are being rotated. */
  blindIndexes(purpose: string, value: string): Buffer[]
}

export type Profile = 'sm' | 'aes'

export class CryptoError extends Error {
  readonly code: 'malformed' | 'unknown-key' | 'not-authentic' | 'not-text'
  constructor(code: CryptoError['code'], context: string) {
    super(`sealed value of ${context.split(':')[0]}: ${code}`)
    this.code = code
  }
}

// Kept as key objects: handing OpenSSL raw bytes each time costs four times as much as the work itself.
type Keys = readonly [KeyObject, ...KeyObject[]]

interface Suite {
  header: number
  nonceBytes: number
  tagBytes: number
  /** Lengths of the keys one derivation is cut into: to encrypt and, where the mode has no tag of its own, to MAC. */
  keys: readonly number[]
  encrypt(keys: Keys, nonce: Buffer, bound: Buffer, plain: Buffer): Buffer
  /** Undefined when the tag does not fit. */
  decrypt(keys: Keys, nonce: Buffer, bound: Buffer, body: Buffer): Buffer | undefined
}

const aes: Suite = {
  header: 0x11,
  nonceBytes: 12,
  tagBytes: 16,
  keys: [32],
  encrypt([key], nonce, bound, plain) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 }).setAAD(bound)
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  },
  decrypt([key], nonce, bound, body) {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 }).setAAD(bound)
    decipher.setAuthTag(body.subarray(-16))
    try {
      return Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()])
    } catch {
      return undefined
    }
  },
}

// OpenSSL has no SM4-GCM, so: encrypt, then MAC over everything (domain 3.4). Key = 16 bytes to encrypt, 32 to MAC.
const sm: Suite = {
  header: 0x12,
  nonceBytes: 16,
  tagBytes: 32,
  keys: [16, 32],
  encrypt([key, mac], nonce, bound, plain) {
    const cipher = createCipheriv('sm4-ctr', key, nonce)
    const body = Buffer.concat([cipher.update(plain), cipher.final()])
    return Buffer.concat([body, smTag(mac, nonce, bound, body)])
  },
  decrypt([key, mac], nonce, bound, body) {
    const text = body.subarray(0, -32)
    if (!timingSafeEqual(smTag(mac, nonce, bound, text), body.subarray(-32))) return undefined
    const decipher = createDecipheriv('sm4-ctr', key, nonce)
    return Buffer.concat([decipher.update(text), decipher.final()])
  },
}

function smTag(mac: KeyObject | undefined, nonce: Buffer, bound: Buffer, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bound.length) // so no byte can move from the context into the text
  return createHmac('sm3', mac as KeyObject)
    .update(length)
    .update(bound)
    .update(nonce)
    .update(body)
    .digest()
}

const SUITES: Record<Profile, Suite> = { sm, aes }
const BY_HEADER = new Map([sm, aes].map((suite) => [suite.header, suite]))
const MOST_CACHED = 512

/** Node's own OpenSSL. Values sealed under either profile open under both, so a district may switch at any time. */
export function openssl(keyring: Keyring, profile: Profile = 'sm'): CryptoProvider {
  const sealing = SUITES[profile]
  const keyOf = cachedKeys(keyring)
  const indexes = (purpose: string, value: string, generations: readonly number[]) =>
    generations.map((generation) => {
      const keys = keyOf(`index/${purpose}`, [32], generation)
      if (!keys) throw new CryptoError('unknown-key', purpose)
      return createHmac('sm3', keys[0]).update(value).digest()
    })
  return {
    seal(context, plaintext) {
      if (!plaintext.isWellFormed()) throw new CryptoError('not-text', context)
      const generation = keyring.current
      const keys = keyOf(`seal/${profile}/${context.split(':')[0]}`, sealing.keys, generation)
      if (!keys) throw new CryptoError('unknown-key', context)
      const header = Buffer.from([sealing.header, generation])
      const nonce = randomBytes(sealing.nonceBytes)
      const bound = Buffer.concat([header, Buffer.from(context)])
      return Buffer.concat([header, nonce, sealing.encrypt(keys, nonce, bound, Buffer.from(plaintext))])
    },
    open(context, sealed) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      const suite = BY_HEADER.get(bytes[0] ?? 0)
      if (!suite || bytes.length < 2 + suite.nonceBytes + suite.tagBytes) throw new CryptoError('malformed', context)
      const keys = keyOf(`seal/${suite === aes ? 'aes' : 'sm'}/${context.split(':')[0]}`, suite.keys, bytes[1] ?? 0)
      if (!keys) throw new CryptoError('unknown-key', context)
      const bound = Buffer.concat([bytes.subarray(0, 2), Buffer.from(context)])
      const [nonce, body] = [bytes.subarray(2, 2 + suite.nonceBytes), bytes.subarray(2 + suite.nonceBytes)]
      const plain = suite.decrypt(keys, nonce, bound, body)
      if (!plain) throw new CryptoError('not-authentic', context)
      return plain.toString('utf8')
    },
    blindIndex: (purpose, value) => indexes(purpose, value, [keyring.current])[0] as Buffer,
    blindIndexes: (purpose, value) => indexes(purpose, value, keyring.generations),
  }
}

/** Deriving costs more than sealing; purposes are few, and a runaway caller only loses the cache. */
function cachedKeys(keyring: Keyring) {
  const cache = new Map<string, Keys>()
  return (purpose: string, lengths: readonly number[], generation: number): Keys | undefined => {
    const name = `${generation}/${purpose}`
    const known = cache.get(name)
    if (known) return known
    const bytes = keyring.derive(
      purpose,
      lengths.reduce((sum, n) => sum + n, 0),
      generation,
    )
    if (!bytes) return undefined
    if (cache.size >= MOST_CACHED) cache.clear()
    const keys = lengths.map((length, at) => createSecretKey(bytes.subarray(lengths[at - 1] ?? 0).subarray(0, length)))
    cache.set(name, keys as unknown as Keys)
    return keys as unknown as Keys
  }
}

/** Whether a text was signed with one of our keys, of whatever generation; a signature of another length is none. */
export const isOurs = (vault: CryptoProvider, purpose: string, text: string, given: Buffer): boolean =>
  vault.blindIndexes(purpose, text).some((own) => own.length === given.length && timingSafeEqual(own, given))
