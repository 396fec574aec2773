// The district's own measures: defined, revised into a new version, retired. Nothing that was in force is ever overwritten.
import type { Context, Tx, WriteTx } from '#core/context.ts'
import { fail as coreFail } from '#core/errors.ts'
import type { Fact, Measure, Names } from '#core/facts.ts'
import { allowed } from '#core/permissions.ts'
import { pinyinKey } from '#core/pinyin.ts'
import { getUnit } from '#modules/units/index.ts'
import { allFacts, Catalogue, infoOf, type Known, stockOf } from '../catalogue.ts'
import { dimensionsOf } from '../compile/dimensions.ts'
import {
  type DefineMeasure,
  type Definition,
  fail,
  type FactInfo,
  type ListMeasuresQuery,
  type MeasureVersion,
  type PackMeasure,
  type PreviewMeasure,
  type RetireMeasure,
  type ReviseMeasure,
} from '../contract.ts'
import { checkMeasure, measureOf, stated } from '../rules/definition.ts'
import { endVersion, insertVersion } from '../store/definitions.ts'
import { catalogueNow, namesFor } from './known.ts'
import { ask } from '../settle.ts'
import { readThese } from './read.ts'

/** @throws figure.bad-definition with every reason and its place */
async function check(tx: Tx, catalogue: Catalogue, m: Measure): Promise<void> {
  const find = namesFor(tx)
  const known = new Map<string, Names>()
  for (const { fact, dimension } of usedDimensions(catalogue, m))
    if (dimensionsOf(fact)[dimension]?.values) known.set(`${fact.id} ${dimension}`, await find(fact, dimension))
  const stock = stockOf(catalogue, (fact, dimension) => known.get(`${fact.id} ${dimension}`) ?? null)
  const issues = checkMeasure(m, stock)
  if (issues.length > 0) {
    const at = issues.map((i) => ({ ...i, path: `stated.${i.path}` }))
    throw fail('bad-definition', { name: m.name }, at)
  }
}

function usedDimensions(catalogue: Catalogue, m: Measure): { fact: Fact; dimension: string }[] {
  const base = 'fact' in m ? m : 'share' in m ? catalogue.find(m.share.of)?.measure : null
  const fact = base && 'fact' in base ? allFacts().find((f) => f.id === base.fact) : null
  const filters = 'fact' in m ? (m.filters ?? []) : 'share' in m ? m.share.where : []
  return fact ? filters.map(({ dimension }) => ({ fact, dimension })) : []
}

/** A definition keeps meaning what it meant: own measures it is made of are named with their version. */
function pinned(catalogue: Catalogue, definition: Definition): Definition {
  const pin = (reference: string) => {
    const found = catalogue.find(reference)
    return found?.own && !reference.includes('@') ? `${found.id}@${found.version}` : reference
  }
  if (definition.kind === 'ratio') return { ...definition, ratio: [pin(definition.ratio[0]), pin(definition.ratio[1])] }
  if (definition.kind === 'share')
    return { ...definition, share: { ...definition.share, of: pin(definition.share.of) } }
  return definition.kind === 'balance' ? { ...definition, balance: pin(definition.balance) } : definition
}

const MOST = 40

/** own.xqdzb for 小区党支部; with a number where that is taken. */
function freeId(catalogue: Catalogue, name: string): string {
  const initials =
    pinyinKey(name)
      .split(' ')
      .at(-1)
      ?.replace(/[^a-z0-9]/g, '')
      .slice(0, MOST - 4) || 'measure'
  for (let n = 1; ; n++) {
    const id = `own.${initials}${n === 1 ? '' : `-${n}`}`
    if (catalogue.versions(id).length === 0) return id
  }
}

function mustBeFree(catalogue: Catalogue, id: string, name: string) {
  const same = catalogue.inForce.find((k) => k.id !== id && k.measure.name === name)
  if (same) throw fail('measure-exists', { name })
}

async function present(tx: Tx, catalogue: Catalogue, known: readonly Known[]): Promise<MeasureVersion[]> {
  const find = namesFor(tx)
  return Promise.all(
    known.map(async (k) => ({
      ...(await infoOf(catalogue, k, find)),
      pinyin: pinyinKey(k.measure.name),
      own: k.own !== null,
      stated: stated(k.measure),
      owner: k.own ? { id: k.own.owner.id, name: k.own.owner.name } : null,
      from: k.own?.from ?? null,
      to: k.own?.to ?? null,
      inForce: catalogue.isInForce(k),
      reason: k.own?.reason ?? null,
      decidedBy: k.own?.decidedBy ?? null,
      decidedAt: k.own?.decidedAt ?? null,
      restedOnBy: catalogue.restingOn(k.id).map((r) => ({ id: r.id, name: r.measure.name })),
      can: k.own ? allowed(tx.actor, ['figure.define'], k.own.owner.path) : [],
    })),
  )
}

