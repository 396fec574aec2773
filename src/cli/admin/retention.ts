// What has served its time: how much of it is there, gone by the same jobs that run at night (PR-06, A-49); and, after a restore,
// once more what had been erased since the backup was made (PR-05).
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { ERASURES, erasuresIn } from '#core/erasures.ts'
import { newId } from '#core/ids.ts'
import { runOf } from '#core/jobs.ts'
import { StartError } from '#core/start-error.ts'
import { erasable } from '#erasable.ts'
import { jobs } from '#jobs.ts'
import { groundOf } from './ground.ts'
import type { OpenPlace } from './place.ts'

export interface Kept {
  district: string
  job: string
  /** What was kept longer than it may be before, and after. */
  before: number
  after: number
}

type Place = Pick<OpenPlace, 'database' | 'folder'>

/** Counts what is overdue in every district, and throws it away unless `dryRun`. */
export async function runRetention(place: Place, { dryRun }: { dryRun: boolean }): Promise<Kept[]> {
  const ground = groundOf(place)
  const kept: Kept[] = []
  const signal = new AbortController().signal
  for (const { id, name } of await place.database.bare<{ id: number; name: string }>(
    'select id, name from district order by id',
  )) {
    for (const { name: job, overdue, handle } of jobs) {
      if (!overdue) continue
      const run = runOf(ground, { id: newId(), attempt: 1, district: id, payload: {}, signal })
      const before = await overdue(run.context)
      if (!dryRun) await handle(run)
      kept.push({ district: name, job, before, after: dryRun ? before : await overdue(run.context) })
    }
  }
  return kept
}

/** @throws StartError when there is no such list */
export async function eraseAgain(place: Place, list: string | undefined): Promise<number> {
  if (list !== undefined) {
    if (!existsSync(list)) throw new StartError(`没有文件 ${list}。`, 'the list of erasures does not exist')
    copyFileSync(list, join(place.folder, ERASURES))
  }
  const ground = groundOf(place)
  const again = await erasuresIn(place.folder, ground.vault, erasable).again(ground)
  await runRetention(place, { dryRun: false })
  return again
}
