import type { JobDefinition } from '#core/jobs.ts'
import { eraseOldFeedbackContacts } from './actions/duty.ts'

export const jobs: readonly JobDefinition[] = [
  {
    name: 'feedback.erase-contacts',
    cron: '25 3 * * *',
    lease: 3600,
    handle: async ({ context }) => void (await eraseOldFeedbackContacts(context)),
  },
]
