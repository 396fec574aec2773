// What runs by itself in every district; the use cases find what is due by state, so doing them again finds nothing.
import type { JobDefinition } from '#core/jobs.ts'
import { countOverdueContacts, eraseOldContacts, escalateOverdue, expireTasks } from './actions/duty.ts'

export const jobs: readonly JobDefinition[] = [
  {
    name: 'demands.escalate',
    cron: '*/15 * * * *',
    lease: 900,
    handle: async ({ context }) => void (await escalateOverdue(context)),
  },
  {
    name: 'demands.expire-tasks',
    cron: '*/10 * * * *',
    lease: 600,
    handle: async ({ context }) => void (await expireTasks(context)),
  },
  {
    name: 'demands.erase-contacts',
    cron: '20 3 * * *',
    lease: 3600,
    overdue: countOverdueContacts,
    handle: async ({ context }) => void (await eraseOldContacts(context)),
  },
]
