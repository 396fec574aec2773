// Composition of what happens by itself: which jobs there are, and when they run in every district (times of Asia/Shanghai).
import { type JobDefinition, defineJobs } from '#core/jobs.ts'
import { checkPages, countOldKeys, purgeIdempotency } from '#core/upkeep.ts'
import * as access from '#modules/access/index.ts'
import * as demands from '#modules/demands/index.ts'
import * as feedback from '#modules/feedback/index.ts'
import * as figures from '#modules/figures/index.ts'
import * as forms from '#modules/forms/index.ts'
import * as notices from '#modules/notices/index.ts'
import * as overview from '#modules/overview/index.ts'
import * as people from '#modules/people/index.ts'
import * as units from '#modules/units/index.ts'

const upkeep: readonly JobDefinition[] = [
  // Four hours without an anchor stop exports and signing (AD-07); the file append is harmless when repeated.
  {
    name: 'core.anchor',
    cron: '*/10 * * * *',
    boot: true,
    handle: async ({ ground, district }) => void (await ground.anchors?.drop(ground.database, district)),
  },
  // Often, for it is what a restore leans on; the list says nothing twice (PR-05).
  {
    name: 'core.list-erasures',
    cron: '*/10 * * * *',
    boot: true,
    handle: async ({ ground, district }) => void (await ground.erasures?.note(ground.database, district)),
  },
  {
    name: 'core.purge-keys',
    cron: '17 3 * * *',
    overdue: countOldKeys,
    handle: ({ context }) => purgeIdempotency(context),
  },
  {
    name: 'core.check-pages',
    cron: '10 4 * * *',
    lease: 7200,
    // The whole disk is not read five times in a night to find the same damage.
    tries: 1,
    handle: ({ context }) => checkPages(context),
  },
  {
    name: 'units.settle-day',
    cron: '5 0 * * *',
    boot: true,
    lease: 3600,
    handle: async ({ context }) => void (await units.settleDay(context)),
  },
  {
    name: units.STORE_JOB,
    lease: 900,
    handle: (run) => units.storeUnitImport(run, access.actorNow),
  },
  {
    name: people.STORE_JOB,
    lease: 900,
    handle: (run) => people.storeImport(run, access.actorNow),
  },
  {
    name: 'access.retire-idle',
    cron: '40 2 * * *',
    handle: async ({ context }) => void (await access.retireIdleAccounts(context)),
  },
  {
    name: 'access.purge-sessions',
    cron: '27 3 * * *',
    overdue: access.countOldSessions,
    handle: async ({ context }) => void (await access.purgeSessions(context)),
  },
]

export const jobs = defineJobs([
  ...upkeep,
  ...demands.jobs,
  ...figures.jobs,
  ...feedback.jobs,
  ...forms.jobs,
  ...overview.jobs,
  ...notices.jobs,
])
