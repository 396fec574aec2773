// Silent damage found while the database runs: every page of the cluster carries a checksum, and nobody looks at a page that nobody
// reads. Here each is read from disk and compared, once a night and by `jishi admin doctor` (A-61, DU-06).
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

const PAGE = 8192
const CHUNK = 128
/** Pages of one file of a relation; the next file goes on counting. */
const SEGMENT = 131_072
const LANES = 32
const PRIME = 16_777_619
/** Where the lanes start: the page format of PostgreSQL says so. */
const START = Int32Array.from(
  [
    0x5b1f36e9, 0xb8525960, 0x02ab50aa, 0x1de66d2a, 0x79ff467a, 0x9bb9f8a3, 0x217e7cd2, 0x83e13d2c, 0xf8d4474f,
    0xe39eb970, 0x42c6ae16, 0x993216fa, 0x7b093b5d, 0x98daff3c, 0xf718902a, 0x0b1c9cdb, 0xe58f764b, 0x187636bc,
    0x5d7b3bb1, 0xe73de7de, 0x92bec979, 0xcca6c0b2, 0x304a0979, 0x85aa43d4, 0x783125bb, 0x6ca8eaa2, 0xe407eac6,
    0x4b5cfc3e, 0x9fbf8c76, 0x15ca20be, 0xf2ca9fd3, 0x959bd756,
  ],
  (n) => n | 0,
)

/** The checksum a page should carry, from its words without the one it does carry. */
export function checksumOf(page: Buffer, block: number): number {
  const lanes = START.slice()
  const mix = (lane: number, word: number) => {
    const mixed = (lanes[lane] as number) ^ word
    lanes[lane] = Math.imul(mixed, PRIME) ^ (mixed >>> 17)
  }
  for (let at = 0; at < PAGE; at += 4)
    mix((at >> 2) % LANES, at === 8 ? page.readInt32LE(at) & ~0xffff : page.readInt32LE(at))
  for (let round = 0; round < 2; round++) for (let lane = 0; lane < LANES; lane++) mix(lane, 0)
  const sum = (lanes.reduce((all, lane) => all ^ lane, 0) ^ block) >>> 0
  return (sum % 65_535) + 1
}

/** A page that was never written carries none. */
const isSound = (page: Buffer, block: number) =>
  page.readUInt16LE(14) === 0 || page.readUInt16LE(8) === checksumOf(page, block)

export interface Damage {
  /** Table or index, where it is known by a name; else the file. */
  what: string
  page: number
}

type Handle = Awaited<ReturnType<typeof open>>

/** A page that is being written while it is read looks torn: it is looked at again before anything is said. */
async function isBroken(file: Handle, at: number, block: number): Promise<boolean> {
  const page = Buffer.alloc(PAGE)
  for (let look = 0; look < 5; look++) {
    await sleep(50)
    const { bytesRead } = await file.read(page, 0, PAGE, at)
    if (bytesRead < PAGE || isSound(page, block)) return false
  }
  return true
}

async function brokenIn(path: string, first: number, seen: { pages: number }): Promise<number[]> {
  const file = await open(path).catch(() => null) // a table may go while we walk
  if (!file) return []
  const broken: number[] = []
  const chunk = Buffer.alloc(PAGE * CHUNK)
  try {
    for (let at = 0; ; at += chunk.length) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at)
      for (let offset = 0; offset + PAGE <= bytesRead; offset += PAGE) {
        const block = first + (at + offset) / PAGE
        seen.pages++
        if (!isSound(chunk.subarray(offset, offset + PAGE), block) && (await isBroken(file, at + offset, block)))
          broken.push(block)
      }
      if (bytesRead < chunk.length) return broken
    }
  } finally {
    await file.close()
  }
}

const FILE = /^(\d+)(?:_(?:fsm|vm))?(?:\.(\d+))?$/

/** Reads every page of every table and index of the cluster. As its owner: only he is told where the files lie. */
export async function findDamage(ownerUrl: string): Promise<{ pages: number; damage: Damage[] }> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ data: string; own: string }>(
      `select current_setting('data_directory') as data, (select oid::text from pg_database where datname = current_database()) as own`,
    )
    const { data = '', own = '' } = rows[0] ?? {}
    const nameOf = async (folder: string, node: string) =>
      (folder === own || folder === 'global') &&
      (
        await client.query<{ name: string }>(
          'select relname as name from pg_class where pg_relation_filenode(oid) = $1',
          [node],
        )
      ).rows[0]?.name
    const seen = { pages: 0 }
    const damage: Damage[] = []
    const databases = (await readdir(join(data, 'base'))).filter((d) => /^\d+$/.test(d))
    for (const folder of ['global', ...databases]) {
      const at = folder === 'global' ? join(data, folder) : join(data, 'base', folder)
      for (const name of await readdir(at)) {
        const [, node, segment = '0'] = FILE.exec(name) ?? []
        if (!node) continue
        for (const page of await brokenIn(join(at, name), Number(segment) * SEGMENT, seen))
          damage.push({ what: (await nameOf(folder, node)) || `${folder}/${name}`, page })
      }
    }
    return { pages: seen.pages, damage }
  } finally {
    await client.end()
  }
}
