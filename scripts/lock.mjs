// Keeps package-lock.json complete and safe. `npm install` leaves out platform packages that the registry at hand does not
// carry, and `npm ci` then refuses the lock file; they are entered by name and version, to be skipped on other platforms.
// `--check` compares instead, and refuses what must not be in a lock file (SU-01, SU-02) or lies below floors.json.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './bootstrap.mjs'

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32']

const given = process.argv.find((one) => one.startsWith('--file='))?.slice('--file='.length)
const path = given ?? join(root, 'package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8'))
const packages = lock.packages

const absent = Object.entries(packages).flatMap(([owner, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !packages[`node_modules/${name}`] && !packages[`${owner}/node_modules/${name}`])
    .map(([name, version]) => [name, version, entry]),
)

if (process.argv.includes('--check')) {
  const faults = [...absent.map(([name]) => `${name} is missing: run node scripts/lock.mjs`), ...unsafe(), ...low()]
  for (const fault of faults) console.error(`package-lock.json: ${fault}`)
  process.exit(faults.length > 0 ? 1 : 0)
}

for (const [name, version, owner] of absent) packages[`node_modules/${name}`] = foreign(name, version, owner)
const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
console.log(`${absent.length} platform packages entered`)

function foreign(name, version, owner) {
  const words = name.split('/').pop().split('-')
  const os = systems.filter((one) => words.includes(one))
  const cpu = processors.filter((one) => words.includes(one))
  if (os.length + cpu.length === 0 || !/^\d/.test(version))
    throw new Error(`not a platform package: ${name}@${version}`)
  const libc = words.includes('musl') || words.includes('musleabihf') ? { libc: ['musl'] } : {}
  return {
    version,
    cpu,
    ...(owner.dev ? { dev: true } : {}),
    ...libc,
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  }
}

// Every package that this system can install is pinned by its hash and comes from the configured registry.
function unsafe() {
  return Object.entries(packages).flatMap(([name, entry]) => {
    if (name === '') return []
    const here =
      entry.os?.includes('linux') &&
      !entry.libc?.includes('musl') &&
      ['x64', 'arm64'].some((one) => entry.cpu?.includes(one))
    if (entry.link || /^(git|http:|file:)/.test(entry.resolved ?? '')) return [`${name} does not come from a registry`]
    return entry.integrity || (entry.optional && entry.os && !here) ? [] : [`${name} has no hash`]
  })
}

// An advisory service is not at hand everywhere: what is known to be holed is written down and refused by version.
function low() {
  const { floors, banned, scripts, production } = JSON.parse(readFileSync(join(root, 'scripts/floors.json'), 'utf8'))
  const served = Object.entries(packages).filter(([name, entry]) => name && !entry.dev && !entry.devOptional)
  const found = Object.entries(packages).flatMap(([at, entry]) => {
    const name = at.split('node_modules/').pop()
    const floor = floors[name]?.least
    return [
      ...(floor && older(entry.version, floor) ? [`${name} ${entry.version} is below ${floor}`] : []),
      ...(banned[name] ? [`${name} is banned: ${banned[name]}`] : []),
      ...(entry.hasInstallScript && !scripts.includes(name) ? [`${name} wants to run a script when installed`] : []),
    ]
  })
  const many =
    served.length > production ? [`${served.length} packages are installed to serve, more than ${production}`] : []
  return [...found, ...many]
}

function older(version, floor) {
  const [a, b] = [version, floor].map((one) => one.split(/[.-]/).map(Number))
  const at = b.findIndex((n, i) => n !== a[i])
  return at >= 0 && !(a[at] > b[at])
}
