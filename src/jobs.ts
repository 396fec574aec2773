// Composition of what happens by itself: which jobs there are, and when they run in every district.
import { type JobDefinition, defineJobs } from '#core/jobs.ts'
import { purgeIdempotency } from '#core/upkeep.ts'
import { jobs as demands } from '#modules/demands/index.ts'
import { settleDay } from '#modules/units/index.ts'

const core: readonly JobDefinition[] = [
  { name: 'core.purge-keys', cron: '17 3 * * *', handle: ({ context }) => purgeIdempotency(context) },
]

const units: readonly JobDefinition[] = [
  {
    name: 'units.settle-day',
    cron: '2 0 * * *',
    handle: async ({ context }) => {
      await settleDay(context)
    },
  },
]

export const jobs = defineJobs([...core, ...units, ...demands])
