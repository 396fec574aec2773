// Keys live in files of their own, never in the database, the environment or a log (C-12).
import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

export class KeyError extends Error {}

export interface Keyring {
  /** The generation new data is sealed with. */
  readonly current: number
  /** All generations, newest first. */
  readonly generations: readonly number[]
  /** The sub-key of a purpose, or undefined when the generation is not here (or no longer). */
  derive(purpose: string, bytes: number, generation?: number): Buffer | undefined
  /** Tells two keys apart without revealing either; kept beside the data, it shows a lost key at start. */
  fingerprint(generation?: number): string | undefined
}

const MASTER_BYTES = 32
const FILE = /^master(?:\.(\d{1,3}))?\.key$/

/** Reads `<folder>/keys`; the very first start makes `master.key`. `KeyError` names the file that is wrong. */
export function loadKeyring(folder: string, { create = true }: { create?: boolean } = {}): Keyring {
  const keys = join(folder, 'keys')
  if (create) mkdirSync(keys, { recursive: true, mode: 0o700 })
  let files = keyFiles(keys)
  if (files.size === 0 && create) {
    writeKey(keys, 'master.key')
    files = keyFiles(keys)
  }
  if (files.size === 0) throw new KeyError(`${join(keys, 'master.key')} is missing`)
  return keyringOf(new Map([...files].map(([generation, file]) => [generation, readKey(join(keys, file))])))
}

/** Adds the next generation (CR-05): new data uses it, old data still opens until its file is taken away. */
export function rotateKeyring(folder: string): Keyring {
  const next = loadKeyring(folder).current + 1
  if (next > 255) throw new KeyError('255 key generations are the most a sealed value can name')
  writeKey(join(folder, 'keys'), `master.${next}.key`)
  return loadKeyring(folder)
}

function keyringOf(masters: Map<number, Buffer>): Keyring {
  const generations = [...masters.keys()].sort((a, b) => b - a)
  const current = generations[0] ?? 1
  const derive = (purpose: string, bytes: number, generation = current) => {
    const master = masters.get(generation)
    return master && Buffer.from(hkdfSync('sm3', master, 'jishi/1', purpose, bytes))
  }
  const fingerprint = (generation = current) => {
    const key = derive('fingerprint', 32, generation)
    return key && createHmac('sm3', key).update('fingerprint').digest('hex').slice(0, 16)
  }
  return { current, generations, derive, fingerprint }
}

function keyFiles(keys: string): Map<number, string> {
  const found = new Map<number, string>()
  let names: string[] = []
  try {
    names = readdirSync(keys)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new KeyError(`${keys} cannot be read`, { cause: error })
  }
  for (const name of names) {
    const match = FILE.exec(name)
    if (match) found.set(Number(match[1] ?? 1), name)
  }
  return found
}

function readKey(file: string): Buffer {
  const status = statSync(file)
  if (!status.isFile()) throw new KeyError(`${file} is not a file`)
  if (status.mode & 0o077)
    throw new KeyError(`${file} can be read by others: chmod 0400 it, and replace it if others had access`)
  const key = readFileSync(file)
  if (key.length !== MASTER_BYTES)
    throw new KeyError(`${file} must hold exactly ${MASTER_BYTES} bytes, it holds ${key.length}`)
  // A key typed by hand or copied from an example has few different bytes; 32 random ones never do.
  if (new Set(key).size < 16) throw new KeyError(`${file} is not random; make it with 32 bytes of a random source`)
  return key
}

/** Written aside and linked into place, so a second process starting at once sees a whole key or none. */
function writeKey(keys: string, name: string): void {
  const draft = join(keys, `.${name}.${randomBytes(6).toString('hex')}`)
  const handle = openSync(draft, 'wx', 0o400)
  try {
    writeSync(handle, randomBytes(MASTER_BYTES))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  try {
    linkSync(draft, join(keys, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
}

/** SM3 as lower-case hex, for hash chains and content hashes. */
export function sm3(content: string | Uint8Array): string {
  return createHash('sm3').update(content).digest('hex')
}
