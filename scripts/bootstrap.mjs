// What every entry needs before Jishi's own code can run: the packages of the lock file, Node 24, the built web pages.
// Runs under a bare Node 20 with nothing installed, so it imports nothing but Node itself. Progress goes to stderr.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const modules = join(root, 'node_modules')
const installStamp = join(modules, '.jishi-install')
const webStamp = join(root, 'dist/.web-stamp')

const say = (line) => process.stderr.write(`${line}\n`)

/** Ends the process with a reason that says what to do. */
function refuse(chinese, english) {
  say(`${chinese}\n(${english})`)
  process.exit(1)
}

/** Installs the lock file's packages unless they are there already. */
export async function ensureInstall() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    refuse(`Node.js ${process.versions.node} 过旧，需要 20 以上版本。`, 'Node.js 20 or newer is needed to start')
  }
  if (isInstalled()) return
  await alone(async () => {
    if (isInstalled()) return
    say('正在安装依赖（只在首次或升级后进行）…')
    const { code, output } = await runQuietly('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], '安装依赖')
    if (code !== 0) {
      say(output)
      refuse('依赖安装失败。请检查网络，或用 npm config get registry 检查软件源设置，然后重试。', 'npm ci failed')
    }
    markInstalled()
  })
}

const lockText = () => readFileSync(join(root, 'package-lock.json'), 'utf8')
const platform = `${process.platform}-${process.arch}`
const stampOf = (text) => `${platform} ${createHash('sha256').update(text).digest('hex')}`
const readText = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')

function markInstalled() {
  writeFileSync(installStamp, stampOf(lockText()))
}

function isInstalled() {
  if (!existsSync(modules)) return false
  const text = lockText()
  if (readText(installStamp) === stampOf(text)) return true
  if (!matchesLock(JSON.parse(text))) return false
  markInstalled()
  return true
}

// npm writes down what it installed. Somebody who ran `npm install` himself is not made to wait for a second one.
function matchesLock(lock) {
  const hidden = readText(join(modules, '.package-lock.json'))
  if (!hidden) return false
  const present = JSON.parse(hidden).packages
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true
    const found = present[path]
    if (!found) return wanted.optional === true && !(wanted.os && forThisMachine(wanted))
    return found.version === wanted.version && existsSync(join(root, path, 'package.json'))
  })
}

function forThisMachine({ os, cpu, libc }) {
  const fits = (wanted, own) => wanted === undefined || [wanted].flat().includes(own)
  return fits(os, process.platform) && fits(cpu, process.arch) && fits(libc, ownLibc())
}

function ownLibc() {
  process.report.excludeNetwork = true
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
}

/** The path of a Node 24: the one the lock file brings, else this very process if it is new enough. */
export function findNode() {
  const packaged = [
    join(modules, `node-${platform}`, 'bin/node'),
    join(modules, 'node/bin/node'),
    join(modules, '.bin/node'),
  ]
  const found = packaged.find((path) => existsSync(path))
  if (found) return found
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  return refuse(
    `没有适用于本机（${platform}）的 Node.js 24 安装包。请先安装 Node.js 24 再启动。`,
    `no packaged Node.js 24 for ${platform}`,
  )
}

/** Builds the web pages when a file that went into the last build has changed. */
export async function ensureWeb() {
  if (!existsSync(join(root, 'vite.config.ts')) || isBuilt()) return
  await alone(async () => {
    if (isBuilt()) return
    say('正在构建网页（只在首次或升级后进行）…')
    const { code, output } = await runQuietly(findNode(), ['scripts/build-web.ts'], '构建网页')
    if (code !== 0) {
      say(output)
      refuse('网页构建失败，原因见上。', 'the web build failed')
    }
    writeFileSync(webStamp, webState())
  })
}

const isBuilt = () => existsSync(join(root, 'dist/web')) && readText(webStamp) === webState()

// The build leaves a list of the source files it read. Files that a glob may pick up count as well, read or not.
function webState() {
  const read = JSON.parse(readText(join(root, 'dist/.web-inputs.json')) || '[]')
  const files = new Set([
    'package-lock.json',
    'vite.config.ts',
    'scripts/build-web.ts',
    ...read,
    ...webFiles('src', false),
  ])
  const states = [...files].sort().map((file) => {
    const found = statSync(join(root, file), { throwIfNoEntry: false })
    return found ? `${file} ${found.size} ${found.mtimeMs}` : `${file} gone`
  })
  return createHash('sha256').update(states.join('\n')).digest('hex')
}

function webFiles(folder, inside) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return webFiles(path, inside || entry.name === 'web')
    return inside && !/\.test\.tsx?$/.test(entry.name) ? [path] : []
  })
}

// Two first starts of one checkout at once must not install over each other. The kernel frees the name with its holder.
async function alone(act) {
  const name = `\0jishi-bootstrap-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`
  for (let told = false; ; told = true) {
    const held = await listen(name)
    if (held) return act().finally(() => held.close())
    if (!told) say('另一个进程正在安装或构建，等待它完成 …')
    await new Promise((next) => setTimeout(next, 300))
  }
}

function listen(name) {
  const server = createServer()
  return new Promise((done, fail) => {
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? done(undefined) : fail(error)))
    server.listen(name, () => done(server))
  })
}

/** Runs a command from the root and answers its exit code and output. With a title, a line of progress every ten seconds. */
export function runQuietly(command, args, title) {
  // The npm of the machine must run on the Node of the machine: the one below node_modules is about to be replaced.
  const path = (process.env.PATH ?? '').split(delimiter).filter((one) => !one.startsWith(modules))
  const env = { ...process.env, PATH: path.join(delimiter) }
  const began = performance.now()
  const tell = (line) => title && say(line)
  const tick = setInterval(() => tell(`  ${title} … 已 ${Math.round((performance.now() - began) / 1000)} 秒`), 10_000)
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk
      })
    }
    child.once('error', (error) => {
      output += error.message
      finish(1)
    })
    child.once('close', (code) => finish(code ?? 1))
    const finish = (code) => {
      clearInterval(tick)
      if (code === 0) tell(`  ${title}完成，用时 ${Math.round((performance.now() - began) / 1000)} 秒`)
      done({ code, output: output.trim() })
    }
  })
}

/** How the server's Node is run: a small nursery keeps it smaller, for a twentieth more of its CPU. */
export const serverFlags = () => JSON.parse(readText(join(root, 'package.json'))).config.serverFlags

/** Becomes `node <flags> <script> <args>` on Node 24: replaces this process where Node can, else stands in for it until it ends. */
export function becomeNode(script, args, flags = []) {
  const node = findNode()
  const argv = [...flags, join(root, script), ...args]
  // Compiled code is kept between starts; below node_modules it goes away with the packages it belongs to.
  const env = { NODE_COMPILE_CACHE: join(modules, '.cache/node'), ...process.env }
  if (process.execve) {
    // Its only warning is that the function is young.
    process.removeAllListeners('warning')
    process.execve(node, ['node', ...argv], env)
  }
  const child = spawn(node, argv, { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'])
    process.on(signal, () => child.kill(signal))
  child.once('error', (error) => refuse(`无法运行 ${node}：${error.message}`, 'Node.js 24 cannot be run'))
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

/** Runs a command on Node 24 from the root with its output shown; answers its exit code. */
export function run(script, args, env = {}) {
  const child = spawn(findNode(), [script, ...args], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  return new Promise((done) => child.once('exit', (code, signal) => done(code ?? 128 + constants.signals[signal])))
}
