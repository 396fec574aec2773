// The demand lifecycle — open, dispatch, claim, submit, accept, call back — through Jishi's door and in plain SQL from Node.
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { newId } from '#core/ids.ts'
import { type Cpu, cpuNow, perTurn, since } from './cpu.ts'
import { call, type Call, drive, patient } from './load.ts'
import { DISTRICT, fill, type Stage, WORKERS } from './stage.ts'

const place = (stage: Stage) => stage.tree.communities[0] as Stage['tree']['communities'][number]

// Every service record of one person needs an interval of its own (VOL-03): each turn takes the next two minutes back.
let slot = 0
const interval = () => {
  slot++
  const to = Date.UTC(2026, 0, 1) - slot * 120_000
  return { servedFrom: new Date(to - 60_000).toISOString(), servedTo: new Date(to).toISOString() }
}

const window = { startsAt: '2026-01-01T00:00:00Z', endsAt: '2099-01-01T00:00:00Z' }

/** One lifecycle over HTTP: permissions, history, idempotency, sealed words and all. */
export function jishiTurn(stage: Stage, ask: Call = call) {
  const at = place(stage)
  return async (worker: number) => {
    const member = stage.members[worker % stage.members.length] as Stage['members'][number]
    const { id } = await ask<{ id: string }>(stage.base, stage.secretary, 'POST /demands', {
      mechanismId: '365-service',
      placeId: at.id,
      category: 'care',
      words: '母亲九十岁独居，希望有人陪同复查。',
      contact: { phone: '13812345678' },
    })
    const { taskId } = await ask<{ taskId: string }>(stage.base, stage.secretary, `POST /demands/${id}/dispatch`, {
      task: { title: '陪同复查', capacity: 1, ...window },
    })
    const claim = await ask<{ id: string }>(stage.base, member.token, `POST /tasks/${taskId}/claims`, {})
    await ask(stage.base, member.token, `POST /claims/${claim.id}/submission`, { report: '已经陪同' })
    await ask(stage.base, stage.secretary, `POST /claims/${claim.id}/acceptance`, interval())
    await ask(stage.base, stage.caller, `POST /demands/${id}/callbacks`, {
      reached: true,
      outcome: 'solved',
      satisfaction: 'satisfied',
    })
  }
}

type Run = (name: string, text: string, values: unknown[]) => Promise<{ rows: Record<string, string>[] }>

async function transaction<T>(pool: pg.Pool, work: (run: Run) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const value = await work((name, text, values) => client.query({ name, text, values }))
    await client.query('commit')
    return value
  } finally {
    client.release()
  }
}

const sealed = randomBytes(120)

