// Drafts with their figures marked: our own samples beside this file, and the catalogue's articles where they are at hand.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reading } from './reading.ts'

export interface Expected {
  id: string
  start: number
  text: string
  value: number | null
  unit: string
  bound: string
  /** code of the doubt that must be raised here */
  doubt: string
}

export interface Marked {
  name: string
  text: string
  expected: Expected[]
}

const BOUNDS: Record<string, string> = { '': 'exact-as-printed', '>': 'lower', '<': 'upper', '~': 'approx' }

/** `⟦text|value|unit|bound|doubt⟧` back to plain text and what is expected of it. */
function unmark(name: string, marked: string): Marked {
  const expected: Expected[] = []
  let text = ''
  let last = 0
  for (const m of marked.matchAll(/⟦([^⟧]*)⟧/g)) {
    text += marked.slice(last, m.index)
    const [words = '', value, unit = '', bound = '', doubt = ''] = (m[1] as string).split('|')
    const number = value === 'null' ? null : Number(value)
    expected.push({
      id: `${name}#${expected.length + 1}`,
      start: text.length,
      text: words,
      value: number,
      unit,
      bound: BOUNDS[bound] ?? bound,
      doubt,
    })
    text += words
    last = m.index + m[0].length
  }
  return { name, text: text + marked.slice(last), expected }
}

const samples = join(import.meta.dirname, 'samples')

export const readSamples = (from: string, to: string): Marked[] =>
  readdirSync(samples)
    .filter((f) => f.endsWith('.txt') && f >= from && f < to)
    .sort()
    .map((f) => unmark(f, readFileSync(join(samples, f), 'utf8')))

interface Row {
  id: string
  article: string
  offset: number
  number_text: string
  value: number | null
  unit: string
  bound: string
}

/** The catalogue counts characters with line breaks left out; the articles have them. */
export function readArticles(shared: string): Marked[] {
  const rows = JSON.parse(readFileSync(join(shared, 'catalogue', 'figures.json'), 'utf8')) as Row[]
  return [...new Set(rows.map((r) => r.article))].map((name) => {
    const text = readFileSync(join(shared, 'articles', `${name}.txt`), 'utf8')
    const places = [...text.matchAll(/[^\n]/g)].map((m) => m.index)
    const expected = rows
      .filter((r) => r.article === name)
      .map(({ id, offset, number_text, value, unit, bound }) => ({
        id,
        start: places[offset] as number,
        text: number_text,
        value,
        unit,
        bound,
        doubt: '',
      }))
    return { name, text, expected }
  })
}

export interface Score {
  expected: number
  found: number
  right: number
  recall: number
  precision: number
  /** in words, for the one who reads the failing test */
  faults: string[]
}

/** 条(链): the noun in brackets explains the unit. */
const bare = (unit: string) => unit.replace(/^(.)\(.*\)$/, '$1')

/** A figure is right when place, value, unit and bound are; what is found too much or not at all counts against. */
export function score(drafts: readonly Marked[], read: (text: string) => readonly Reading[]): Score {
  const total = { expected: 0, found: 0, right: 0, faults: [] as string[] }
  for (const { text, expected } of drafts) {
    const readings = read(text)
    const right = expected.filter((e) => {
      const r = readings.find((x) => x.start === e.start)
      if (r && r.value === e.value && bare(r.unit) === bare(e.unit) && r.bound === e.bound) return true
      total.faults.push(`${e.id} ${e.text}${e.unit} ${e.bound} → ${r ? `${r.value}${r.unit} ${r.bound}` : 'not found'}`)
      return false
    })
    for (const r of readings)
      if (!expected.some((e) => e.start === r.start))
        total.faults.push(`too much: ${text.slice(r.start - 8, r.end + 8)}`)
    total.expected += expected.length
    total.found += readings.length
    total.right += right.length
  }
  return { ...total, recall: total.right / total.expected, precision: total.right / total.found }
}
