// Search keys and sort keys of names, computed once when a name is written (domain 5.6, 5.9).
import { pinyin } from 'pinyin-pro'
import table from './strokes.json' with { type: 'json' }

// Surnames whose families read them in two ways, neither of which is the everyday reading.
const OTHER_READINGS: Record<string, string> = {
  覃: 'tan',
  隗: 'wei',
  郇: 'huan',
  乐: 'yue',
  缪: 'mou',
  冼: 'xian',
  那: 'na',
}

/**
 * Pinyin to search by: the surname reading and the common one (sxx and dxx both find 单雄信), and lu beside lv for those
 * who never learnt where ü is.
 */
export function nameKeys(name: string): { pinyin: string[]; initials: string[] } {
  const plain = { toneType: 'none', type: 'array', v: true, nonZh: 'removed' } as const
  const readings = [pinyin(name, { ...plain, surname: 'head' }), pinyin(name, { ...plain, surname: 'off' })]
  const [first = ''] = name
  const other = OTHER_READINGS[first]
  if (other && readings[0]) readings.push([other, ...readings[0].slice(1)])
  const clean = readings.map((syllables) => syllables.filter((syllable) => /^[a-z]+$/.test(syllable)))
  const full = clean.map((syllables) => syllables.join(''))
  return {
    pinyin: distinct([...full, ...full.map((key) => key.replace(/(?<=[ln])v/g, 'u'))]),
    initials: distinct(clean.map((syllables) => syllables.map((syllable) => syllable[0]).join(''))),
  }
}

/**
 * SORT-01..04 姓氏笔画: comparing keys as bytes (C collation) compares stroke counts, then stroke sequences, then a mark
 * that keeps different characters with the same strokes apart, then the next character; so 张伟 stands before 张伟民.
 * A character without known strokes sorts after all others.
 */
export function strokeKey(name: string): string {
  return [...name.replace(/[\s·]/g, '')].map((char) => strokeKeys().get(char) ?? unknown(char)).join('')
}

/** True when a name cannot be placed by strokes and the list should say so. */
export function hasUnknownStrokes(name: string): boolean {
  return [...name.replace(/[\s·]/g, '')].some((char) => !strokeKeys().has(char))
}

let keys: Map<string, string> | undefined

function strokeKeys(): Map<string, string> {
  keys ??= new Map(
    Object.entries(table as Record<string, string>).flatMap(([strokes, chars]) => {
      const count = String(strokes.length).padStart(2, '0')
      return [...chars].map((char, at): [string, string] => [char, `${count}${strokes}${at.toString(36)}`])
    }),
  )
  return keys
}

function unknown(char: string): string {
  return `99${(char.codePointAt(0) ?? 0).toString(16).padStart(6, '0')}`
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '')
}
