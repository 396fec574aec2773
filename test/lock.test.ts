// What may not be in the lock file is refused by the check: each fault is planted into a copy of ours.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'jishi-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Entry = { version?: string; resolved?: string; integrity?: string; hasInstallScript?: boolean }
type Packages = Record<string, Entry>

function check(plant: (packages: Packages) => void) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Packages }
  plant(lock.packages)
  const file = join(folder, 'package-lock.json')
  writeFileSync(file, JSON.stringify(lock))
  const { status, stderr } = spawnSync(process.execPath, ['scripts/lock.mjs', '--check', `--file=${file}`], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, stderr }
}

const sound = { version: '1.0.0', integrity: 'sha512-x' }

test('our own lock file holds', () => {
  expect(check(() => {})).toEqual({ status: 0, stderr: '' })
})

test.each<[claim: string, plant: (packages: Packages) => void, said: string]>([
  [
    'a package out of a repository (SU-01)',
    (p) => (p['node_modules/a'] = { ...sound, resolved: 'git+ssh://git@host/a.git' }),
    'a does not come from a registry',
  ],
  [
    'a package without encryption on the way (SU-01)',
    (p) => (p['node_modules/a'] = { ...sound, resolved: 'http://host/a.tgz' }),
    'a does not come from a registry',
  ],
  ['a package without a hash (SU-01)', (p) => delete p['node_modules/fastify']?.integrity, 'fastify has no hash'],
  [
    'a package that runs a script when installed (SU-02)',
    (p) => (p['node_modules/a'] = { ...sound, hasInstallScript: true }),
    'a wants to run a script when installed',
  ],
  [
    'a package below its floor, also a nested one (A-80)',
    (p) => (p['node_modules/a/node_modules/fastify'] = { ...sound, version: '5.8.2' }),
    'fastify 5.8.2 is below 5.8.3',
  ],
  ['a banned package (A-80)', (p) => (p['node_modules/xlsx'] = { ...sound, version: '0.18.5' }), 'xlsx is banned'],
  [
    'more packages than can be looked after (A-81)',
    (p) => Array.from({ length: 251 }, (_, i) => (p[`node_modules/a${i}`] = sound)),
    'more than 250',
  ],
])('%s is refused', (_claim, plant, said) => {
  const { status, stderr } = check(plant)
  expect(stderr).toContain(said)
  expect(status).toBe(1)
})

test('SU-05: our own name is taken from no registry: the package is private and nothing we install is called like it', () => {
  const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    name: string
    private: boolean
  }
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
    packages: Packages
  }
  expect(own.private).toBe(true)
  const names = Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13))
  expect(names.length).toBeGreaterThan(100)
  expect(names.filter((n) => n === own.name || n.startsWith(`@${own.name}/`))).toEqual([])
})

test('SU-04: the list of parts names every package that runs, and none that only builds or tests', () => {
  // `--omit dev` would lose what tools and the product share (npm 11): the whole list is taken, and it marks what only builds
  const said = spawnSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  interface Part {
    name: string
    properties?: { name: string }[]
  }
  const all = (JSON.parse(said.stdout) as { components: Part[] }).components
  const parts = all.filter((p) => !p.properties?.some((x) => x.name === 'cdx:npm:package:development'))
  const listed = new Set(parts.map((p) => p.name))
  const hook = `import { registerHooks } from 'node:module'
    const seen = new Set()
    registerHooks({ load(url, context, next) { const at = url.lastIndexOf('/node_modules/'); if (at >= 0) seen.add(url.slice(at + 14).match(/^(@[^/]+\\/)?[^/]+/)[0]); return next(url, context) } })
    process.on('exit', () => process.stdout.write(JSON.stringify([...seen])))`
  const run = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(hook)}`,
      '--input-type=module',
      '-e',
      "await import('#app.ts'); process.exit(0)",
    ],
    { cwd: root, encoding: 'utf8' },
  )
  const loaded = JSON.parse(run.stdout) as string[]
  expect(loaded, run.stderr).toEqual(expect.arrayContaining(['fastify', 'kysely', 'pg', 'zod']))
  expect(loaded.filter((name) => !listed.has(name))).toEqual([])
  expect(
    ['vitest', 'fast-check', 'oxlint', 'playwright-core', 'typescript'].filter((name) => listed.has(name)),
  ).toEqual([])
})
