import { z } from 'zod'
import { day, id, instant, listOf, paging, queryInt, text } from '#core/contract.ts'
import { problems } from '#core/errors.ts'
import { classifiers } from '#core/facts.ts'

export * from './contract/views.ts'

export const fail = problems('overview', {
  'unknown-measure': { status: 422, text: '没有“{measure}”这个指标。' },
  'unit-not-found': { status: 404, text: '没有找到这个单位，或者不在您的查看范围内。' },
  'pin-not-found': { status: 404, text: '没有找到这条关注，可能已经取消。' },
  'watch-not-found': { status: 404, text: '没有找到这条订阅，可能已经取消。' },
  'view-not-found': { status: 404, text: '没有找到这个视图，可能已经删除。' },
  'note-not-found': { status: 404, text: '没有找到这条提醒。' },
  'pinned-already': { status: 409, text: '已经关注了这个数字。' },
  'too-many': { status: 409, text: '最多{most}条，请先取消不再需要的。' },
})

export const MOST_PINS = 12
export const MOST_WATCHES = 50
export const MOST_VIEWS = 60

const measure = z
  .string()
  .regex(/^[a-z-]+\.[a-z0-9-]+$/, { error: 'format' })
  .max(60)
  .meta({ description: 'as listMeasures names it' })
const unit = z.strictObject({ id, name: z.string() })

/** Pack data: which numbers stand on the leaders' page, and which are shown by unit. */
export const PageSettings = z.strictObject({
  numbers: z.array(measure).max(9),
  heat: z.array(measure).max(6),
})
export type PageSettings = z.infer<typeof PageSettings>

export const NewPin = z.strictObject({
  measure,
  unitId: id.nullable().default(null).meta({ description: 'of my own unit when null' }),
})
export type NewPin = z.infer<typeof NewPin>

export const Pin = z.strictObject({ id, measure, unit: unit.nullable() }).meta({ id: 'Pin' })
export type Pin = z.infer<typeof Pin>
export const PinList = listOf(Pin)

/** What stands on the page: the district's numbers, then the reader's own. */
export const OverviewPage = z
  .strictObject({
    unit: unit.nullable().meta({ description: 'my own unit: whose numbers stand there when no other is asked for' }),
    numbers: z.array(z.string()),
    pins: z.array(Pin),
    heat: z.array(z.string()),
  })
  .meta({ id: 'OverviewPage' })
export type OverviewPage = z.infer<typeof OverviewPage>

export const StuckQuery = z.strictObject({
  unit: id.optional().meta({ description: 'this unit and below; everything I may see when absent' }),
  each: queryInt(1, 50).optional().meta({ description: 'rows of each kind, 1 … 50; 5 when absent' }),
})
export type StuckQuery = z.infer<typeof StuckQuery>

export const StuckRow = z.strictObject({
  id,
  kind: z.string(),
  title: z.string(),
  unitName: z.string(),
  since: z.string().meta({ description: 'day or instant from which it waits' }),
  link: z.string(),
})
export type StuckRow = z.infer<typeof StuckRow>

/** What is stuck, the longest first; every kind with how many there are in all. */
export const Stuck = z
  .strictObject({
    kinds: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        from: z.string().meta({ description: 'what the waiting is counted from, in words' }),
        total: z.int(),
        link: z.string(),
      }),
    ),
    rows: z.array(StuckRow),
    total: z.int(),
  })
  .meta({ id: 'Stuck' })
export type Stuck = z.infer<typeof Stuck>

const line = z.strictObject({ side: z.enum(['above', 'below']), value: z.number().min(-1e12).max(1e12) })

export const NewWatch = z
  .strictObject({
    measure,
    unitId: id,
    every: z.enum(['week', 'month']),
    digest: z.boolean().meta({ description: 'tell the number when the week or month is over' }),
    line: line.nullable().default(null).meta({ description: 'tell when the running week or month goes beyond it' }),
  })
  .refine((w) => w.digest || w.line !== null, { message: 'one-of', params: { of: 'digest、line' }, path: ['digest'] })
export type NewWatch = z.infer<typeof NewWatch>

export const Watch = z
  .strictObject({
    id,
    measure: z.string(),
    unit,
    every: z.enum(['week', 'month']),
    digest: z.boolean(),
    line: line.nullable(),
    begunOn: day,
  })
  .meta({ id: 'Watch' })
export type Watch = z.infer<typeof Watch>
export const WatchList = listOf(Watch)

export const Note = z
  .strictObject({
    id,
    kind: z.enum(['closed', 'crossed']),
    measure: z.string(),
    name: z.string(),
    classifier: z.enum(classifiers),
    unit,
    period: z.string(),
    value: z
      .number()
      .nullable()
      .meta({ description: 'as it was when told; null where there is none or it is not shown' }),
    before: z.number().nullable(),
    line: line.nullable(),
    at: instant,
    seenAt: instant.nullable(),
  })
  .meta({ id: 'WatchNote' })
export type Note = z.infer<typeof Note>
export const NoteList = listOf(Note)

export const ListNotes = z.strictObject({
  state: z.enum(['new', 'seen']).optional(),
  search: text(40).optional().meta({ description: 'part of the name of the number' }),
  ...paging,
})
export type ListNotes = z.infer<typeof ListNotes>

export const NewView = z.strictObject({
  page: z
    .string()
    .regex(/^(\/|(\/[a-z-]+)+)$/, { error: 'format' })
    .max(60)
    .meta({ description: 'a page of the console, as its address says it' }),
  name: text(20),
  query: text(1000, 0).meta({ description: 'filters, sort and columns as they stand in the address' }),
})
export type NewView = z.infer<typeof NewView>

export const SavedView = z
  .strictObject({ id, page: z.string(), name: z.string(), query: z.string(), at: instant })
  .meta({ id: 'SavedView' })
export type SavedView = z.infer<typeof SavedView>
export const ViewList = listOf(SavedView)
