// `npm run bench [-- lifecycle|board|weight …]`: ratios in one run, on a database of its own.
import { ensureInstall, run } from './bootstrap.mjs'

await ensureInstall()
process.exit(await run('scripts/bench/main.ts', process.argv.slice(2)))
