// Every chain of every district recomputed, and compared with the anchors: those of the data folder, or a copy kept elsewhere.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { anchorsIn } from '#core/anchor.ts'
import { loadKeyring, openssl } from '#core/crypto.ts'
import { type Flaw, verify } from '#core/history.ts'
import type { OpenPlace } from './place.ts'

export interface Verdict {
  district: number
  code: string
  name: string
  sound: boolean
  entries: number
  flaws: Flaw[]
  anchors: { lines: number; newest: string | null; broken: number[] }
}

/** Anchors under the name that their reader expects, in a folder that goes away. */
function anchorFolder(folder: string, copy: string | undefined) {
  if (!copy) return { at: folder, leave: () => {} }
  const at = mkdtempSync(join(tmpdir(), 'jishi-anchors-'))
  copyFileSync(copy, join(at, 'anchors.jsonl'))
  return { at, leave: () => rmSync(at, { recursive: true, force: true }) }
}

export async function verifyHistory(
  { database, folder }: OpenPlace,
  anchorFile: string | undefined,
): Promise<Verdict[]> {
  const { at, leave } = anchorFolder(folder, anchorFile)
  try {
    const anchors = anchorsIn(at, openssl(loadKeyring(folder, { create: false })))
    const districts = await database.bare<{ id: number; code: string; name: string }>(
      'select id, code, name from district order by id',
    )
    const verdicts: Verdict[] = []
    for (const { id, code, name } of districts) {
      const anchored = anchors.read(id)
      const { entries, flaws } = await database.transact({ district: id, mode: 'heavy' }, ({ db }) =>
        verify(db, id, anchored.heads),
      )
      const { lines, at: newest, broken } = anchored
      verdicts.push({
        district: id,
        code,
        name,
        sound: flaws.length === 0 && broken.length === 0,
        entries,
        flaws,
        anchors: { lines, newest, broken },
      })
    }
    return verdicts
  } finally {
    leave()
  }
}
