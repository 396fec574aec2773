// How a unit is found by what people type: pieces of a name, pinyin, initials.
import { pairsOf, pinyinKey } from '#core/pinyin.ts'

/** Search columns from every name the unit ever had, the newest last. */
export function keysOf(names: readonly string[]): { pinyin: string; keys: string[] } {
  const distinct = [...new Set(names)]
  const pinyin = distinct.map(pinyinKey).join(' ')
  const initials = distinct.map((n) => pinyinKey(n).split(' ').at(-1) ?? '')
  return { pinyin, keys: [...new Set([...distinct, ...initials].flatMap(pairsOf))] }
}
