import { dayOf } from '#core/calendar.ts'
import type { Context, Sight, Tx, WriteTx } from '#core/context.ts'
import { followCode, readFollowCode } from '#core/crypto.ts'
import { together } from '#core/db.ts'
import { newId } from '#core/ids.ts'
import { getSettings } from '#modules/mechanisms/index.ts'
import { findUnitByNo, getUnit, lineOf, pathsAbove, type UnitNow } from '#modules/units/index.ts'
import { type DemandSettings, fail, type OpenDemand, type RaiseDemand } from '../contract.ts'
import { engine } from '../engine.ts'
import { categoryOf, clocksOf } from '../rules.ts'
import { insertDemand, layDown, takeDemandNo } from '../store/demands.ts'
import { seeOccasion } from '../store/occasions.ts'
import { findSpokenTo } from '../store/rates.ts'
import { rangesFor } from './ranges.ts'
import { callable, openAt } from './shared.ts'

/** The notice a resident agrees to before speaking; the version is kept with the demand. [PRV-01] */
export const NOTICE = {
  version: '2026-11',
  text: '您填写的内容只用于办理这件诉求。姓名、电话和照片都可以不留；联系方式在承办人签收后才能看到，照片只保存画面，去掉拍摄位置、时间和设备信息；二者在办结满两年后删除。您可以随时凭查询码查看进展、评价、删除照片，或撤回同意并删除联系方式。本系统不读取您的位置。',
}

export interface Opening {
  id?: string
  mechanismId: string
  settings: DemandSettings
  place: UnitNow
  input: Omit<OpenDemand, 'mechanismId' | 'placeId' | 'channel'>
  channel: 'resident' | 'secretary' | 'hotline' | 'visit' | 'patrol' | 'whistle'
  follow: string | null
  consent: string | null
  /** When it was first heard, where that was before now: the clocks run from there. */
  openedAt?: string | undefined
  hotlineNo?: string
  splitFrom?: string
}

/** The row of a new demand: words and contact are sealed before they touch the database; and what the history says of it. */
function draw(tx: WriteTx, o: Opening) {
  const category = categoryOf(o.settings, o.input.category)
  const grade = o.input.grade ?? category.grade
  const openedAt = o.openedAt ?? tx.now
  const clocks = clocksOf(o.settings, grade, openedAt)
  const id = o.id ?? newId()
  const phone = o.input.contact?.phone
  const report = o.input.report ?? false
  const row = {
    id,
    mechanism_id: o.mechanismId,
    channel: o.channel,
    hotline_no: o.hotlineNo ?? null,
    occasion_id: o.input.occasionId ?? null,
    split_from: o.splitFrom ?? null,
    category: category.id,
    grade,
    title: o.input.title ?? `${category.name}·${o.place.name}`,
    words_sealed: tx.vault.seal(`demand.words:${id}`, o.input.words),
    contact_sealed: o.input.contact ? tx.vault.seal(`demand.contact:${id}`, JSON.stringify(o.input.contact)) : null,
    contact_index: phone ? tx.vault.blindIndex('phone', phone) : null,
    follow_index: o.follow ? tx.vault.blindIndex('follow', o.follow) : null,
    consent: o.consent,
    report,
    about_id: o.input.aboutId ?? null,
    place_id: o.place.id,
    place_path: o.place.path,
    state: 'registered',
    due_at: clocks.respondDueAt,
    respond_due_at: clocks.respondDueAt,
    resolve_due_at: clocks.resolveDueAt,
    provisional: clocks.provisional,
    opened_at: openedAt,
    opened_on: dayOf(openedAt),
  }
  const change = { state: [null, 'registered'], channel: o.channel, category: category.id, grade }
  return { row, entry: { subject: { kind: 'demand', id }, path: o.place.path, change, quiet: report } }
}

/** Inserts one demand among other things; the caller records `entry`. */
export async function register(tx: WriteTx, o: Opening) {
  const { row, entry } = draw(tx, o)
  return { row: await insertDemand(tx, row), entry }
}

/** All that a use case does: one demand. `no` was taken on the way. */
function registerOnly(tx: WriteTx, no: number, o: Opening) {
  const { row, entry } = draw(tx, o)
  layDown(tx, { ...row, no })
  tx.record(entry)
  return row
}

/** A demand names an occasion of its mechanism, and only one that its opener may see: it counts in the occasion's figures. @throws demand.occasion-not-found */
async function heldFor(tx: Tx, occasionId: string, mechanismId: string) {
  const { mechanism_id } = await seeOccasion(tx, occasionId, await rangesFor(tx, 'demand.read', undefined))
  if (mechanism_id !== mechanismId) throw fail('occasion-not-found')
}