const isLike = (k: Known, search: string) => {
  const { name, definition } = k.measure
  return [name, k.id, definition, pinyinKey(name)].some((t) => t.toLowerCase().includes(search))
}

export const listMeasures = (ctx: Context, query: ListMeasuresQuery) =>
  ctx.read('figure.read', async (tx) => {
    const catalogue = await catalogueNow(tx)
    const search = query.search?.toLowerCase().replaceAll(' ', '') ?? ''
    const wanted = (query.retired ? catalogue.latest : catalogue.inForce).filter(
      (k) => (!query.own || k.own !== null) && (search === '' || isLike(k, search)),
    )
    return { rows: await present(tx, catalogue, wanted), total: wanted.length }
  })

export const getMeasureVersions = (ctx: Context, id: string) =>
  ctx.read('figure.read', async (tx) => {
    const catalogue = await catalogueNow(tx)
    const versions = catalogue.versions(id)
    if (versions.length === 0) throw fail('measure-not-found')
    return { rows: await present(tx, catalogue, versions.toReversed()), total: versions.length }
  })

/** What a measure can be picked from, with the known values of every dimension. */
export const listFacts = (ctx: Context) =>
  ctx.read('figure.read', async (tx) => {
    const find = namesFor(tx)
    const rows = await Promise.all(
      allFacts().map(async (f): Promise<FactInfo> => {
        const dimensions = Object.entries(dimensionsOf(f)).map(async ([id, { name }]) => ({
          id,
          name,
          ages: id === 'person.age',
          values: Object.entries(await find(f, id)).map(([value, called]) => ({ id: value, name: called })),
        }))
        return {
          id: f.id,
          name: f.name,
          kind: f.kind,
          tree: f.tree,
          persons: f.persons ?? false,
          list: f.list ?? null,
          balance: f.flows !== undefined,
          dimensions: await Promise.all(dimensions),
        }
      }),
    )
    return { rows, total: rows.length }
  })

export const previewMeasure = (ctx: Context, input: PreviewMeasure) =>
  ask(ctx, 'figure.define', async (tx, head) => {
    const catalogue = await catalogueNow(tx)
    const measure = measureOf('own.preview', input.stated)
    await check(tx, catalogue, measure)
    return readThese({ tx, head }, [{ id: 'own.preview', version: 1, measure, own: null }], input)
  })

type Written = { id: string; version: number; stated: Definition; owner: { id: string; path: string }; from: string }

async function write(tx: WriteTx, v: Written, reason: string) {
  await insertVersion(tx, {
    ...v,
    ownerId: v.owner.id,
    reason,
    decidedBy: tx.actor.name,
    decidedAt: tx.now,
  })
}

const answer = async (tx: Tx, id: string, version: number): Promise<MeasureVersion> => {
  const catalogue = await catalogueNow(tx)
  return (await present(tx, catalogue, [catalogue.get(`${id}@${version}`)]))[0] as MeasureVersion
}

export const defineMeasure = (ctx: Context, input: DefineMeasure): Promise<MeasureVersion> =>
  ctx.write('figure.define', 'figure.define', async (tx) => {
    const own = tx.actor.grants.find((g) => g.verbs.includes('figure.define'))?.unitId ?? ''
    const owner = await getUnit(tx, input.ownerId ?? own)
    tx.must('figure.define', owner.path)
    const catalogue = await catalogueNow(tx)
    const { name } = input.stated
    const id = input.id ?? freeId(catalogue, name)
    if (catalogue.versions(id).length > 0) throw fail('measure-exists', { name: id })
    mustBeFree(catalogue, id, name)
    await check(tx, catalogue, measureOf(id, input.stated))
    const from = input.from ?? tx.today
    if (from < tx.today) throw fail('bad-day', { from: tx.today })
    const definition = pinned(catalogue, input.stated)
    await write(tx, { id, version: 1, stated: definition, owner, from }, input.reason)
    tx.record({
      subject: { kind: 'unit', id: owner.id },
      path: owner.path,
      change: { measure: id, version: 1, definition, from },
      reason: input.reason,
    })
    return answer(tx, id, 1)
  })

/** The last version of an own measure, loaded through what the asker may change. */
async function lastOf(tx: WriteTx, catalogue: Catalogue, id: string) {
  const last = catalogue.versions(id).at(-1)
  if (!last) throw fail('measure-not-found')
  if (!last.own) throw fail('not-own', { name: last.measure.name })
  tx.must('figure.define', last.own.owner.path)
  return { ...last, own: last.own }
}

