// Composition of what happens by itself: which jobs there are, and when they run in every district.
import { type JobDefinition, defineJobs } from '#core/jobs.ts'
import { purgeIdempotency } from '#core/upkeep.ts'

const core: readonly JobDefinition[] = [
  { name: 'core.purge-keys', cron: '17 3 * * *', handle: ({ context }) => purgeIdempotency(context) },
]

export const jobs = defineJobs([...core])
