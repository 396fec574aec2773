// Opens a file from outside: never in this process, at most two at once, with little memory and little time (C-9, IM-01 … IM-14).
import { spawn } from 'node:child_process'
import { existsSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fail as core, type Problem } from './errors.ts'

/** What a reader of one kind of file is: its child, and the problems it may have with a file. */
export interface Capped {
  /** Path of the child's module; it takes the bytes on stdin and a JSON object as its argument, and says lines of JSON. */
  script: string
  /** Other folders of our code it may read. */
  folders?: readonly string[]
  limits: object
  timeout(): Problem
  /** The child died without a word: out of memory. */
  bomb(): Problem
  /** One line the child said; a problem ends the reading. */
  line(said: unknown): Problem | undefined
}

const TIME = 60_000
const AT_ONCE = 2
const WAITING = 8

/** Folders the child may read: its own code and its two parsers, by every name they go by, nothing else of the machine. */
function readable(folders: readonly string[]): string[] {
  const here = import.meta.dirname
  const all = [...folders, resolve(here, '../../package.json')]
  for (let at = here; at !== dirname(at); at = dirname(at)) {
    const modules = resolve(at, 'node_modules')
    if (!existsSync(modules)) continue
    // A linked folder of packages (a second checkout) has to be passed through.
    if (realpathSync(modules) !== modules) all.push(modules)
    all.push(...['fflate', 'saxes', 'xmlchars'].map((name) => resolve(modules, name)).filter((f) => existsSync(f)))
  }
  return all.flatMap((f) => [...new Set([f, realpathSync(f)])])
}

let running = 0
const waiting: (() => void)[] = []

async function enter(): Promise<void> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING) throw core('busy')
    await new Promise<void>((go) => waiting.push(go))
  } else running++
}

function leave() {
  const next = waiting.shift()
  if (next) next()
  else running--
}

/** Puts the child's lines together from the pieces the pipe gives. */
function liner(take: (line: unknown) => void) {
  let rest: string[] = []
  return (piece: string) => {
    const lines = piece.split('\n')
    for (const [i, line] of lines.entries()) {
      rest.push(line)
      if (i === lines.length - 1) break
      take(JSON.parse(rest.join('')))
      rest = []
    }
  }
}

/** When memory runs out, the machine takes the reader of a hostile file before the server that waits for it (OV-10). */
function yieldFirst(pid: number | undefined) {
  try {
    if (pid) writeFileSync(`/proc/${pid}/oom_score_adj`, '1000')
  } catch {
    // no such setting here: the limits of the child still hold
  }
}

function runChild(file: Buffer, capped: Capped): Promise<void> {
  const { promise, resolve: done, reject } = Promise.withResolvers<void>()
  const args = [
    '--permission',
    ...readable([dirname(capped.script), ...(capped.folders ?? [])]).map((f) => `--allow-fs-read=${f}`),
    '--max-old-space-size=160',
    '--max-semi-space-size=4',
    '--disable-warning=ExperimentalWarning',
    capped.script,
    JSON.stringify(capped.limits),
  ]
  // An empty environment: no secret can be read, no preload can be smuggled in.
  const child = spawn(process.execPath, args, { cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'pipe'] })
  child.on('error', reject)
  // Without a descriptor left there are no pipes at all, and the error comes after we have gone (DE-08).
  if (!(child.stdout as unknown)) return promise
  yieldFirst(child.pid)
  let problem: Problem | undefined
  let ended = false
  const timer = setTimeout(() => {
    problem = capped.timeout()
    child.kill('SIGKILL')
  }, TIME)
  const take = liner((said) => {
    if ((said as { end?: true }).end) ended = true
    else problem ??= capped.line(said)
  })
  child.stdout.setEncoding('utf8').on('data', take)
  // A child that stops early closes the pipe under us; its exit tells the story.
  child.stdin.on('error', () => {})
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    complaint = (complaint + piece).slice(0, 2000)
  })
  child.on('close', (code) => {
    clearTimeout(timer)
    if (problem) reject(problem)
    // An ordinary failure is ours, not the file's; out of memory ends in an abort.
    else if (code === 1) reject(new Error(`the file reader does not run: ${complaint}`))
    else if (!ended) reject(capped.bomb())
    else done()
  })
  child.stdin.end(file)
  return promise
}

/** Runs a file through a reader of its own process; core.busy when too many are being read. */
export async function readCapped(file: Buffer, capped: Capped): Promise<void> {
  await enter()
  try {
    await runChild(file, capped)
  } finally {
    leave()
  }
}
