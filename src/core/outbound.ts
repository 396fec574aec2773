// The only way out of the house: a POST to an address the operator listed. Whatever else is asked for is not fetched. [IN-23 … IN-26]
import { lookup as resolve } from 'node:dns'
import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export interface Outbound {
  /** As the operator wrote them. */
  readonly listed: readonly string[]
  allows(url: string): boolean
  /** Answers the status; never follows a redirect. @throws where nothing answered within five seconds, or the address is a private one */
  post(url: string, headers: Record<string, string>, body: string): Promise<number>
}

const TIMEOUT_MS = 5_000

// two lists: one list would find every IPv4 address in the range of mapped ones
const [inner4, inner6] = [new BlockList(), new BlockList()]
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  inner4.addSubnet(net, bits, 'ipv4')
// mapped, translated and tunnelled addresses lead to the same places as those they hide
for (const [net, bits] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inner6.addSubnet(net, bits, 'ipv6')

/** Loopback, private, link-local and the like: nothing of the house is reached through a name somebody made up. */
export const isInner = (address: string) =>
  isIP(address) === 6 ? inner6.check(address, 'ipv6') : inner4.check(address, 'ipv4')

const ORIGIN = /^https?:\/\/[^/?#@\s]+$/

/** `hooks.example.cn`: https there, on public addresses. `http://10.1.2.3:8080`: exactly that origin, wherever it leads. */
export const isListable = (entry: string) =>
  ORIGIN.test(entry) ? URL.canParse(entry) : /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(entry) && isIP(entry) === 0

const originOf = (entry: string) => new URL(ORIGIN.test(entry) ? entry : `https://${entry}`).origin

/** Looked at when connecting, so that a name cannot change its address in between. */
const publicOnly: LookupFunction = (host, options, done) =>
  resolve(host, { ...options, all: true }, (error, found) => {
    if (error) return done(error, [])
    if (found.some((a) => isInner(a.address))) return done(new Error('the address is a private one'), [])
    const [first] = found
    if (options.all || !first) return done(null, found)
    done(null, first.address, first.family)
  })

export function outboundTo(listed: readonly string[]): Outbound {
  const trusted = new Map(listed.map((entry) => [originOf(entry), ORIGIN.test(entry)]))
  const targetOf = (url: string) => {
    if (!URL.canParse(url)) return null
    const target = new URL(url)
    return target.username === '' && target.password === '' && trusted.has(target.origin) ? target : null
  }
  return {
    listed,
    allows: (url) => targetOf(url) !== null,
    post(url, headers, body) {
      const target = targetOf(url)
      if (!target) return Promise.reject(new Error('the address is not on the operator’s list'))
      const anywhere = trusted.get(target.origin) === true
      const send = target.protocol === 'https:' ? secure : plain
      return new Promise((done, refuse) => {
        const sent = send(
          target,
          {
            method: 'POST',
            agent: false,
            headers: { ...headers, 'content-length': Buffer.byteLength(body) },
            signal: AbortSignal.timeout(TIMEOUT_MS),
            ...(anywhere ? {} : { lookup: publicOnly }),
          },
          (answer) => {
            done(answer.statusCode ?? 0)
            answer.destroy()
          },
        )
        sent.on('error', refuse)
        sent.end(body)
      })
    },
  }
}
