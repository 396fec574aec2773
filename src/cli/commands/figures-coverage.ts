// Which figures of the field's articles can be produced now: reads packs, and asks no server.
import { parseArgs } from 'node:util'
import type { ArticleFigure } from '#figures-coverage.ts'
import { EXIT } from '../answer.ts'
import type { FreeCommand, Io } from '../command.ts'
import { table } from '../table.ts'

const stateNames: Record<ArticleFigure['state'], string> = {
  produced: '可产生',
  'not-yet': '引擎尚未建成',
  'no-figure': '不是统计数',
}

function summary(rows: readonly ArticleFigure[]): string {
  const count = (of: readonly ArticleFigure[]) => {
    const n = (state: ArticleFigure['state']) => of.filter((r) => r.state === state).length
    return { produced: n('produced'), notYet: n('not-yet'), none: n('no-figure'), all: of.length }
  }
  const modules = [...Map.groupBy(rows, (r) => r.module)].map(([module, of]) => ({ module, ...count(of) }))
  return table(
    [...modules.toSorted((a, b) => b.produced - a.produced || b.all - a.all), { module: '合计', ...count(rows) }],
    [
      { key: 'module', title: '引擎' },
      { key: 'produced', title: '可产生' },
      { key: 'notYet', title: '尚未' },
      { key: 'none', title: '不是统计数' },
      { key: 'all', title: '数字' },
    ],
  )
}

async function showCoverage(words: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: { json: { type: 'boolean' } } })
  const rows = (await import('#figures-coverage.ts')).figuresCoverage()
  if (values.json) {
    io.out(JSON.stringify(rows, null, 2))
    return EXIT.ok
  }
  const lines = rows.map((r) => ({
    ...r,
    state: stateNames[r.state],
    how: r.measure ? `${r.measure} ${r.period ?? ''}${r.at ? ` @${r.at}` : ''}` : (r.why ?? r.module),
  }))
  const columns = [
    { key: 'id', title: 'id' },
    { key: 'value', title: '数' },
    { key: 'unit', title: '量词', most: 12 },
    { key: 'state', title: '状态' },
    { key: 'how', title: '指标或引擎', most: 60 },
  ]
  io.out(`${summary(rows)}\n\n${table(lines, columns)}`)
  return EXIT.ok
}

export const figureCoverageCommands: FreeCommand[] = [
  {
    words: 'figures coverage',
    about: '三篇综述的全部数字中哪些现在可产生、由哪个指标，哪些引擎尚未建成（不需要服务）',
    example: 'jishi figures coverage --json',
    options: ['--json'],
    run: showCoverage,
  },
]
