import type { JobDefinition } from '#core/jobs.ts'
import { countOverdueFeedbackContacts, eraseOldFeedbackContacts } from './actions/duty.ts'

export const jobs: readonly JobDefinition[] = [
  {
    name: 'feedback.erase-contacts',
    cron: '25 3 * * *',
    lease: 3600,
    overdue: countOverdueFeedbackContacts,
    handle: async ({ context }) => void (await eraseOldFeedbackContacts(context)),
  },
]
