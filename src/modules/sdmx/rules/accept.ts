// Which representation a client gets: what it says in `format`, else what its Accept header likes best, else the default of the interface.
import { fail } from '../contract.ts'

export interface Representation {
  /** as `format` names it */
  format: string
  type: string
  /** other names clients use for it */
  also: readonly string[]
}

interface Wish {
  type: string
  quality: number
}

const plain = (type: string) => type.toLowerCase().replace(/\s+/g, '')

/** `a/b;version=1;q=0.5, c/d` by quality, ties in the order written. */
const wishesOf = (accept: string): Wish[] =>
  plain(accept)
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const quality = /;q=([\d.]+)/.exec(part)?.[1]
      return { type: part.replace(/;q=[\d.]+/, ''), quality: quality ? Number(quality) : 1 }
    })
    .filter((w) => w.quality > 0)
    .toSorted((a, b) => b.quality - a.quality)

const bare = (type: string) => type.replace(/;.*$/, '')

function isMeant(wish: string, { type, also }: Representation): boolean {
  const names = [type, ...also].map(plain)
  if (names.includes(wish)) return true
  // without a version any version will do; another version is another format
  return !wish.includes(';') && names.some((n) => bare(n) === wish)
}

/** @throws sdmx.not-acceptable */
export function representationFor<R extends Representation>(
  all: readonly [R, ...R[]],
  { format, accept }: { format?: string | undefined; accept: string },
): R {
  if (format) {
    const named = all.find((r) => r.format === format)
    if (named) return named
    throw fail('not-acceptable', { types: all.map((r) => r.format).join('、') })
  }
  const wishes = wishesOf(accept)
  for (const { type } of wishes) {
    const found = all.find((r) => isMeant(type, r))
    if (found) return found
    if (type === '*/*' || (type === 'application/*' && wishes.length === 1)) return all[0]
  }
  if (wishes.length === 0) return all[0]
  throw fail('not-acceptable', { types: all.map((r) => r.type).join('、') })
}
