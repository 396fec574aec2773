// A large district: units in eight levels, persons, and the rows of the tables the facts read.
import type pg from 'pg'
import { addHours } from '#core/calendar.ts'
import type { Context, WriteTx } from '#core/context.ts'
import { randomToken, tokenHash } from '#core/crypto.ts'
import { newId } from '#core/ids.ts'
import { insertAccounts, insertRoles } from '#modules/access/index.ts'
import { insertSession } from '#modules/access/store.ts'
import { stateWords } from '#modules/demands/rules.ts'
import type { PackMeasure } from '#modules/figures/contract.ts'
import { loadMeasures } from '#modules/figures/index.ts'
import { insertMechanisms } from '#modules/mechanisms/index.ts'
import { insertUnits } from '#modules/units/index.ts'
import { readPack } from '#packs.ts'
import { DISTRICT } from '../stage.ts'

export interface Size {
  /** Rows of the ledger. */
  facts: number
  persons: number
  /** Units of each level. */
  levels: readonly number[]
}

const KINDS = ['district', 'street', 'community', 'grid', 'estate', 'building', 'building', 'building']
/** 20,000 units in eight levels. */
export const LEVELS = [1, 8, 64, 384, 1536, 4608, 8000, 5399]

/** The district's own measures that tell its demands apart by state. */
export const states: readonly PackMeasure[] = Object.entries(stateWords).map(([state, name]) => ({
  id: `own.state-${state}`,
  stated: {
    kind: 'counted',
    name: `诉求：${name}`,
    definition: `期内登记、现在${name}的诉求。`,
    classifier: '件',
    verbs: ['登记'],
    fact: 'demands.demands',
    filters: [{ dimension: 'state', in: [state] }],
    aggregate: 'count',
  },
}))

export const write = <T>(ctx: Context, plant: (tx: WriteTx) => Promise<T>): Promise<T> =>
  ctx.write(null, 'bench.plant', async (tx) => {
    tx.record({ subject: { kind: 'bench', id: newId() }, path: '' })
    return plant(tx)
  })

export async function plantUnits(ctx: Context, owner: pg.Client, levels: readonly number[]) {
  const org = newId()
  const one = { tree: 'org' as const, kind: 'committee', name: '区委', parentId: null, openedOn: '2015-01-01' }
  await write(ctx, (tx) => insertUnits(tx, [{ id: org, ...one }]))
  let above: string[] = []
  for (const [level, count] of levels.entries()) {
    const units = Array.from({ length: count }, (_, i) => ({
      id: newId(),
      tree: 'place' as const,
      kind: KINDS[level] as string,
      name: `${level + 1}级${i + 1}号`,
      parentId: above.length > 0 ? (above[i % above.length] as string) : null,
      openedOn: '2015-01-01',
    }))
    for (let at = 0; at < count; at += 2000) await write(ctx, (tx) => insertUnits(tx, units.slice(at, at + 2000)))
    await owner.query('analyze unit, unit_version')
    above = units.map((u) => u.id)
  }
  const pack = readPack('demo')
  await write(ctx, async (tx) => {
    await insertRoles(tx, pack.roles)
    await insertMechanisms(
      tx,
      pack.mechanisms.map(({ owner: _, ...m }) => ({ ...m, ownerId: org })),
    )
    await loadMeasures(tx, [...pack.measures, ...states], { id: org, path: '' })
  })
}

/** Tokens of those who ask, by their role at the root. */
export async function plantAskers(ctx: Context, root: string): Promise<Record<'keeper' | 'leader', string>> {
  const account = (login: string, roleId: string) => ({
    login,
    name: login,
    personId: null,
    passwordHash: 'none',
    totpSealed: null,
    mustChange: false,
    mandates: [{ roleId, unitId: root, officer: null }],
  })
  return write(ctx, async (tx) => {
    const made = newId().slice(-8)
    const [keeper, leader] = await insertAccounts(tx, tx.now, [
      account(`keeper-${made}`, 'street-organiser'),
      account(`leader-${made}`, 'leader'),
    ])
    const signIn = async (accountId: string | undefined) => {
      const token = `${DISTRICT}.${randomToken()}`
      await insertSession(tx, {
        hash: tokenHash(token),
        accountId: accountId ?? '',
        now: tx.now,
        expiresAt: addHours(tx.now, 12),
        secondFactor: true,
        kind: 'token',
        address: '',
      })
      return token
    }
    return { keeper: await signIn(keeper), leader: await signIn(leader) }
  })
}

