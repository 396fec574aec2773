// Administration only from the terminals the operator names: elsewhere its routes are as if there were none (HT-07, 等保 入侵防范).
import { BlockList, isIP } from 'node:net'
import type { Context } from '../context.ts'
import { fail, Problem } from '../errors.ts'
import { log } from '../log.ts'
import type { Route } from './route.ts'

export interface Terminals {
  /** Addresses and ranges; none means anywhere. */
  from: readonly string[]
  /** Verbs of administration. */
  verbs: ReadonlySet<string>
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    if (bits === undefined) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(bits), familyOf(address))
  }
  return list
}

/** `::ffff:10.0.0.1` is 10.0.0.1, on a socket that listens to both. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '')

/** Who has a session is entered in the history; who has none leaves a line in the log only. */
async function enter(ctx: Context, route: Route) {
  log.warn({ requestId: ctx.asker.requestId, operation: route.operationId }, 'administration from elsewhere')
  await ctx
    .unbound()
    .write(null, 'administration.refused', async (tx) => {
      const id = tx.actor.accountId
      if (!id) throw fail('unauthenticated')
      tx.record({ subject: { kind: 'account', id }, path: '', change: { operation: route.operationId } })
    })
    .catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error
    })
}

/** @throws core.not-found on routes of administration asked from elsewhere */
export function guardTerminals({ from, verbs }: Terminals): (ctx: Context, route: Route) => Promise<void> {
  if (from.length === 0) return async () => {}
  const list = listOf(from)
  return async (ctx, route) => {
    const address = plain(ctx.asker.address)
    if (!verbs.has(route.permission) || list.check(address, familyOf(address))) return
    await enter(ctx, route)
    throw fail('not-found')
  }
}
