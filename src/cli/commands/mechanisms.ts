// Which of the field's mechanisms run here: reads packs and the last conformance run, and asks no server.
import { parseArgs } from 'node:util'
import type { Covered } from '#coverage.ts'
import { EXIT } from '../answer.ts'
import type { FreeCommand, Io } from '../command.ts'
import { table } from '../table.ts'

const stateNames: Record<Covered['state'], string> = { running: '运行', configured: '已配置', 'not-yet': '尚未' }

function summary(rows: readonly Covered[]): string {
  const count = (of: readonly Covered[]) => {
    const n = (state: Covered['state']) => of.filter((r) => r.state === state).length
    return { running: n('running'), configured: n('configured'), notYet: n('not-yet'), all: of.length }
  }
  const modules = [...Map.groupBy(rows, (r) => r.module)].map(([module, of]) => ({ module, ...count(of) }))
  return table(
    [...modules.sort((a, b) => b.running - a.running || b.all - a.all), { module: '合计', ...count(rows) }],
    [
      { key: 'module', title: '模块' },
      { key: 'running', title: '运行' },
      { key: 'configured', title: '已配置' },
      { key: 'notYet', title: '尚未' },
      { key: 'all', title: '机制' },
    ],
  )
}

async function showCoverage(words: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: { json: { type: 'boolean' } } })
  const rows = (await import('#coverage.ts')).coverage()
  if (values.json) {
    io.out(JSON.stringify(rows, null, 2))
    return EXIT.ok
  }
  const columns = [
    { key: 'id', title: 'id' },
    { key: 'name', title: '机制', most: 50 },
    { key: 'module', title: '模块' },
    { key: 'state', title: '状态' },
    { key: 'pack', title: '机制包' },
  ]
  io.out(summary(rows))
  io.out('')
  io.out(
    table(
      rows.map((r) => ({ ...r, state: stateNames[r.state] })),
      columns,
    ),
  )
  io.note('运行：在机制包中、设置有效、最近一次测试按此设置演练通过；已配置：设置有效，未按此设置演练。')
  return EXIT.ok
}

export const mechanismCommands: FreeCommand[] = [
  {
    words: 'mechanisms coverage',
    about: '全部机制中哪些运行、已配置、尚未（不需要服务）',
    example: 'jishi mechanisms coverage --json',
    options: ['--json'],
    run: showCoverage,
  },
]
