// `npm start`: everything a bare machine lacks, then the server on Node 24.
import { becomeNode, ensureInstall, ensureWeb, serverFlags } from './bootstrap.mjs'

await ensureInstall()
await ensureWeb()
becomeNode('src/main.ts', process.argv.slice(2), serverFlags())
