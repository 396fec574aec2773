// The built web: two pages, their hashed files, and nothing else. Routes exist only for files found at start, so there is no path
// into the folder to be tricked (HT-10), no listing. A person at an unknown address is shown the way; a program hears the API's 404.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import serve from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Addresses of the two pages; what the visitor sees below them is the page's own business. */
const pages: Record<string, readonly string[]> = {
  'console.html': ['/console', '/console/*'],
  'phone.html': ['/m', '/m/*', '/p/:code', '/f/:code'],
}

const YEAR = 'public, max-age=31536000, immutable'

/** Hashed files never change; everything else is asked for again each time (304 by its etag). */
const cacheFor = (reply: FastifyReply, path: string) =>
  reply.header('cache-control', /[\\/]assets[\\/]/.test(path) ? YEAR : 'no-cache')

/** The printed address leads each to his own: officials at their desks to the console, a phone to the phone. */
const homeOf = ({ headers }: FastifyRequest) =>
  headers['sec-ch-ua-mobile'] === '?1' || /\bMobile\b/.test(headers['user-agent'] ?? '') ? '/m' : '/console'

const MISSING = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>没有这个页面</title>
<body style="font:16px/1.8 sans-serif;max-width:32em;margin:15vh auto;padding:0 1em"><h1 style="font-size:1.4em">没有这个页面</h1>
<p>地址可能写错了，或者页面已经不在这里。</p><p><a href="/console">打开工作台</a>　<a href="/m">打开手机页面</a></p>`

/** Whoever reads pages, not data. */
export const readsPages = ({ method, url, headers }: FastifyRequest) =>
  (method === 'GET' || method === 'HEAD') && !/^\/api(\/|$)/.test(url) && /\btext\/html\b/.test(headers.accept ?? '')

export const showMissing = (reply: FastifyReply) =>
  reply.code(404).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(MISSING)

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
    web.get('/', { exposeHeadRoute: true }, (request, reply) =>
      reply.header('cache-control', 'no-store').redirect(homeOf(request), 302),
    )
    for (const [page, addresses] of Object.entries(pages)) {
      for (const url of addresses) web.get(url, { exposeHeadRoute: true }, (_, reply) => reply.sendFile(page))
    }
  })
}
