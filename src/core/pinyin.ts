// Pinyin of names of things (units, enterprises, mechanisms): full and initials, each reading as the word asks. Persons' names have
// surname readings of their own and stay with the people module.
import { pinyin } from 'pinyin-pro'

/** `望江社区` → `wangjiangshequ wjsq`; letters and digits stay, lu stands beside lv for those who never learnt where ü is. */
export function pinyinKey(name: string): string {
  const syllables = pinyin(name, { toneType: 'none', type: 'array', v: true, nonZh: 'consecutive' })
    .map((s) => s.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .filter(Boolean)
  const full = syllables.join('')
  const initials = syllables.map((s) => (/^\d+$/.test(s) ? s : s[0])).join('')
  return [...new Set([full, full.replace(/(?<=[ln])v/g, 'u'), initials])].join(' ')
}

/** Pairs of neighbouring characters, and the single ones: what a search of two characters is looked up by. */
export function pairsOf(text: string): string[] {
  const chars = [...text.toLowerCase()]
  return [...new Set([...chars, ...chars.slice(1).map((c, i) => (chars[i] as string) + c)])]
}