/** Of hundred facts 43 are claims, 26 services, 11 registrations, 10 demands and 10 (or nearly) their closing. */
const sharesOf = ({ facts, persons }: Size) => ({
  persons,
  tasks: Math.round(facts / 100),
  claims: Math.round(facts * 0.43),
  registrations: Math.min(persons, Math.round(facts * 0.11)),
  demands: Math.round(facts * 0.1),
})

/** Rows of the tables the facts read, planted without triggers: only their reading into the ledger is measured. Ids follow the days, as those of a running system do. */
export async function plantRows(owner: pg.Client, size: Size) {
  const { persons, tasks, claims, registrations, demands } = sharesOf(size)
  await owner.query(`
    set session_replication_role = replica;
    create temp table place as select id, path, row_number() over (order by md5(id::text)) - 1 as i from unit where tree = 'place' and depth >= 4;
    alter table claim drop constraint claim_no_overlap; alter table registration drop constraint registration_one_active;
    insert into person (district_id, id, no, name, sex, born, education, home_id, home_path, created_at, pinyin, stroke_key)
      select 1, uuidv7(), n, '某人', (1 + n % 2)::text, date '1940-01-01' + (n * 7919::bigint % 24000)::int, (array['11','21','31','41','61','70'])[1 + n % 6], p.id, p.path, now(), 'mr', '08'
      from generate_series(1, ${persons}) n join place p on p.i = n % (select count(*) from place);
    insert into task (district_id, id, mechanism_id, title, category, place_id, place_path, starts_at, ends_at, capacity, state, published_at, published_on)
      select 1, uuidv7(), '365-service', '任务' || n, (array['care','cleaning','publicity','mediation','patrol','volunteer','repair','errand'])[1 + n * 31::bigint % 8], p.id, p.path,
        now(), now() + interval '1 day', 10000, 'closed', now(), date '2021-12-01' + (n * 104729::bigint % 1826)::int
      from generate_series(1, ${tasks}) n join place p on p.i = n * 7::bigint % (select count(*) from place) order by 13;
    create temp table t as select id, row_number() over () - 1 as i from task;
    create temp table h as select id, no - 1 as i from person;
    create index on t (i); create index on h (i); analyze t; analyze h; analyze place;`)
  await owner.query(`
    insert into claim (district_id, id, task_id, person_id, place_id, place_path, state, claimed_at, claimed_on, accepted_at, accepted_on, minutes, served_from, served_to)
      select 1, uuidv7(), t.id, h.id, p.id, p.path, case when done then 'accepted' else 'submitted' end, day, day, case when done then day end, case when done then day end,
        case when done then 30 + n % 200 end, case when done then day end, case when done then day + interval '1 hour' end
      from (select n, n % 5 < 3 as done, date '2021-12-01' + (n::bigint * 15485863 % 1826)::int as day from generate_series(1, ${claims}) n) c
        join h on h.i = n::bigint * 48271 % ${persons} join t on t.i = (n * 13::bigint + n / ${persons} * 7) % ${tasks} join place p on p.i = n::bigint * 16807 % (select count(*) from place) order by day`)
  await owner.query(`
    insert into registration (district_id, id, person_id, place_id, place_path, organ, reported_on, confirmed_on, ended_on, end_reason)
      select 1, uuidv7(), h.id, p.id, p.path, '机关' || n % 60, day, day, case when n % 5 = 0 then day + 400 end, case when n % 5 = 0 then 'moved' end
      from (select n, date '2020-01-01' + (n::bigint * 32452843 % 2300)::int as day from generate_series(0, ${registrations - 1}) n) r
        join h on h.i = n join place p on p.i = n::bigint * 16807 % (select count(*) from place) order by day;
    insert into demand (district_id, id, mechanism_id, channel, category, grade, title, place_id, place_path, state, respond_due_at, responded_at, opened_at, opened_on, closed_at, closed_on, outcome, satisfaction)
      select 1, uuidv7(), '365-service', (array['resident','secretary','hotline','visit'])[1 + n % 4], (array['care','sanitation','facility','licence'])[1 + n / 4 % 4], 'normal', '诉求' || n, p.id, p.path, state,
        day + interval '1 day', day + (n % 30) * interval '1 hour', day, day, case when state = 'closed' then day + interval '5 days' end, case when state = 'closed' then day + 5 end, 'solved', 'satisfied'
      from (select n, date '2021-12-01' + (n::bigint * 49979687 % 1820)::int as day, coalesce((array['registered','dispatched','signed','answered','called','declined'])[1 + n % 50], 'closed') as state from generate_series(1, ${demands}) n) d
        join place p on p.i = n::bigint * 16807 % (select count(*) from place) order by day;
    set session_replication_role = origin;`)
  await owner.query('vacuum analyze')
}
