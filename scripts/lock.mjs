// Keeps package-lock.json complete and safe. `npm install` leaves out platform packages that the registry at hand does not
// carry, and `npm ci` then refuses the lock file; they are entered by name and version, to be skipped on other platforms.
// `--check` compares instead, and refuses what must not be in a lock file (SU-01).
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './bootstrap.mjs'

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32']

const path = join(root, 'package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8'))
const packages = lock.packages

const absent = Object.entries(packages).flatMap(([owner, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !packages[`node_modules/${name}`] && !packages[`${owner}/node_modules/${name}`])
    .map(([name, version]) => [name, version, entry]),
)

if (process.argv.includes('--check')) {
  const faults = [...absent.map(([name]) => `${name} is missing: run node scripts/lock.mjs`), ...unsafe()]
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
