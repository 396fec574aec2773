// Composition: which modules there are, in the order they may use each other.
import type { FastifyInstance } from 'fastify'
import type { CryptoProvider } from '#core/crypto.ts'
import type { Changed, Ground } from '#core/context.ts'
import type { Database } from '#core/db.ts'
import type { Limiter } from '#core/http/limits.ts'
import { openapi } from '#core/http/openapi.ts'
import type { Route } from '#core/http/route.ts'
import { createServer } from '#core/http/server.ts'
import { serveWeb } from '#core/http/static.ts'
import * as access from '#modules/access/index.ts'
import * as demands from '#modules/demands/index.ts'
import * as figures from '#modules/figures/index.ts'
import type { Engine } from '#modules/mechanisms/index.ts'
import * as reports from '#modules/reports/index.ts'
import * as people from '#modules/people/index.ts'
import * as units from '#modules/units/index.ts'

export const routes: readonly Route[] = [...units.routes, ...people.routes, ...access.routes, ...demands.routes, ...figures.routes, ...reports.routes]

export const engines: readonly Engine[] = [demands.engine]

export interface App {
  ground: Ground
  server: FastifyInstance
}

export interface Parts {
  database: Database
  vault: CryptoProvider
  publicUrl?: string | undefined
  limit?: Limiter
  changed?: (event: Changed) => void
  /** Folder of the built web; without it only the API is served. */
  web?: URL | undefined
}

export function compose({ database, vault, publicUrl, limit, changed = () => {}, web }: Parts): App {
  const ground: Ground = { database, vault, authenticate: access.authenticate, changed, publicUrl: publicUrl ?? 'http://localhost:3000' }
  const server = createServer({ ground, routes, publicUrl, ...(limit ? { limit } : {}) })
  const document = JSON.stringify(openapi(routes))
  server.get('/api/openapi.json', { exposeHeadRoute: false }, (_, reply) => reply.type('application/json; charset=utf-8').send(document))
  if (web) serveWeb(server, web)
  return { ground, server }
}
