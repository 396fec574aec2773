// What a browser loads before the first page shows: the scripts a face's page names, with all they import at once, gzipped.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('../..', import.meta.url))
const web = join(root, 'dist/web')

/** `import"./a.js"` and `from"./a.js"`, but not `import("./a.js")`, which waits until it is needed. */
const STATIC = /(?:\bfrom|\bimport)\s*["']([^"']+\.js)["']/g
const NAMED = /(?:src|href)="([^"]+\.js)"/g

const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((m) => basename(m[1] as string))

export function benchWeight() {
  execFileSync(process.execPath, [join(root, 'scripts/build-web.ts')], { cwd: root, stdio: 'ignore' })
  const files = readdirSync(web, { recursive: true, encoding: 'utf8' })
  const scripts = new Map(files.filter((f) => f.endsWith('.js')).map((f) => [basename(f), join(web, f)]))
  return files
    .filter((f) => f.endsWith('.html'))
    .map((page) => {
      const wanted = found(readFileSync(join(web, page), 'utf8'), NAMED)
      const seen = new Set<string>()
      let bytes = 0
      for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
        const path = scripts.get(name)
        if (!path || seen.has(name)) continue
        seen.add(name)
        const text = readFileSync(path)
        bytes += gzipSync(text).length
        wanted.push(...found(text.toString(), STATIC))
      }
      return { page, files: seen.size, kilobytes: bytes / 1000 }
    })
}