/** The same rows by the same statements, without permission, history or sealing: what the database alone can do from Node. */
export function plainTurn(stage: Stage) {
  const { owner: pool } = stage
  const at = place(stage)
  const openIt = (id: string) =>
    transaction(pool, (run) =>
      run(
        'open',
        `insert into demand (district_id, id, mechanism_id, channel, category, grade, title, words_sealed, contact_sealed, contact_index, follow_index, place_id, place_path, state, due_at, respond_due_at, resolve_due_at, opened_at, opened_on)
        values ($1, $2, '365-service', 'secretary', 'care', 'normal', '帮扶照料', $3, $3, $4, $5, $6, $7, 'registered', now() + interval '1 day', now() + interval '1 day', now() + interval '7 days', now(), current_date) returning no`,
        [DISTRICT, id, sealed, randomBytes(32), randomBytes(32), at.id, at.path],
      ),
    )
  const dispatchIt = (id: string, task: string) =>
    transaction(pool, async (run) => {
      await run('lock', 'select * from demand where district_id = $1 and id = $2 for update', [DISTRICT, id])
      await run(
        'dispatch',
        `insert into dispatch (district_id, id, demand_id, unit_id, unit_path, role, at, signed_at) values ($1, $2, $3, $4, $5, 'lead', now(), now())`,
        [DISTRICT, newId(), id, at.id, at.path],
      )
      await run(
        'task',
        `insert into task (district_id, id, mechanism_id, demand_id, title, category, place_id, place_path, starts_at, ends_at, capacity, state, published_at, published_on)
        values ($1, $2, '365-service', $3, '陪同复查', 'care', $4, $5, $6, $7, 1, 'published', now(), current_date) returning no`,
        [DISTRICT, task, id, at.id, at.path, window.startsAt, window.endsAt],
      )
      await run(
        'signed',
        `update demand set state = 'signed', owner_id = $3, owner_path = $4, dispatched_at = now(), signed_at = now(), version = version + 1 where district_id = $1 and id = $2`,
        [DISTRICT, id, at.id, at.path],
      )
    })
  const claimIt = (task: string, claim: string, person: string) =>
    transaction(pool, async (run) => {
      await run(
        'place',
        `update task set claimed = claimed + 1 where district_id = $1 and id = $2 and state = 'published' and claimed < capacity`,
        [DISTRICT, task],
      )
      await run(
        'claim',
        `insert into claim (district_id, id, task_id, person_id, place_id, place_path, state, claimed_at, claimed_on) values ($1, $2, $3, $4, $5, $6, 'claimed', now(), current_date)`,
        [DISTRICT, claim, task, person, at.id, at.path],
      )
    })
  const submitIt = (claim: string) =>
    transaction(pool, async (run) => {
      await run('hold', 'select * from claim where district_id = $1 and id = $2 for update', [DISTRICT, claim])
      await run(
        'submit',
        `update claim set state = 'submitted', submitted_at = now(), report = '已经陪同' where district_id = $1 and id = $2`,
        [DISTRICT, claim],
      )
    })
  const acceptIt = (id: string, task: string, claim: string) =>
    transaction(pool, async (run) => {
      const { servedFrom, servedTo } = interval()
      await run('hold', 'select * from claim where district_id = $1 and id = $2 for update', [DISTRICT, claim])
      await run(
        'accept',
        `update claim set state = 'accepted', accepted_at = now(), accepted_on = current_date, served_from = $3, served_to = $4, minutes = 1, certificate = $5 where district_id = $1 and id = $2`,
        [DISTRICT, claim, servedFrom, servedTo, claim],
      )
      await run(
        'left',
        `select id from claim where district_id = $1 and task_id = $2 and state in ('claimed', 'submitted') limit 1`,
        [DISTRICT, task],
      )
      await run('lock', 'select * from demand where district_id = $1 and id = $2 for update', [DISTRICT, id])
      await run(
        'answered',
        `update dispatch set answered_at = now() where district_id = $1 and demand_id = $2 and role = 'lead' and ended_at is null`,
        [DISTRICT, id],
      )
      await run(
        'answer',
        `update demand set state = 'answered', answered_at = now(), responded_at = now(), answer_sealed = $3, due_at = null, version = version + 1 where district_id = $1 and id = $2`,
        [DISTRICT, id, sealed],
      )
    })
  const callIt = (id: string) =>
    transaction(pool, async (run) => {
      await run('lock', 'select * from demand where district_id = $1 and id = $2 for update', [DISTRICT, id])
      await run(
        'call',
        `insert into callback (district_id, id, demand_id, at, made_on, reached, outcome, satisfaction) values ($1, $2, $3, now(), current_date, true, 'solved', 'satisfied')`,
        [DISTRICT, newId(), id],
      )
      await run(
        'called',
        `update demand set state = 'called', outcome = 'solved', satisfaction = 'satisfied', version = version + 1 where district_id = $1 and id = $2`,
        [DISTRICT, id],
      )
    })
  return async (worker: number) => {
    const [id, task, claim] = [newId(), newId(), newId()]
    await openIt(id)
    await dispatchIt(id, task)
    await claimIt(task, claim, (stage.members[worker % stage.members.length] as Stage['members'][number]).id)
    await submitIt(claim)
    await acceptIt(id, task, claim)
    await callIt(id)
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

export interface Lifecycle {
  stored: number
  jishi: number
  plain: number
  ratio: number
  p99: number
  errors: number
  /** ms of CPU per lifecycle */
  cpu: { jishi: Cpu; plain: Cpu }
}

async function measured(stage: Stage, seconds: number, turn: (worker: number) => Promise<void>) {
  const before = cpuNow(stage.pids)
  const ran = await drive(WORKERS, seconds, turn)
  return { ...ran, cpu: perTurn(since(before, cpuNow(stage.pids)), ran.turns) }
}

const medianCpu = (all: readonly { cpu: Cpu }[]): Cpu => ({
  driver: median(all.map((r) => r.cpu.driver)),
  server: median(all.map((r) => r.cpu.server)),
  postgres: median(all.map((r) => r.cpu.postgres)),
})

/** Alternates Jishi and plain SQL so that a machine that slows down slows both; medians of `rounds`. */
export async function benchLifecycle(
  stage: Stage,
  stored: number,
  { rounds = 3, seconds = 8 } = {},
): Promise<Lifecycle> {
  await fill(stage, stored)
  await drive(WORKERS, 2, jishiTurn(stage))
  await drive(WORKERS, 2, plainTurn(stage))
  // both sides plan with statistics, as a running district does within a minute
  await stage.owner.query('analyze')
  await drive(WORKERS, 12, jishiTurn(stage))
  await drive(WORKERS, 12, plainTurn(stage))
  const jishi: Awaited<ReturnType<typeof measured>>[] = []
  const plain: (typeof jishi)[number][] = []
  for (let i = 0; i < rounds; i++) {
    jishi.push(await measured(stage, seconds, jishiTurn(stage)))
    plain.push(await measured(stage, seconds, plainTurn(stage)))
  }
  const ratios = jishi.map((j, i) => j.rate / (plain[i]?.rate ?? 1))
  return {
    stored,
    jishi: median(jishi.map((r) => r.rate)),
    plain: median(plain.map((r) => r.rate)),
    ratio: median(ratios),
    p99: median(jishi.map((r) => r.p99)),
    errors: [...jishi, ...plain].reduce((n, r) => n + r.errors, 0),
    cpu: { jishi: medianCpu(jishi), plain: medianCpu(plain) },
  }
}

/** Load jumps 35-fold: slow answers or an honest 503 that is heeded, never an error and never a lost write. */
export async function benchBurst(stage: Stage, seconds = 60) {
  const calm = await drive(WORKERS, 5, jishiTurn(stage))
  let shed = 0
  const ask = patient(() => shed++, performance.now() + seconds * 1000)
  const burst = await drive(WORKERS * 35, seconds, jishiTurn(stage, ask))
  const after = await drive(WORKERS, 5, jishiTurn(stage))
  return {
    calm: calm.rate,
    burst: burst.rate,
    shed,
    errors: burst.errors,
    p99: burst.p99,
    after: after.rate,
  }
}
