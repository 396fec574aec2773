import { createCipheriv, createHmac } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { generateSync } from 'otplib'
import { afterAll, describe, expect, test } from 'vitest'
import * as crypto from './crypto.ts'

const folders: string[] = []
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'jishi-keys-'))
  folders.push(made)
  return made
}
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true })
})

const here = folder()
const keyring = crypto.loadKeyring(here)
const profiles: crypto.Profile[] = ['sm', 'aes']

describe('keyring', () => {
  test('C-12: the first start makes a key of 32 bytes that only its owner reads, the next reads the same', () => {
    const file = join(here, 'keys', 'master.key')
    expect(statSync(file).mode & 0o777).toBe(0o400)
    expect(readFileSync(file)).toHaveLength(32)
    expect(readdirSync(join(here, 'keys'))).toEqual(['master.key'])
    expect(crypto.loadKeyring(here).fingerprint()).toBe(keyring.fingerprint())
    expect(crypto.loadKeyring(folder()).fingerprint()).not.toBe(keyring.fingerprint())
  })

  test('CR-09: short, readable, hand-made and missing keys are refused by name', () => {
    const bad = folder()
    crypto.loadKeyring(bad)
    const file = join(bad, 'keys', 'master.key')
    const put = (bytes: Buffer, mode: number) => {
      chmodSync(file, 0o600)
      writeFileSync(file, bytes)
      chmodSync(file, mode)
    }
    put(Buffer.alloc(31, 'abcdefghijklmnopqrstuvwxyz'), 0o400)
    expect(() => crypto.loadKeyring(bad)).toThrow(/master\.key must hold exactly 32 bytes/)
    put(Buffer.alloc(32), 0o400)
    expect(() => crypto.loadKeyring(bad)).toThrow(/master\.key is not random/)
    put(readFileSync(join(here, 'keys', 'master.key')), 0o404)
    expect(() => crypto.loadKeyring(bad)).toThrow(/master\.key can be read by others/)
    expect(() => crypto.loadKeyring(folder(), { create: false })).toThrow(/master\.key is missing/)
  })

  test('CR-05: after a rotation old values open, new ones use the new key, and without the old file they are refused', () => {
    const place = folder()
    const before = crypto.openssl(crypto.loadKeyring(place))
    const sealed = before.seal('people.phone:1', '13812341234')
    const after = crypto.openssl(crypto.rotateKeyring(place))
    expect(after.open('people.phone:1', sealed)).toBe('13812341234')
    expect(after.blindIndex('phone', 'x')).not.toEqual(before.blindIndex('phone', 'x'))
    expect(after.blindIndexes('phone', 'x')).toEqual([after.blindIndex('phone', 'x'), before.blindIndex('phone', 'x')])
    const fresh = after.seal('people.phone:1', '13812341234')
    expect(() => before.open('people.phone:1', fresh)).toThrow(/unknown-key/)
    rmSync(join(place, 'keys', 'master.key'))
    expect(() => crypto.openssl(crypto.loadKeyring(place)).open('people.phone:1', sealed)).toThrow(/unknown-key/)
  })

  test('purposes have keys of their own', () => {
    expect(keyring.derive('a', 32)).not.toEqual(keyring.derive('b', 32))
    expect(keyring.derive('a', 32)).toEqual(keyring.derive('a', 32))
  })
})

