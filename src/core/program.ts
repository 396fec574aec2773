// The program as it was put in place: every file of ours that runs, by its hash, signed with a key of the data folder. A server that was
// sealed does not start on a changed byte (SU-07). Packages are held by the lock file; who holds the keys can seal anew, and is not kept out.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CryptoProvider, isOurs } from './crypto.ts'
import { StartError } from './start-error.ts'

/** Path below the root → hash. */
export type Program = Readonly<Record<string, string>>

interface Seal {
  sealedAt: string
  files: Program
  mac: string
}

export interface Difference {
  path: string
  how: 'changed' | 'missing' | 'added'
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PARTS = ['src', 'db/migrations', 'packs', 'scripts', 'dist/web', 'package.json', 'package-lock.json']
/** What npm says that it installed. */
const INSTALLED = 'node_modules/.package-lock.json'
const FILE = 'program.json'
const PURPOSE = 'program.seal'
/** How an operator reads one number instead of a thousand. */
export const fingerprintOf = (program: Program) =>
  createHash('sm3')
    .update(JSON.stringify(Object.entries(program).toSorted()))
    .digest('hex')
    .slice(0, 16)

function* filesBelow(root: string, path: string): Generator<string> {
  const at = join(root, path)
  if (!existsSync(at)) return
  if (!statSync(at).isDirectory()) return yield path
  for (const name of readdirSync(at).toSorted()) yield* filesBelow(root, `${path}/${name}`)
}

/** What runs here: sources, migrations, packs, the built web. */
export function readProgram(root = ROOT): Program {
  const hashOf = (path: string) =>
    createHash('sha256')
      .update(readFileSync(join(root, path)))
      .digest('hex')
  return Object.fromEntries(
    [...PARTS, INSTALLED].flatMap((part) => [...filesBelow(root, part)].map((path) => [path, hashOf(path)])),
  )
}

const textOf = ({ sealedAt, files }: Omit<Seal, 'mac'>) => JSON.stringify([sealedAt, Object.entries(files).toSorted()])

/** Notes in the data folder that exactly this program is to run on it. */
export function sealProgram(folder: string, vault: CryptoProvider, program: Program, sealedAt: string) {
  const seal = { sealedAt, files: program }
  const mac = vault.blindIndex(PURPOSE, textOf(seal)).toString('hex')
  writeFileSync(join(folder, FILE), `${JSON.stringify({ ...seal, mac })}\n`, { mode: 0o600 })
}

export const unsealProgram = (folder: string) => rmSync(join(folder, FILE), { force: true })

export interface Sealed {
  sealedAt: string
  /** The seal itself was made with our keys and not written by hand. */
  genuine: boolean
  differences: Difference[]
}

function compare(sealed: Program, found: Program): Difference[] {
  const paths = [...new Set([...Object.keys(sealed), ...Object.keys(found)])].toSorted()
  return paths.flatMap((path): Difference[] => {
    if (!(path in found)) return [{ path, how: 'missing' }]
    if (!(path in sealed)) return [{ path, how: 'added' }]
    return sealed[path] === found[path] ? [] : [{ path, how: 'changed' }]
  })
}

/** Null where nobody sealed it. */
export function checkProgram(folder: string, vault: CryptoProvider, root = ROOT): Sealed | null {
  const file = join(folder, FILE)
  if (!existsSync(file)) return null
  let seal: Seal = { sealedAt: '', files: {}, mac: '' }
  try {
    seal = { ...seal, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Seal>) }
  } catch {
    // falls through: no seal of ours
  }
  const genuine = isOurs(vault, PURPOSE, textOf(seal), Buffer.from(String(seal.mac), 'hex'))
  return { sealedAt: seal.sealedAt, genuine, differences: genuine ? compare(seal.files, readProgram(root)) : [] }
}

const words = { changed: '被改动', missing: '缺失', added: '多出' }

export const tellDifferences = (differences: readonly Difference[]) => {
  const named = differences.slice(0, 5).map(({ path, how }) => `${path} ${words[how]}`)
  return `${named.join('、')}${differences.length > 5 ? ` 等 ${differences.length} 个文件` : ''}`
}

/** @throws StartError when the program is not the one that was sealed */
export function refuseChanged(folder: string, vault: CryptoProvider, root = ROOT): void {
  const sealed = checkProgram(folder, vault, root)
  if (!sealed || (sealed.genuine && sealed.differences.length === 0)) return
  const what = sealed.genuine ? tellDifferences(sealed.differences) : `${FILE} 不是用本机密钥封存的`
  throw new StartError(
    `程序与封存时不一致，没有启动：${what}。\n如是正常升级，请运行 jishi admin seal 重新封存；否则请查明原因，从原安装包恢复。`,
    'the program is not the one that was sealed',
  )
}
