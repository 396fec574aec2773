// `npm run check`: types, lint, format, direction of imports, unused code, generated files. Runs all, then names what failed.
import { pathToFileURL } from 'node:url'
import { ensureInstall, findNode, runQuietly } from './bootstrap.mjs'

const checks = [
  ['types', 'node_modules/typescript/bin/tsc', []],
  ['lint', 'node_modules/oxlint/bin/oxlint', ['--deny-warnings']],
  ['format', 'node_modules/@biomejs/biome/bin/biome', ['format', '--no-errors-on-unmatched', '.']],
  [
    'imports',
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    ['src', 'scripts', 'test', '--output-type', 'err'],
  ],
  ['unused', 'node_modules/knip/bin/knip.js', []],
  ['lock file', 'scripts/lock.mjs', ['--check']],
  ['generated', 'scripts/generate.ts', ['--check']],
]

/** Runs every check; shows what the failing ones say. */
export async function check() {
  const failed = []
  for (const [name, script, args] of checks) {
    const began = performance.now()
    const { code, output } = await runQuietly(findNode(), [script, ...args])
    console.log(`${code === 0 ? '✓' : '✗'} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
    if (code === 0) continue
    console.log(output)
    failed.push(name)
  }
  return { failed, passed: checks.length - failed.length }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await ensureInstall()
  const { failed } = await check()
  if (failed.length > 0) {
    console.log(`check failed: ${failed.join(', ')}`)
    process.exit(1)
  }
}
