import type { JobDefinition } from '#core/jobs.ts'
import { askWhatIsDue } from './actions/duty.ts'

export const jobs: readonly JobDefinition[] = [
  {
    name: 'forms.ask',
    cron: '15 0 * * *',
    boot: true,
    lease: 3600,
    handle: async ({ context }) => void (await askWhatIsDue(context)),
  },
]
