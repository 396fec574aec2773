// What runs by itself in every district: numbers are right at once because a question drains what is marked; this keeps that little,
// and keeps sums for units with many rows.
import type { JobDefinition } from '#core/jobs.ts'
import { rollUp } from './roll.ts'
import { settle } from './settle.ts'
import { verifyFigures } from './verify.ts'

const MINUTES_MS = 240_000

export const jobs: readonly JobDefinition[] = [
  {
    name: 'figures.settle',
    cron: '* * * * *',
    boot: true,
    handle: ({ ground, district }) => settle(ground, district, { patience: MINUTES_MS, job: true }),
  },
  {
    name: 'figures.roll',
    cron: '*/5 * * * *',
    boot: true,
    lease: 7200,
    handle: ({ context }) => rollUp(context),
  },
  {
    name: 'figures.verify',
    cron: '40 3 * * *',
    lease: 14_400,
    handle: ({ context }) => verifyFigures(context),
  },
]
