// Writes src/modules/people/strokes.json from the dev dependency cnchar-order and strokes-extra.txt (SORT-01..04).
// Shape: { stroke classes: characters that share them }; the number of classes is the stroke count.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

// cnchar-order's letters for its 25 stroke shapes, in the five classes 横(提)1 竖(竖钩)2 撇3 点(捺)4 折5.
const CLASS = { j: 1, i: 1, f: 2, g: 2, s: 3, k: 4, l: 4, d: 4 }
const FOLDS = new Set('abcorntxwzyvephqmu')

const { orders } = createRequire(import.meta.url)('cnchar-order').dict
const strokes = new Map()
for (const [char, letters] of Object.entries(orders)) {
  if (!/^\p{Script=Han}$/u.test(char)) continue
  const classes = [...letters].map((letter) => CLASS[letter] ?? (FOLDS.has(letter) ? 5 : null))
  if (classes.includes(null)) throw new Error(`${char}: unknown stroke in ${letters}`)
  strokes.set(char, classes.join(''))
}

const extra = readFileSync(new URL('strokes-extra.txt', import.meta.url), 'utf8')
for (const entry of extra.replace(/^#.*$/gm, '').split(/\s+/).filter(Boolean)) {
  const [char, ...parts] = [...entry]
  const classes = parts.map((part) => (/[1-5]/.test(part) ? part : strokes.get(part)))
  const at = classes.indexOf(undefined)
  if (parts.length === 0 || at >= 0) throw new Error(`${char}: ${parts[at] ?? 'no parts'} has no strokes`)
  strokes.set(char, classes.join(''))
}

const table = {}
for (const [char, classes] of strokes) (table[classes] ??= []).push(char)
const keys = Object.keys(table).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
// Written as lines: in an object JavaScript itself would sort the shorter all-digit keys to the front.
const lines = keys.map(
  (key) => `  "${key}": "${table[key].sort((a, b) => a.codePointAt(0) - b.codePointAt(0)).join('')}"`,
)
writeFileSync(new URL('../src/modules/people/strokes.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`)
