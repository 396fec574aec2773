// What is recorded of units under their mechanisms: marks that hold, coverage of enterprises and societies, and what was held on time.
import { insertMany } from '#core/bulk.ts'
import { addDays, addMonths, type Day } from '#core/calendar.ts'
import { newId } from '#core/ids.ts'
import type { Organisations } from './organisations.ts'
import { type Stage, times } from './stage.ts'

const FORMED = { ordinary: 5, functional: 31, old: 8, commercial: 28 }
/** Since when branches of estates were given their form. */
const formedOn = (year: string): Day => `${year}-01-10`

export const formedEstates = ({ tree }: Stage) => tree.estates.slice(0, FORMED.ordinary + FORMED.functional)
export const functionalEstates = (stage: Stage) => formedEstates(stage).slice(FORMED.ordinary)

interface Mark {
  mechanism: string
  unit: string
  mark: string
  value: string
  from: Day
  to?: Day
}

function marksOfForm(stage: Stage): Mark[] {
  const from = formedOn(stage.year)
  const mark = (unit: string, name: string, value: string) => ({
    mechanism: 'estate-branches',
    unit,
    mark: name,
    value,
    from,
  })
  return formedEstates(stage).flatMap((e, i) => [
    mark(e.org, 'form', i < FORMED.ordinary ? 'ordinary' : 'functional'),
    mark(e.org, 'housing', i < FORMED.old ? 'old' : 'commercial'),
  ])
}

/** Most have a branch, one together with others, or an instructor; whether it works was looked at within the quarter, or not. */
function marksOfCoverage({ tx, luck }: Stage, { enterprises, societies }: Organisations): Mark[] {
  const two = { mechanism: 'two-new' }
  return [...enterprises, ...societies].flatMap((unit, i) => {
    if (i % 9 === 8) return []
    const presence = luck.pick(['own', 'joint', 'joint', 'instructor'])
    const held = { ...two, unit, mark: 'presence', value: presence, from: addDays('2022-03-01', luck.below(900)) }
    const last = addDays(tx.today, -5 - luck.below(i % 6 === 5 ? 200 : 75))
    const looked = [last, addMonths(last, -3), addMonths(last, -6)].map((from) => ({
      ...two,
      unit,
      mark: 'effective',
      value: 'passed',
      from,
      to: addMonths(from, 3),
    }))
    const attached = { mechanism: 'courier-party', unit, mark: 'presence', value: 'attached', from: '2024-05-10' }
    const home = { mechanism: 'red-goose', unit, mark: 'home', value: 'built', from: '2024-09-01' }
    const more = i < enterprises.length ? [...(i % 7 === 3 ? [attached] : []), ...(i % 8 === 2 ? [home] : [])] : []
    return [held, ...apart(looked), ...more]
  })
}

/** Three months before the end of a month and back may overlap by days: the earlier ends where the later begins. */
const apart = (latestFirst: readonly (Mark & { to: Day })[]): Mark[] =>
  latestFirst.map((m, i) => {
    const later = latestFirst[i - 1]
    return later && m.to > later.from ? { ...m, to: later.from } : m
  })

function marksOfStanding({ tree, year }: Stage, { retired, leads }: Organisations): Mark[] {
  const honours = ['district', 'district', 'city', 'district', 'province']
  return [
    ...honours.map((value, i) => ({
      mechanism: 'retired-party',
      unit: retired[i * 3] as string,
      mark: 'honour',
      value,
      from: `${Number(year) - 1}-07-01`,
    })),
    ...tree.communities.slice(0, 14).map((c) => ({
      mechanism: 'retired-party',
      unit: c.id,
      mark: 'home',
      value: 'built',
      from: '2023-10-20',
    })),
    ...leads.map((unit) => ({
      mechanism: 'chain-alliance',
      unit,
      mark: 'state',
      value: 'allied',
      from: '2022-06-01',
    })),
    ...tree.departments.map((d, i) => ({
      mechanism: 'organ-norms',
      unit: d.id,
      mark: 'conformity',
      value: i % 4 === 3 ? 'reviewed' : 'set',
      from: `${year}-01-20`,
    })),
    ...tree.communities.slice(-6).map((c, i) => ({
      mechanism: 'new-communities',
      unit: c.id,
      mark: 'state',
      value: i < 4 ? 'staffed' : 'set-up',
      from: `${Number(year) - 1}-11-05`,
    })),
  ]
}

