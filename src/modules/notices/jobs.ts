import type { JobDefinition } from '#core/jobs.ts'
import { announceEditions, announceRestatements } from './actions/announce.ts'
import { deliver } from './actions/deliver.ts'

export const jobs: readonly JobDefinition[] = [
  { name: 'notices.editions', cron: '* * * * *', handle: ({ context }) => announceEditions(context) },
  {
    name: 'notices.restatements',
    cron: '35 * * * *',
    lease: 3600,
    handle: ({ context }) => announceRestatements(context),
  },
  {
    name: 'notices.deliver',
    handle: async ({ context, payload: { delivery } }) => {
      if (typeof delivery === 'string') await deliver(context, delivery)
    },
  },
]
