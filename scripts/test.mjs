// `npm test`: what is missing, the quick check, the tests against a real PostgreSQL, the journeys in a real browser.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstall, ensureWeb, root, run } from './bootstrap.mjs'
import { check } from './check.mjs'

await ensureInstall()
await ensureWeb()
if (spawnSync(join(root, 'scripts/setup-test.sh'), { stdio: 'inherit' }).status !== 0) process.exit(1)
mkdirSync(join(root, 'artifacts'), { recursive: true })

const quick = await check()
const units = await vitest('unit')
const journeys = await vitest('e2e')

for (const name of quick.failed) console.log(`check failed: ${name}`)
const passed = quick.passed + units.passed + journeys.passed
const failed = quick.failed.length + units.failed + journeys.failed
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)

/** Runs one vitest project. A file that does not load, or an error outside any test, counts as a failure too. */
async function vitest(project) {
  const report = join(root, `artifacts/${project}.json`)
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = await run('node_modules/vitest/vitest.mjs', [
    'run',
    '--project',
    project,
    '--passWithNoTests',
    ...reporters,
  ])
  const found = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {}
  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = found
  const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length || (code === 0 ? 0 : 1) }
}
