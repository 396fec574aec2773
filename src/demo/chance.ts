// A seeded source of chance: the same seed plants the same district on every machine.
export interface Chance {
  /** 0 ≤ n < max */
  below(max: number): number
  pick<T>(from: readonly T[]): T
  often(share: number): boolean
}

/** Mulberry32, a 32-bit generator in public knowledge: enough for demo data, never for secrets. */
export function chance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (max: number) => Math.floor(next() * max)
  return { below, pick: (from) => from[below(from.length)] as (typeof from)[number], often: (share) => next() < share }
}
