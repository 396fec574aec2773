// The board page: a unit's subtree, open states, by deadline, with the exact total.
import { call, drive } from './load.ts'
import { fill, type Stage } from './stage.ts'

export async function benchBoard(stage: Stage, stored: number) {
  await fill(stage, stored)
  const street = stage.tree.streets[0] as Stage['tree']['streets'][number]
  const community = stage.tree.communities[0] as Stage['tree']['communities'][number]
  const estate = stage.tree.estates[0] as Stage['tree']['estates'][number]
  const rows = []
  for (const [level, unit] of [
    ['区', stage.tree.district.id],
    ['街道', street.place],
    ['社区', community.id],
    ['小区', estate.id],
  ] as const) {
    for (const [what, state] of [
      ['在办', '&state=registered,dispatched,signed'],
      ['全部', ''],
    ] as const) {
      const ask = () => call<{ total: number }>(stage.base, stage.caller, `GET /demands?unit=${unit}${state}&limit=50`)
      const { total } = await ask()
      const ran = await drive(4, 4, async () => void (await ask()))
      rows.push({ level, what, total, p50: ran.p50, p99: ran.p99, rate: ran.rate, errors: ran.errors })
    }
  }
  return rows
}
