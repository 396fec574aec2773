// What the system holds already, gathered from those who hold it: measures with their numbers, columns of the rosters, the tree.
// The registry of forms compares every name with this list, so nobody is asked to type what is known. [JF-09]
import { Problem } from '#core/errors.ts'
import * as figures from '#modules/figures/index.ts'
import type { Held, HeldSource, Known } from '#modules/forms/index.ts'
import * as people from '#modules/people/index.ts'
import * as units from '#modules/units/index.ts'

const FIGURES = 'figures:'

/** Numbers of one unit; where the reader may not see them, or there is none, nothing is shown. */
const readMeasures: HeldSource['read'] = (ctx, { unitId, period }, ids) => {
  const stretch = `${period.from}..${period.to}`
  return figures.ask(ctx, 'figure.read', async (tx, head) => {
    const known = new Map<string, Known>()
    for (const id of ids.filter((i) => i.startsWith(FIGURES))) {
      const measures = id.slice(FIGURES.length)
      const question = { measures, unit: unitId, period: stretch }
      const found = await figures.readIn({ tx, head }, question).catch(noProblem)
      const value = found?.figures[0]?.value
      if (typeof value === 'number')
        known.set(id, { value: String(value), link: [measures, unitId, stretch, ''].join('~') })
    }
    return known
  })
}

/** A refusal is no number. */
function noProblem(error: unknown): null {
  if (error instanceof Problem) return null
  throw error
}

const measures: HeldSource = {
  list: async (tx) =>
    (await figures.measuresIn(tx)).map(
      (m): Held => ({
        id: `${FIGURES}${m.id}`,
        name: m.name,
        where: '指标',
        measured: m.classifier,
        valued: true,
        aliases: [],
        personal: false,
      }),
    ),
  read: readMeasures,
}

const columnsOf = (
  from: string,
  where: string,
  columns: readonly { id: string; name: string; aliases: readonly string[]; personal: boolean }[],
): HeldSource => ({
  list: async () =>
    columns.map(({ id, ...c }): Held => ({ id: `${from}:${id}`, where, measured: '', valued: false, ...c })),
})

export const held: readonly HeldSource[] = [
  measures,
  columnsOf('people', '人员名册', people.rosterColumns),
  columnsOf('units', '组织树', units.treeColumns),
]