/** A secretary, desk or hotline file opens a demand on behalf of a resident. */
export const openDemand = (ctx: Context, input: OpenDemand) =>
  ctx.write(
    'demand.open',
    'demand.open',
    async (tx, [unit, no]) => {
      const place = openAt(tx, 'demand.open', unit)
      if (input.aboutId) await callable(tx, place.path, input.aboutId)
      const settings = await getSettings(tx, engine, input.mechanismId, tx.today)
      if (input.occasionId) await heldFor(tx, input.occasionId, input.mechanismId)
      const { mechanismId, placeId: _, channel, ...rest } = input
      const follow = followCode()
      const { id } = registerOnly(tx, no, {
        mechanismId,
        settings,
        place,
        input: rest,
        channel: channel ?? 'secretary',
        follow,
        consent: null,
      })
      return { id, no, code: `${tx.district}-${follow}` }
    },
    (sight: Sight) => together([getUnit(sight, input.placeId), takeDemandNo(sight)]),
  )

/** `12-3f`: district number and the place's own number, as printed on the QR plate. @throws demand.unknown-place */
export function readPlate(code: string): { district: number; no: number } {
  const found = /^(\d{1,6})-([0-9a-z]{1,5})$/.exec(code)
  if (!found) throw fail('unknown-place')
  return { district: Number(found[1]), no: Number.parseInt(found[2] as string, 36) }
}

/** `12-ABCDEFGHJKM` → district and code. @throws demand.bad-code */
export function readFollow(code: string): { district: number; follow: string } {
  const found = readFollowCode(code)
  if (!found) throw fail('bad-code')
  return found
}

interface Speaking {
  id: string
  settings: DemandSettings & { residents: NonNullable<DemandSettings['residents']> }
}

/** The mechanisms residents of the district raise into, in the order of the phone; of them the one named. @throws demand.not-for-residents */
async function residentMechanisms(tx: Tx, named?: string): Promise<[Speaking, ...Speaking[]]> {
  const found: Speaking[] = []
  for (const { id } of await findSpokenTo(tx)) {
    if (named !== undefined && id !== named) continue
    const settings = await getSettings(tx, engine, id, tx.today)
    if (settings.residents) found.push({ id, settings: { ...settings, residents: settings.residents } })
  }
  const [first, ...more] = found
  if (!first) throw fail('not-for-residents')
  return [first, ...more]
}

/** A place residents may speak from: open today, in the place tree. */
async function plateUnit(tx: Tx, no: number): Promise<UnitNow> {
  const place = await findUnitByNo(tx, no)
  if (!place || place.tree !== 'place' || place.closedOn) throw fail('unknown-place')
  return place
}

/** What the phone shows after the QR plate was scanned. */
export async function readPlace(ctx: Context, code: string) {
  const { district, no } = readPlate(code)
  return ctx.asResident(district).read(null, async (tx) => {
    const place = await plateUnit(tx, no)
    const mechanisms = await residentMechanisms(tx)
    const line = await lineOf(tx, [...pathsAbove(place.path), place.path])
    const { name } = await tx.db
      .selectFrom('district')
      .select('name')
      .where('id', '=', district)
      .executeTakeFirstOrThrow()
    return {
      district: name,
      place: code,
      line: line.slice(1).map((u) => u.name),
      notice: NOTICE,
      mechanisms: mechanisms.map(({ id, settings: { words, residents, categories } }) => ({
        id,
        word: words.demand,
        ask: residents.ask,
        hint: residents.hint,
        categories: categories.map((c) => ({ id: c.id, name: c.name })),
      })),
    }
  })
}

/** A resident speaks from a phone, without an account; the code is the only key to the demand. */
export async function raiseDemand(ctx: Context, input: RaiseDemand) {
  const { district, no } = readPlate(input.place)
  const speaking = ctx.asResident(district)
  return speaking.write(null, 'demand.raise', async (tx) => {
    const [place, number] = await together([plateUnit(tx, no), takeDemandNo(tx)])
    const [{ id: mechanismId, settings }] = await residentMechanisms(tx, input.mechanism)
    const follow = followCode()
    const category = input.category ?? settings.categories[0]?.id ?? ''
    const { place: _, consent: __, category: ___, mechanism: ____, ...rest } = input
    const row = registerOnly(tx, number, {
      mechanismId,
      settings,
      place,
      input: { ...rest, category },
      channel: 'resident',
      follow,
      consent: NOTICE.version,
    })
    return { code: `${district}-${follow}`, no: number, respondBy: row.respond_due_at }
  })
}
