#!/usr/bin/env node
// The command line: `jishi …`, or `npm run -s jishi -- …` in a checkout.
import { becomeNode, ensureInstall } from './bootstrap.mjs'

await ensureInstall()
// npm moves to the root of the package; file names in the arguments are meant from where the person stands.
if (process.env.npm_lifecycle_event === 'jishi' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD)
becomeNode('src/cli/main.ts', process.argv.slice(2))
