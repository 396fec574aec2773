// Builds the web pages into dist/web: aside first, then swapped in whole, so that a broken build never replaces a good one.
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const inputs: string[] = []

// What the build read decides whether the next start has to build again.
const remember: Plugin = {
  name: 'remember-inputs',
  buildEnd() {
    const files = [...this.getModuleIds()].map((id) => relative(root, id.split('?')[0] ?? ''))
    inputs.push(...files.filter((file) => /^(src|packs|docs)\//.test(file)))
  },
}

const fresh = join(root, 'dist/web.new')
const shown = join(root, 'dist/web')
rmSync(fresh, { recursive: true, force: true })
const configFile = join(root, 'vite.config.ts')
await build({ configFile, logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true }, plugins: [remember] })
rmSync(shown, { recursive: true, force: true })
renameSync(fresh, shown)
writeFileSync(join(root, 'dist/.web-inputs.json'), JSON.stringify([...new Set(inputs)].sort()))
