// The built web: two pages, their hashed files, and nothing else. Routes exist only for files found at start, so there is no path
// into the folder to be tricked (HT-10), no listing, and an unknown address is the API's 404.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import serve from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Addresses of the two pages; what the visitor sees below them is the page's own business. */
const pages: Record<string, readonly string[]> = {
  'console.html': ['/', '/console', '/console/*'],
  'phone.html': ['/m', '/m/*', '/p/:code', '/f/:code'],
}

const YEAR = 'public, max-age=31536000, immutable'

/** Hashed files never change; everything else is asked for again each time (304 by its etag). */
const cacheFor = (reply: FastifyReply, path: string) =>
  reply.header('cache-control', /[\\/]assets[\\/]/.test(path) ? YEAR : 'no-cache')

/** Serves `dist/web`; without a build (tests of the API) nothing is served. */
export function serveWeb(server: FastifyInstance, folder: URL) {
  const root = fileURLToPath(folder)
  if (!existsSync(root)) return
  server.register(async (web) => {
    await web.register(serve, {
      root,
      wildcard: false,
      globIgnore: ['**/*.gz', '**/*.br'],
      index: false,
      redirect: false,
      dotfiles: 'deny',
      list: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: cacheFor,
    })
    for (const [page, addresses] of Object.entries(pages)) {
      for (const url of addresses) web.get(url, { exposeHeadRoute: true }, (_, reply) => reply.sendFile(page))
    }
  })
}
