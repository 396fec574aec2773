import type { JobDefinition } from '#core/jobs.ts'
import { tellWatchers } from './actions/tell.ts'

export const jobs: readonly JobDefinition[] = [
  {
    name: 'overview.tell',
    cron: '50 * * * *',
    boot: true,
    lease: 3600,
    handle: async ({ context }) => void (await tellWatchers(context)),
  },
]
