// A file that says nothing to whoever finds it: AES-256-GCM over numbered chunks, the last one marked, so that a cut, a swapped or a
// changed chunk is refused before a byte of it is used. The key follows from a passphrase that is kept elsewhere.
import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { Readable } from 'node:stream'
import { StartError } from '../start-error.ts'

const FORMAT = 'jishi-backup'
const CHUNK = 1024 * 1024
const TAG = 16
const MOST_HEADER = 4096

interface Header {
  format: typeof FORMAT
  version: 1
  salt: string
  /** scrypt cost as a power of two. */
  cost: number
  /** Tells a wrong passphrase from a damaged file. */
  check: string
}

const keyOf = (passphrase: string, salt: Buffer, cost: number) =>
  new Promise<Buffer>((done, refuse) =>
    scrypt(
      passphrase.normalize('NFKC'),
      salt,
      32,
      { N: 2 ** cost, r: 8, p: 1, maxmem: 2 ** (cost + 11) },
      (error, key) => (error ? refuse(error) : done(key)),
    ),
  )

const checkOf = (key: Buffer) => createHmac('sha256', key).update('jishi-backup-check').digest().subarray(0, 16)

/** Number of the chunk and whether it is the last; never used twice under one key, for every backup has a salt of its own. */
function nonceOf(index: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(index, 7)
  nonce[11] = last ? 1 : 0
  return nonce
}

/** Cuts a stream into pieces of exactly `size`, only the last one shorter (or empty). */
async function* pieces(source: AsyncIterable<Buffer>, size: number): AsyncGenerator<{ piece: Buffer; last: boolean }> {
  let held: Buffer[] = []
  let length = 0
  for await (const part of source) {
    held.push(part)
    length += part.length
    // One byte more than a piece proves that it is not the last.
    while (length > size) {
      const all = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held)
      yield { piece: all.subarray(0, size), last: false }
      held = [all.subarray(size)]
      length -= size
    }
  }
  yield { piece: Buffer.concat(held), last: true }
}

export async function* encrypt(source: AsyncIterable<Buffer>, passphrase: string, cost = 17): AsyncGenerator<Buffer> {
  const salt = randomBytes(16)
  const key = await keyOf(passphrase, salt, cost)
  const header: Header = {
    format: FORMAT,
    version: 1,
    salt: salt.toString('base64'),
    cost,
    check: checkOf(key).toString('base64'),
  }
  const head = Buffer.from(`${JSON.stringify(header)}\n`)
  yield head
  let index = 0
  for await (const { piece, last } of pieces(source, CHUNK)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(index++, last)).setAAD(head)
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
  }
}

const refuse = {
  notOurs: () => new StartError('这不是基石的备份文件。', 'not a Jishi backup'),
  passphrase: () => new StartError('备份口令不对。', 'wrong passphrase'),
  damaged: () =>
    new StartError(
      '备份文件不完整或已被改动，没有恢复任何内容。',
      'the backup is cut off or was changed; nothing was restored',
    ),
}

function readHeader(line: Buffer): Header {
  try {
    const header = JSON.parse(line.toString()) as Header
    if (header.format === FORMAT && header.version === 1 && header.cost >= 10 && header.cost <= 20) return header
  } catch {
    // falls through: whatever it is, it is no header of ours
  }
  throw refuse.notOurs()
}

async function takeHeader(source: Readable) {
  const parts = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let seen = Buffer.alloc(0)
  while (!seen.includes(10) && seen.length < MOST_HEADER) {
    const next = await parts.next()
    if (next.done) break
    seen = Buffer.concat([seen, next.value])
  }
  const end = seen.indexOf(10) + 1
  if (end === 0) throw refuse.notOurs()
  const rest = async function* () {
    yield seen.subarray(end)
    for (let next = await parts.next(); !next.done; next = await parts.next()) yield next.value
  }
  return { head: seen.subarray(0, end), rest: rest() }
}

/** @throws StartError when it is no backup, the passphrase is wrong, or the file was cut or changed */
export async function* decrypt(source: Readable, passphrase: string): AsyncGenerator<Buffer> {
  const { head, rest } = await takeHeader(source)
  const header = readHeader(head)
  const key = await keyOf(passphrase, Buffer.from(header.salt, 'base64'), header.cost)
  const check = Buffer.from(header.check, 'base64')
  if (check.length !== 16 || !timingSafeEqual(check, checkOf(key))) throw refuse.passphrase()
  let index = 0
  for await (const { piece, last } of pieces(rest, CHUNK + TAG)) {
    if (piece.length < TAG) throw refuse.damaged()
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(index++, last))
      .setAAD(head)
      .setAuthTag(piece.subarray(piece.length - TAG))
    let plain: Buffer
    try {
      plain = Buffer.concat([decipher.update(piece.subarray(0, piece.length - TAG)), decipher.final()])
    } catch {
      throw refuse.damaged()
    }
    yield plain
  }
}