describe('sealing', () => {
  test('sm3: the standard vector, and SM4 gives the vector of GB/T 32907', () => {
    expect(crypto.sm3('abc')).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
    const block = Buffer.from('0123456789abcdeffedcba9876543210', 'hex')
    const sm4 = createCipheriv('sm4-ecb', block, null).setAutoPadding(false)
    expect(sm4.update(block).toString('hex')).toBe('681edf34d206965e86b3e94f536e4246')
  })

  test.each(profiles)('A-44: any text sealed as %s opens unchanged, and under the other profile too', (profile) => {
    const provider = crypto.openssl(keyring, profile)
    const other = crypto.openssl(keyring, profile === 'sm' ? 'aes' : 'sm')
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constant(''),
      fc.constant('李𬱖'),
    )
    fc.assert(
      fc.property(fc.string(), text, (context, plain) => {
        const sealed = provider.seal(context, plain)
        return provider.open(context, sealed) === plain && other.open(context, sealed) === plain
      }),
    )
    expect(() => provider.seal('a:1', '\ud800')).toThrow(/not-text/)
  })

  test.each(profiles)('CR-02: a value sealed as %s does not open in another row, column or table', (profile) => {
    const provider = crypto.openssl(keyring, profile)
    const sealed = provider.seal('people.id_number:1', '11010519491231002X')
    for (const context of ['people.id_number:2', 'people.phone:1', 'staff.id_number:1', 'people.id_number:1 ', ''])
      expect(() => provider.open(context, sealed), context).toThrow(crypto.CryptoError)
  })

  test.each(profiles)(
    'CR-03: every flipped bit and every cut of a value sealed as %s is an error without the text',
    (profile) => {
      const provider = crypto.openssl(keyring, profile)
      const sealed = provider.seal('people.phone:1', '13812341234')
      for (let bit = 0; bit < sealed.length * 8; bit += 1) {
        const bent = Buffer.from(sealed)
        bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(() => provider.open('people.phone:1', bent), String(bit)).toThrow(crypto.CryptoError)
      }
      for (let length = 0; length < sealed.length; length += 1)
        expect(() => provider.open('people.phone:1', sealed.subarray(0, length)), String(length)).toThrow(
          crypto.CryptoError,
        )
      expect(() => provider.open('people.phone:1', Buffer.concat([sealed, Buffer.of(0)]))).toThrow(/^[^1]*$/)
    },
  )

  test.each(profiles)('A-44: the same text sealed as %s never looks the same twice', (profile) => {
    const provider = crypto.openssl(keyring, profile)
    const seen = new Set<string>()
    for (let count = 0; count < 20_000; count += 1) seen.add(provider.seal('a:1', 'x').subarray(2, 14).toString('hex'))
    expect(seen.size).toBe(20_000)
  })

  test('a sealed value read as Uint8Array inside a larger buffer opens', () => {
    const provider = crypto.openssl(keyring)
    const sealed = provider.seal('a:1', 'x')
    const padded = new Uint8Array([9, 9, ...sealed, 9])
    expect(provider.open('a:1', padded.subarray(2, 2 + sealed.length))).toBe('x')
  })

  test('blind indexes are equal for equal values and tell nothing across purposes or districts', () => {
    const provider = crypto.openssl(keyring)
    expect(provider.blindIndex('id', '1')).toEqual(provider.blindIndex('id', '1'))
    expect(provider.blindIndex('id', '1')).toHaveLength(32)
    expect(provider.blindIndex('id', '1')).not.toEqual(provider.blindIndex('phone', '1'))
    expect(provider.blindIndex('id', '1')).not.toEqual(
      crypto.openssl(crypto.loadKeyring(folder())).blindIndex('id', '1'),
    )
    expect(provider.blindIndex('id', '1')).not.toEqual(createHmac('sm3', '').update('1').digest())
  })
})