export const plantMarks = (stage: Stage, organisations: Organisations) =>
  insertMany(
    stage.tx.db,
    'unit_mark',
    [...marksOfForm(stage), ...marksOfCoverage(stage, organisations), ...marksOfStanding(stage, organisations)].map(
      ({ mechanism, unit, mark, value, from, to }) => ({
        district_id: stage.tx.district,
        id: newId(),
        mechanism_id: mechanism,
        unit_id: unit,
        mark,
        value,
        note: '',
        valid_from: from,
        valid_to: to ?? 'infinity',
      }),
    ),
  )

interface Held {
  mechanism: string
  event: string
  unit: string
  title: string
  on: Day
  quantity: number
  settled?: Day | null
}

/** Held every so many days, the last time `late` days ago. */
const every = (stage: Stage, days: number, late: number) =>
  times(Math.floor(360 / days), (n) => addDays(stage.tx.today, -late - n * days))

/** What is owed every month or quarter was held; one unit of each kind is behind. */
function roundsHeld(stage: Stage, { committees, retired, leads, courier, property }: Organisations): Held[] {
  const { luck } = stage
  const round = (
    [mechanism, event, title]: readonly [string, string, string],
    units: readonly string[],
    { days, most }: { days: number; most: number },
  ) =>
    units.flatMap((unit, i) =>
      every(stage, days, i === units.length - 1 && i > 0 ? days * 2 + 8 : 2 + luck.below(days - 8)).map((on) => ({
        mechanism,
        event,
        unit,
        title,
        on,
        quantity: most === 0 ? 0 : luck.below(most + 1),
      })),
    )
  return [
    ...round(['two-new', 'sweep', '两新组织摸排'], committees, { days: 88, most: 6 }),
    ...round(['retired-party', 'activity', '支部主题党日'], retired, { days: 27, most: 0 }),
    ...round(['chain-alliance', 'meeting', '产业链党建联席会议'], leads, { days: 88, most: 5 }),
    ...round(['courier-party', 'meeting', '快递行业党建例会'], [courier], { days: 175, most: 0 }),
    ...round(['property-committee', 'meeting', '物业行业大工委会议'], [property], { days: 58, most: 4 }),
  ]
}

/** What is taken on when there is reason to. */
function takenOn(stage: Stage, { retired, leads, courier }: Organisations): Held[] {
  const { tx, luck, year } = stage
  const ago = (days: number) => addDays(tx.today, -days)
  return [
    ...formedEstates(stage).map((e) => ({
      mechanism: 'estate-branches',
      event: 'unveiling',
      unit: e.org,
      title: '小区党支部揭牌',
      on: addDays(formedOn(year), luck.below(4)),
      quantity: 0,
    })),
    ...retired.map((unit) => ({
      mechanism: 'retired-party',
      event: 'visit',
      unit,
      title: '走访慰问老党员',
      on: ago(20 + luck.below(60)),
      quantity: 4 + luck.below(12),
    })),
    ...times(3, (i) => ({
      mechanism: 'courier-party',
      event: 'care',
      unit: courier,
      title: '关爱快递员·夏送清凉冬送温暖',
      on: ago(30 + i * 70),
      quantity: 60 + luck.below(90),
    })),
    ...times(24, (i) => ({
      mechanism: 'chain-alliance',
      event: 'task',
      unit: luck.pick(leads),
      title: ['联合技术攻关', '用工对接', '原料直供签约'][i % 3] as string,
      on: ago(60 + i * 8),
      quantity: 0,
      settled: i % 4 === 3 ? null : ago(10 + i * 6),
    })),
  ]
}

export const plantEvents = (stage: Stage, organisations: Organisations) =>
  insertMany(
    stage.tx.db,
    'unit_event',
    [...roundsHeld(stage, organisations), ...takenOn(stage, organisations)]
      .filter((h) => h.on < stage.tx.today)
      .map(({ mechanism, event, unit, title, on, quantity, settled }) => ({
        district_id: stage.tx.district,
        id: newId(),
        mechanism_id: mechanism,
        unit_id: unit,
        event,
        title,
        held_on: on,
        quantity,
        settled_on: settled ?? null,
      })),
  )
