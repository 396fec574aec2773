// The one door: a route states everything about itself or the server does not start (trust C-1).
import type { Readable } from 'node:stream'
import { z } from 'zod'
import type { Weighed } from '../carry.ts'
import type { Context } from '../context.ts'

export type Rate = 'read' | 'write' | 'heavy' | 'login' | 'public'

/** A file instead of JSON: report, certificate, export. */
export interface FileAnswer {
  file: Buffer
  name: string
  /** which of the route's types it is, where there are several */
  type?: string
}

/** Server-sent events: what is written into the stream goes out at once, until either side closes. */
export class EventStream {
  readonly stream: Readable
  constructor(stream: Readable) {
    this.stream = stream
  }
}

/** The body of a route with `upload`: the bytes as they came, opened by nobody but the action. */
export const fileBody = z.instanceof(Buffer)

/** An answer that also sets (or with null clears) the session cookie. */
export class WithCookie {
  readonly token: string | null
  readonly answer: unknown
  /** Name of this browser for its owner's next sign-in. */
  readonly device: string | null
  constructor(token: string | null, answer: unknown, device: string | null = null) {
    this.token = token
    this.answer = answer
    this.device = device
  }
}

export interface Asked<P, Q, B> {
  params: P
  query: Q
  body: B
  /** Version from If-Match, on routes that edit. */
  version: number
  /** What the client says it can read (Accept), for routes that answer in several types. */
  accept: string
}

export interface RouteSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below /api, parameters in braces: `/demands/{id}/closure`. */
  path: string
  operationId: string
  summary: string
  /** What a script must know besides: what comes before and after, what excludes what. */
  description?: string
  /** A verb; 'signed-in' for anybody with a session; 'public' for residents without one. */
  permission: string
  params?: P
  query?: Q
  body?: B
  /** The body is a file: only these content types, up to so many bytes; `body` is then `fileBody`. */
  upload?: { maxBytes: number; types: readonly string[] }
  response: R | 'file' | 'none' | 'stream'
  /** Media type of a file, or the several it can be asked for in. */
  produces?: string | readonly string[]
  status?: 200 | 201 | 204
  failures: readonly string[]
  rate: Rate
  ifMatch?: boolean
  /** Weighty: the password (and second factor) must have been given within the last five minutes. */
  proof?: boolean
  /** How many rows of the answer are of persons: whoever pages through thousands of them is slowed down (EX-08, EX-10). */
  persons?(answer: z.output<R>): number
  /** Of a file: what it would hold of persons. */
  weigh?(ctx: Context, query: Record<string, unknown>): Promise<Weighed | null>
  /** The action decides permission, runs one transaction and returns the answer. */
  action(ctx: Context, asked: Asked<z.output<P>, z.output<Q>, z.output<B>>): Promise<unknown>
}

export type Route = RouteSpec<z.ZodType, z.ZodType, z.ZodType, z.ZodType>

/** Keeps the types of one route while it is written; the table holds them alike. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  spec: RouteSpec<P, Q, B, R>,
): Route {
  return spec as unknown as Route
}

/** What the door itself may answer on a route, whatever its action does. */
function doorFailures(route: Route): string[] {
  return [
    'invalid',
    'ambiguous',
    'too-many',
    'busy',
    'unavailable',
    'storage-full',
    ...(route.permission === 'public'
      ? []
      : ['unauthenticated', 'second-factor-needed', 'password-expired', 'forbidden']),
    ...(route.proof ? ['proof-needed'] : []),
    ...(route.persons ? ['too-many-persons'] : []),
    ...(route.method === 'GET' ? [] : ['foreign-origin', 'conflict']),
    ...(route.method === 'POST' ? ['key-reused'] : []),
    ...(route.ifMatch ? ['version-needed', 'stale'] : []),
    ...(route.body ? ['not-json', 'wrong-type', 'too-large'] : []),
  ].map((code) => `core.${code}`)
}

/** Every code a route may answer with; anything else is a fault of the table, which the tests look for. */
export const failuresOf = (route: Route): ReadonlySet<string> => new Set([...route.failures, ...doorFailures(route)])

/** Content types of the file a route answers with. */
export const typesOf = (route: Pick<Route, 'produces'>): string[] => [route.produces ?? []].flat()