describe('passwords', () => {
  test('A-01: Argon2id at 19 MiB and 2 passes, 64 MiB and 3 for the privileged', async () => {
    const usual = await crypto.hashPassword('correct Horse 7')
    const strong = await crypto.hashPassword('correct Horse 7', { privileged: true })
    expect(usual).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(strong).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
    expect(await crypto.verifyPassword('correct Horse 7', usual)).toBe(true)
    expect(await crypto.verifyPassword('correct Horse 7', strong)).toBe(true)
    expect(await crypto.verifyPassword('correct horse 7', usual)).toBe(false)
    expect(await crypto.hashPassword('correct Horse 7')).not.toBe(usual)
    expect([crypto.needsRehash(usual), crypto.needsRehash(usual, { privileged: true })]).toEqual([false, true])
    expect([crypto.needsRehash(strong, { privileged: true }), crypto.needsRehash('md5')]).toEqual([false, true])
  })

  test('A-01: a hash of the reference implementation verifies', async () => {
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    expect(await crypto.verifyPassword('password', reference)).toBe(true)
  })

  test('AU-09: long passwords count to the last character', async () => {
    const long = `${'长'.repeat(100)}Aa1`
    const stored = await crypto.hashPassword(long)
    expect(await crypto.verifyPassword(long, stored)).toBe(true)
    expect(await crypto.verifyPassword(`${long}x`, stored)).toBe(false)
    expect(await crypto.verifyPassword(long.slice(0, -1), stored)).toBe(false)
  })

  test('A-05: no account and a broken hash are a plain no after the same work', async () => {
    expect(await crypto.verifyPassword('', null)).toBe(false)
    for (const broken of [
      '',
      '$argon2id$v=19$m=9999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      'x',
    ])
      expect(await crypto.verifyPassword('', broken), broken).toBe(false)
  })

  test('A-01 OV-06: two are hashed at a time, fifty wait, the next is refused at once', async () => {
    const take = crypto.queue(2, 50)
    let [running, most] = [0, 0]
    const finish: Array<() => void> = []
    const work = () =>
      new Promise<number>((resolve) => {
        most = Math.max(most, (running += 1))
        finish.push(() => resolve((running -= 1)))
      })
    const all = Array.from({ length: 52 }, () => take(work))
    await expect(take(work)).rejects.toThrow(crypto.QueueFull)
    while (finish.length > 0) {
      finish.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(all)
    expect([most, running]).toEqual([2, 0])
    await expect(take(() => Promise.reject(new Error('bad')))).rejects.toThrow('bad')
    expect(await take(() => Promise.resolve('free again'))).toBe('free again')
  })

  test('AU-08: common, short and simple passwords and those made of one’s own words are refused', () => {
    const words = ['wangfang', '王芳', 'wf', '13812345678', '柳林街道']
    const faults = (password: string) => crypto.passwordFaults(password, words)
    expect(faults('kT9!zq')).toEqual(['too-short'])
    expect(faults('mountain lake river')).toEqual(['too-few-classes'])
    const common = [
      'Password123!',
      'P@ssw0rd2026',
      'Admin@123456',
      '1qaz2WSX3edc',
      'Woaini1314!!',
      'Aa1!Aa1!Aa1!',
      'Jishi@2026!',
      'Dangyuan#1921',
      'Qwertyuiop123!',
      'aaaaaaaaA1',
    ]
    for (const password of common) expect(faults(password), password).toContain('too-common')
    for (const password of ['Wangfang#7190', 'xX9#王芳kqpT', 'tK#13812345678', 'tK9#柳林街道xx'])
      expect(faults(password), password).toEqual(['contains-context'])
    for (const password of ['plum7Harbour-Tin', 'x7#Kp9$mQ2', '三更Lamp读书82', `${'river Stone 7 '.repeat(4)}and owl`])
      expect(faults(password), password).toEqual([])
    expect(faults(`${'Ab1!kr'.repeat(50)}x`)).toEqual(['too-long'])
  })
})

describe('second factor', () => {
  // RFC 6238 appendix B, last six digits.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  const at = (seconds: number) => new Date(seconds * 1000).toISOString()

  test('A-04: the vectors of RFC 6238 verify', () => {
    const vectors: Array<[number, string]> = [
      [59, '287082'],
      [1111111109, '081804'],
      [1111111111, '050471'],
      [1234567890, '005924'],
      [2000000000, '279037'],
      [20000000000, '353130'],
    ]
    for (const [seconds, code] of vectors)
      expect(crypto.totpVerify(secret, code, at(seconds), null), code).toBe(Math.floor(seconds / 30))
  })

  test('AU-06: one step of drift passes, two do not, and no code passes twice', () => {
    const step = Math.floor(1111111109 / 30)
    expect(crypto.totpVerify(secret, '081804', at((step + 1) * 30), null)).toBe(step)
    expect(crypto.totpVerify(secret, '081804', at((step - 1) * 30), null)).toBe(step)
    expect(crypto.totpVerify(secret, '081804', at((step + 2) * 30), null)).toBeNull()
    expect(crypto.totpVerify(secret, '081804', at(step * 30), step - 1)).toBe(step)
    expect(crypto.totpVerify(secret, '081804', at(step * 30), step)).toBeNull()
    expect(crypto.totpVerify(secret, '081804', at(step * 30), step + 5)).toBeNull()
    for (const code of ['', '81804', '0818040', '08180a', '０８１８０４'])
      expect(crypto.totpVerify(secret, code, at(step * 30), null)).toBeNull()
  })

  test('A-04: what authenticator apps compute from a fresh secret is accepted', () => {
    for (let count = 0; count < 50; count += 1) {
      const fresh = crypto.totpSecret()
      const epoch = 1_790_000_000 + count * 977
      expect(fresh).toMatch(/^[A-Z2-7]{32}$/)
      expect(crypto.totpVerify(fresh, generateSync({ secret: fresh, epoch }), at(epoch), null)).toBe(
        Math.floor(epoch / 30),
      )
    }
    const uri = crypto.totpUri({ issuer: '基石', account: 'wang:fang', secret })
    expect(uri).toBe(
      `otpauth://totp/%E5%9F%BA%E7%9F%B3:wang%3Afang?secret=${secret}&issuer=%E5%9F%BA%E7%9F%B3&algorithm=SHA1&digits=6&period=30`,
    )
  })
})

describe('tokens, codes, masks', () => {
  test('A-08: tokens are 32 random bytes and only their hash is kept', () => {
    const token = crypto.randomToken()
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(token).not.toBe(crypto.randomToken())
    expect(crypto.tokenHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  test('follow codes survive being typed and catch every wrong or swapped character', () => {
    for (let count = 0; count < 200; count += 1) {
      const code = crypto.followCode()
      expect(code).toMatch(/^[2-9A-HJKMNP-TW-Z]{11}$/)
      expect(crypto.isFollowCode(code)).toBe(true)
      expect(crypto.normaliseFollowCode(` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `)).toBe(code)
      for (let at = 0; at < code.length; at += 1) {
        const wrong = code[at] === '2' ? '3' : '2'
        expect(crypto.isFollowCode(code.slice(0, at) + wrong + code.slice(at + 1))).toBe(false)
        for (let to = at + 1; to < code.length; to += 1) {
          const chars = [...code]
          ;[chars[at], chars[to]] = [code[to] ?? '', code[at] ?? '']
          expect(crypto.isFollowCode(chars.join(''))).toBe(chars.join('') === code)
        }
      }
    }
    for (const text of ['', '0'.repeat(11), '2'.repeat(10)]) expect(crypto.isFollowCode(text)).toBe(false)
  })

  test('C-12: a sensitive value prints as *** wherever it is printed and leaves by reveal only', () => {
    const value = new crypto.Sensitive('13812341234')
    const error = new Error(`call ${value}`)
    for (const text of [
      JSON.stringify({ value }),
      inspect({ value }, { showHidden: true }),
      `${value}`,
      String(value),
      error.message,
      value + '',
    ])
      expect(text).not.toContain('138')
    expect(JSON.stringify({ ...value })).toBe('{}')
    expect(value.reveal()).toBe('13812341234')
  })

  test('CR-06: masks show what the office shows and no more', () => {
    expect(crypto.maskId('110105194912311234')).toBe('110105********1234')
    expect(crypto.maskId('H12345678')).toBe('H*******8')
    expect(crypto.maskPhone('13812341234')).toBe('138****1234')
    expect(crypto.maskPhone('87654321')).toBe('******21')
    expect([
      crypto.maskName('张三'),
      crypto.maskName('买买提·阿不都'),
      crypto.maskName('𬱖中'),
      crypto.maskName(''),
    ]).toEqual(['张*', '买*', '𬱖*', ''])
    expect([crypto.maskId(''), crypto.maskId('12'), crypto.maskPhone('1')]).toEqual(['', '**', '*'])
  })
})
