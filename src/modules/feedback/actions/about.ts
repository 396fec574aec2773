// What the system says of itself: who runs it under which filing, what it keeps, its functions and how often each is used.
import { addMonths } from '#core/calendar.ts'
import type { Context } from '#core/context.ts'
import { fail as coreFail } from '#core/errors.ts'
import { newId } from '#core/ids.ts'
import { version as productVersion } from '#core/version.ts'
import { type About, type AboutSettings, fail, filed, type FunctionUsesQuery } from '../contract.ts'
import { findDistrict, findHome, findUses, readAboutRow, writeAbout } from '../store.ts'
import { speakingTo } from './shared.ts'

const NAME = '基石 · 区县组织工作平台'
const BANNER = '非涉密系统，严禁处理涉密信息'

export async function readAbout(ctx: Context, named: string | undefined): Promise<About> {
  const speaking = await speakingTo(ctx, named ? Number(named) : undefined)
  return speaking.read(null, async (tx) => {
    const district = await findDistrict(tx)
    if (!district) throw fail('unknown-district')
    const { settings, version } = await readAboutRow(tx)
    return { name: NAME, version: productVersion, banner: BANNER, district, settings, settingsVersion: version }
  })
}

/** States anew who runs it and under which filing; nothing is overwritten that somebody else changed meanwhile. */
export const changeAbout = (ctx: Context, version: number, settings: AboutSettings) =>
  ctx.write('about.write', 'about.change', async (tx) => {
    const home = await findHome(tx)
    if (!home) throw fail('unknown-district')
    tx.must('about.write', home.path)
    const before = (await readAboutRow(tx)).settings
    if (!(await writeAbout(tx, version, settings))) throw coreFail('stale')
    const fields = (Object.keys(settings) as (keyof AboutSettings)[]).filter(
      (k) => JSON.stringify(before[k]) !== JSON.stringify(settings[k]),
    )
    const change = Object.fromEntries(
      fields.map((k) => [k, typeof settings[k] === 'object' ? '已更改' : [before[k], settings[k]]]),
    )
    tx.record({ subject: { kind: 'about', id: newId() }, path: home.path, change })
    return { settings, settingsVersion: version + 1 }
  })

/** The list as it goes with the filing. [JF-13] */
export const listFunctions = async () => ({
  rows: filed.map(({ id, name, about, who, personal, pages }) => ({
    id,
    name,
    about,
    who,
    personal,
    pages: [...pages],
  })),
  total: filed.length,
})

/** Which function was used how often, to retire what nobody uses; of no person, unit or account. [JF-15] */
export const listFunctionUses = (ctx: Context, query: FunctionUsesQuery) =>
  ctx.read('function.read', async (tx) => {
    const home = await findHome(tx)
    tx.must('function.read', home?.path ?? '')
    const found = await findUses(tx, query.from ?? addMonths(tx.today, -3), query.to ?? tx.today)
    const uses = new Map(found.map((u) => [u.function, u]))
    const rows = filed.map(({ id, name }) => {
      const { looked = 0, done = 0, lastOn = null } = uses.get(id) ?? {}
      return { id, name, looked, done, lastOn }
    })
    return { rows, total: rows.length }
  })
