// Prints ratios measured in one run on this machine. `lifecycle`, `burst`, `roster`, `board`, `weight`, or all of these; `figures`; `--quick` for a short look.
import { benchBoard } from './board.ts'
import { type Cpu, memoryOf } from './cpu.ts'
import { benchFigures } from './figures.ts'
import { LEVELS, type Size } from './figures/plant.ts'
import { benchBurst, benchLifecycle, type Lifecycle } from './lifecycle.ts'
import { benchRoster } from './roster.ts'
import { openStage } from './stage.ts'
import { benchWeight } from './weight.ts'

const args = process.argv.slice(2)
const quick = args.includes('--quick')
const wanted = args.filter((a) => !a.startsWith('--'))
const wants = (name: string) => wanted.length === 0 || wanted.includes(name)
const option = (name: string) => args.find((a) => a.startsWith(`--${name}=`))?.slice(name.length + 3)
const fixed = (n: number, digits = 1) => n.toFixed(digits)

/** The load generator costs us HTTP and plain SQL its client; it is named apart and counted on both sides. */
function cpuLine({ jishi, plain }: Lifecycle['cpu']) {
  const all = (c: Cpu) => c.driver + c.server + c.postgres
  const part = (c: Cpu) =>
    `${fixed(all(c))} = ${c.server > 0 ? `${fixed(c.server)} server + ` : ''}${fixed(c.postgres)} postgres + ${fixed(c.driver)} driver`
  return `jishi ${part(jishi)}; plain ${part({ ...plain, server: 0 })} (${fixed(all({ ...plain, server: 0 }) / all(jishi), 2)})`
}

if (wants('weight'))
  for (const { page, files, kilobytes } of benchWeight())
    console.log(`first load of ${page}: ${fixed(kilobytes)} kB of JavaScript, gzip, in ${files} files`)
if (wanted.length === 1 && wanted[0] === 'weight') process.exit(0)

// A district of its own, two million facts large: only when asked for. `--size=20m` for ten times that, `--keep=<folder>` to plant it once.
if (wanted.includes('figures')) {
  const sizes: Record<string, Size> = {
    '200k': { facts: 200_000, persons: 50_000, levels: LEVELS },
    '2m': { facts: 2_000_000, persons: 500_000, levels: LEVELS },
    '20m': { facts: 20_000_000, persons: 5_000_000, levels: LEVELS },
  }
  const size = sizes[option('size') ?? (quick ? '200k' : '2m')]
  if (!size) throw new Error(`--size is one of ${Object.keys(sizes).join(', ')}`)
  const looks = quick ? { questions: 200, seconds: 3, worst: 0 } : { questions: 600, seconds: 8, worst: 3 }
  await benchFigures(size, { ...looks, worst: Number(option('worst') ?? looks.worst), keep: option('keep') })
  process.exit(0)
}

const stage = await openStage()
try {
  if (wants('lifecycle')) {
    console.log('lifecycle (open → dispatch → claim → submit → accept → call back), 16 connections')
    console.log('stored      jishi/s   plain SQL/s   ratio   p99 ms   errors   CPU ms per lifecycle (ratio)')
    for (const stored of quick ? [0, 100_000] : [0, 100_000, 1_000_000]) {
      const r = await benchLifecycle(stage, stored, quick ? { rounds: 1, seconds: 5 } : {})
      console.log(
        `${String(stored).padEnd(10)} ${fixed(r.jishi).padStart(8)} ${fixed(r.plain).padStart(13)} ${fixed(r.ratio, 2).padStart(7)} ${fixed(r.p99).padStart(8)} ${String(r.errors).padStart(8)}   ${cpuLine(r.cpu)}`,
      )
    }
  }
  if (wants('burst')) {
    const b = await benchBurst(stage, quick ? 15 : 60)
    console.log(
      `burst of 35 × load: ${fixed(b.calm)}/s before, ${fixed(b.burst)}/s during (p99 ${fixed(b.p99)} ms, ${b.shed} told 503, ${b.errors} errors), ${fixed(b.after)}/s after`,
    )
  }
  if (wants('roster')) {
    const r = await benchRoster(stage, quick ? 5_000 : 31_000)
    console.log(
      `roster of ${r.rows} rows (${fixed(r.megabytes)} MB): judged in ${fixed(r.check)} s (${r.errors} errors), stored in ${fixed(r.commit)} s (${r.persons} persons), ${fixed(r.check + r.commit)} s in all`,
    )
  }
  if (wants('board')) {
    const stored = quick ? 100_000 : 1_000_000
    console.log(`board page at ${stored} stored demands (50 rows by deadline and exact total)`)
    for (const r of await benchBoard(stage, stored))
      console.log(
        `${r.level}\t${r.what}\ttotal ${r.total}\tp50 ${fixed(r.p50)} ms\tp99 ${fixed(r.p99)} ms\t${fixed(r.rate)}/s\t${r.errors} errors`,
      )
  }
  const { now, most } = memoryOf(stage.pids.server)
  console.log(`server memory: ${fixed(now, 0)} MB at the end, ${fixed(most, 0)} MB at its most`)
} finally {
  await stage.close()
}
process.exit(0)