/** Whoever is made of this measure follows it, in a new version of his own. */
async function carryOn(
  tx: WriteTx,
  catalogue: Catalogue,
  to: { id: string; version: number; name: string; from: string },
) {
  const follow = (reference: string) => (reference.split('@')[0] === to.id ? `${to.id}@${to.version}` : reference)
  const followed: string[] = []
  for (const k of catalogue.restingOn(to.id)) {
    const last = catalogue.versions(k.id).at(-1)
    if (!last?.own || last.own.to !== null) continue
    const old = stated(last.measure)
    const fresh =
      old.kind === 'ratio'
        ? { ...old, ratio: [follow(old.ratio[0]), follow(old.ratio[1])] as [string, string] }
        : old.kind === 'share'
          ? { ...old, share: { ...old.share, of: follow(old.share.of) } }
          : old.kind === 'balance'
            ? { ...old, balance: follow(old.balance) }
            : old
    const from = to.from > last.own.from ? to.from : last.own.from
    await check(tx, catalogue, measureOf(k.id, fresh))
    await endVersion(tx, last, from, null)
    const version = last.version + 1
    await write(tx, { id: k.id, version, stated: fresh, owner: last.own.owner, from }, `随“${to.name}”改口径`)
    followed.push(`${k.id}@${version}`)
  }
  return followed
}

export const reviseMeasure = (ctx: Context, id: string, version: number, input: ReviseMeasure) =>
  ctx.write('figure.define', 'figure.revise', async (tx): Promise<MeasureVersion> => {
    const catalogue = await catalogueNow(tx)
    const last = await lastOf(tx, catalogue, id)
    if (last.version !== version) throw coreFail('stale')
    mustBeFree(catalogue, id, input.stated.name)
    await check(tx, catalogue, measureOf(id, input.stated))
    const from = input.from ?? (tx.today > last.own.from ? tx.today : last.own.from)
    const earliest = [last.own.from, last.own.to ?? '', tx.today].toSorted().at(-1) as string
    if (from < earliest) throw fail('bad-day', { from: earliest })
    if (last.own.to === null && !(await endVersion(tx, last, from, null))) throw coreFail('stale')
    const next = version + 1
    const definition = pinned(catalogue, input.stated)
    await write(tx, { id, version: next, stated: definition, owner: last.own.owner, from }, input.reason)
    const followed = await carryOn(tx, await catalogueNow(tx), { id, version: next, name: input.stated.name, from })
    tx.record({
      subject: { kind: 'unit', id: last.own.owner.id },
      path: last.own.owner.path,
      change: { measure: id, version: [version, next], definition: [stated(last.measure), definition], from, followed },
      reason: input.reason,
    })
    return answer(tx, id, next)
  })

export const retireMeasure = (ctx: Context, id: string, input: RetireMeasure) =>
  ctx.write('figure.define', 'figure.retire', async (tx): Promise<MeasureVersion> => {
    const catalogue = await catalogueNow(tx)
    const last = await lastOf(tx, catalogue, id)
    if (last.own.to !== null) throw fail('measure-ended', { name: last.measure.name })
    const on = input.on ?? tx.today
    const earliest = tx.today > last.own.from ? tx.today : last.own.from
    if (on < earliest) throw fail('bad-day', { from: earliest })
    const resting = catalogue.restingOn(id).map((k) => k.measure.name)
    if (resting.length > 0) throw fail('rests-on', { names: resting.join('、') })
    if (!(await endVersion(tx, last, on, input.reason))) throw fail('measure-ended', { name: last.measure.name })
    tx.record({
      subject: { kind: 'unit', id: last.own.owner.id },
      path: last.own.owner.path,
      change: { measure: id, version: last.version, to: [null, on] },
      reason: input.reason,
    })
    return answer(tx, id, last.version)
  })

/** What a pack carries, from the district's first day. @throws figure.bad-definition */
export async function loadMeasures(tx: WriteTx, measures: readonly PackMeasure[], owner: { id: string; path: string }) {
  const from = '2000-01-01'
  const made = { owner: { ...owner, name: '' }, from, to: null, reason: '', decidedBy: '', decidedAt: tx.now }
  const known: Known[] = []
  for (const { id, stated: definition } of measures) {
    const catalogue = new Catalogue(known, tx.today)
    const measure = measureOf(id, definition)
    await check(tx, catalogue, measure)
    await write(tx, { id, version: 1, stated: pinned(catalogue, definition), owner, from }, '机制包')
    known.push({ id, version: 1, measure, own: made })
  }
}
