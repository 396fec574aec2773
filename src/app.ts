// Composition: which modules there are, in the order they may use each other.
import type { FastifyInstance } from 'fastify'
import type { Anchors } from '#core/anchor.ts'
import type { CryptoProvider } from '#core/crypto.ts'
import type { Changed, Ground } from '#core/context.ts'
import type { Database } from '#core/db.ts'
import type { Erasures } from '#core/erasures.ts'
import { type Health, newHealth, watchProcess } from '#core/health.ts'
import { type Observed, observe } from '#core/http/observe.ts'
import { openapi } from '#core/http/openapi.ts'
import type { Route } from '#core/http/route.ts'
import { createServer, type ServerOptions } from '#core/http/server.ts'
import { serveWeb } from '#core/http/static.ts'
import { liveRoute, newHub } from '#core/live.ts'
import { type Metrics, newMetrics } from '#core/metrics.ts'
import { outboundTo } from '#core/outbound.ts'
import { held } from '#held.ts'
import * as access from '#modules/access/index.ts'
import * as demands from '#modules/demands/index.ts'
import * as feedback from '#modules/feedback/index.ts'
import * as exports from '#modules/exports/index.ts'
import * as figures from '#modules/figures/index.ts'
import * as forms from '#modules/forms/index.ts'
import type { Engine } from '#modules/mechanisms/index.ts'
import * as notices from '#modules/notices/index.ts'
import * as mechanisms from '#modules/mechanisms/index.ts'
import * as reports from '#modules/reports/index.ts'
import * as overview from '#modules/overview/index.ts'
import * as people from '#modules/people/index.ts'
import * as sdmx from '#modules/sdmx/index.ts'
import * as units from '#modules/units/index.ts'
import { stuck } from '#stuck.ts'

export const routes: readonly Route[] = [
  ...units.routes,
  ...people.routes,
  ...access.routes,
  ...exports.routes,
  ...mechanisms.routes,
  ...demands.routes,
  ...feedback.routes,
  ...forms.routes,
  ...figures.routes,
  ...reports.routes,
  ...overview.routes,
  ...sdmx.routes,
  ...notices.routes,
  liveRoute,
]

export const engines: readonly Engine[] = [units.engine, people.engine, demands.engine, reports.engine]
mechanisms.registerEngines(engines)
figures.publish([units, people, demands, feedback, forms, reports])

/** Units know nobody: who copies their paths, and who still has something open at them, is said here. */
export const pathColumns = [
  ...people.pathColumns,
  ...exports.pathColumns,
  ...demands.pathColumns,
  ...figures.pathColumns,
  ...reports.pathColumns,
]
units.tieToUnits({
  pathColumns,
  blockers: [people.peopleBlockers, demands.demandBlockers],
  carries: [people.carryPeople, demands.carryDemands],
  weighs: [people.weighPeople, demands.weighDemands],
})

access.tieToRoutes(routes)
exports.tieToFiles(routes)
forms.tieToHeld(held)
overview.tieToStuck(stuck)

/** Which records live boards hear of, and with which verb. */
const boards = {
  verbs: { demand: 'demand.read', task: 'task.read', feedback: 'feedback.read' },
  most: 1000,
  each: 6,
  checkMs: 30_000,
}

export interface App extends Observed {
  ground: Ground
  server: FastifyInstance
  health: Health
  metrics: Metrics
}

export interface Parts extends Omit<ServerOptions, 'ground' | 'routes' | 'terminals'> {
  database: Database
  vault: CryptoProvider
  changed?: (event: Changed) => void
  /** Hosts and origins the operator lets us send to. */
  webhooks?: readonly string[] | undefined
  /** Reads every page of the database. */
  inspect?: Ground['inspect']
  /** Addresses and ranges administration is done from; none means anywhere. */
  officersFrom?: readonly string[] | undefined
  /** Signed heads of the history, kept outside the database. */
  anchors?: Anchors | undefined
  /** The list of what was erased, kept outside the database. */
  erasures?: Erasures | undefined
  /** Folder of the built web; without it only the API is served. */
  web?: URL | undefined
}

export function compose(parts: Parts): App {
  const {
    database,
    vault,
    changed = () => {},
    anchors,
    erasures,
    web,
    webhooks = [],
    officersFrom = [],
    inspect,
    ...door
  } = parts
  const live = newHub({ database, access: access.access }, boards)
  const ground: Ground = {
    database,
    vault,
    access: access.access,
    live,
    outbound: outboundTo(webhooks),
    carrier: exports.carrier,
    keepAlive: access.keepAliveOn(database),
    ...(anchors ? { anchors } : {}),
    ...(erasures ? { erasures } : {}),
    ...(inspect ? { inspect } : {}),
    changed: (event) => {
      live.tell(event)
      changed(event)
    },
    publicUrl: door.publicUrl ?? 'http://localhost:3000',
  }
  const uses = feedback.countUses(database)
  const terminals = { from: officersFrom, verbs: access.administration }
  const server = createServer({ ground, routes, served: uses.count, terminals, ...door })
  server.addHook('preClose', async () => live.close())
  server.addHook('onClose', () => uses.close())
  const health = newHealth(database)
  const metrics = newMetrics()
  watchProcess(metrics, database)
  figures.watchFigures(metrics)
  const { drain } = observe(server, { routes, health, metrics })
  const document = JSON.stringify(openapi(routes))
  server.get('/api/openapi.json', { exposeHeadRoute: false }, (_, reply) =>
    reply.type('application/json; charset=utf-8').send(document),
  )
  if (web) serveWeb(server, web)
  return { ground, server, health, metrics, drain }
}
