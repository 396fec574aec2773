// Two faces from one build: the console (PC) and the phone. The phone's first load has a budget, and the build fails above it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

/** Which page answers which address; the server in core/http/static.ts knows the same list. */
const isPhone = (path: string) => /^\/(m|p|f)(\/|$)/.test(path)
const isConsole = (path: string) => path === '/' || /^\/console(\/[^.]*)?$/.test(path)

const pages = (): Plugin => ({
  name: 'jishi-pages',
  configureServer(server) {
    server.middlewares.use((request, _response, next) => {
      const path = (request.url ?? '/').split('?')[0] ?? '/'
      if (isPhone(path)) request.url = '/phone.html'
      else if (isConsole(path)) request.url = '/console.html'
      next()
    })
  },
})

/** Tells the service worker which files make the phone's shell: what the phone entry loads, its pages, and nothing of the console. */
const shell = (): Plugin => ({
  name: 'jishi-shell',
  generateBundle(_options, bundle) {
    const seen = new Set<string>()
    const walk = (file: string) => {
      const chunk = bundle[file]
      if (!chunk || seen.has(file)) return
      seen.add(file)
      if (chunk.type !== 'chunk') return
      for (const next of [...chunk.imports, ...chunk.dynamicImports, ...(chunk.viteMetadata?.importedCss ?? [])])
        walk(next)
    }
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk' && chunk.isEntry && chunk.name === 'phone') walk(chunk.fileName)
    const worker = bundle['sw.js']
    if (worker?.type === 'chunk')
      worker.code = worker.code.replace(
        /["'`]__SHELL__["'`]/,
        JSON.stringify([...seen].sort().map((file) => `/${file}`)),
      )
  },
})

/** Bytes over the wire of a page's first load: its script with everything that imports statically, and its style sheets. */
function firstLoad(out: string, page: string): { file: string; bytes: number }[] {
  const html = readFileSync(join(out, page), 'utf8')
  return [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => ({
    file: file as string,
    bytes: gzipSync(readFileSync(join(out, file as string)), { level: 9 }).length,
  }))
}

const budgets = { 'phone.html': 110_000, 'console.html': 450_000 }

let out = ''

/** Packs every text file once, at build, and weighs the first loads against the bars of speed.md. */
const packed = (): Plugin => ({
  name: 'jishi-packed',
  apply: 'build',
  configResolved(config) {
    out = resolve(config.root, config.build.outDir)
  },
  closeBundle() {
    for (const file of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(js|css|html|svg|webmanifest)$/.test(file)) continue
      const plain = readFileSync(join(out, file))
      if (plain.length < 500) continue
      writeFileSync(join(out, `${file}.gz`), gzipSync(plain, { level: 9 }))
      writeFileSync(
        join(out, `${file}.br`),
        brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
      )
    }
    for (const [page, bar] of Object.entries(budgets)) {
      const files = firstLoad(out, page)
      const sum = files.reduce((total, f) => total + f.bytes, 0)
      this.info(
        `${page}: first load ${kB(sum)} gzip of ${kB(bar)} (${files.map((f) => `${f.file.replace('assets/', '')} ${kB(f.bytes)}`).join(', ')})`,
      )
      if (sum > bar) this.error(`${page}: first load ${kB(sum)} gzip is above the bar of ${kB(bar)} (speed.md)`)
      if (page === 'phone.html' && files.some((f) => /antd|echarts/.test(f.file)))
        this.error('the phone loads console code')
    }
  },
})

const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version: string }

export default defineConfig({
  define: { __VERSION__: JSON.stringify(version) },
  root: at('src/web'),
  base: '/',
  plugins: [react(), pages(), shell(), packed()],
  build: {
    outDir: at('dist/web'),
    emptyOutDir: true,
    // Chrome 80 is what a ten-year-old Android can still run; the console shares React with the phone, so both are written for it.
    target: 'chrome80',
    cssTarget: 'chrome80',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: {
        console: at('src/web/console.html'),
        phone: at('src/web/phone.html'),
        sw: at('src/web/phone/worker.ts'),
      },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
        codeSplitting: {
          groups: [
            // Shared by both faces: without a chunk of their own these would be drawn into antd, and the phone with them.
            { name: 'base', test: /oxc-project[\\/+]runtime|preload-helper/, priority: 40 },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 30 },
            {
              name: 'route',
              test: /node_modules[\\/](wouter|regexparam|use-sync-external-store|mitt)[\\/]/,
              priority: 20,
            },
            { name: 'echarts', test: /node_modules[\\/](echarts|zrender)[\\/]/, priority: 20 },
            {
              name: 'antd',
              test: /node_modules[\\/](antd|@ant-design|@rc-component|rc-[a-z-]+)[\\/]/,
              priority: 10,
              entriesAware: false,
            },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '^/api/': { target: process.env['JISHI_API'] ?? 'http://localhost:3000' } },
  },
})
