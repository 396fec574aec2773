// Reads a draft somebody else wrote: every number in it is a figure or is passed over with a reason. Pure: no server, no measures.
import { claimsOf } from './claims.ts'
import { contextOf } from './context.ts'
import { type Cover, coversOf } from './covers.ts'
import { doubtsOf } from './doubts.ts'
import { given as asGiven } from './flow.ts'
import { judge } from './judge.ts'
import { scanNumerals } from './numerals.ts'
import { layOut, nameOf, type Page, sentenceAt } from './page.ts'
import type { Draft, Reading } from './reading.ts'
import { type Found, share } from './share.ts'

/** For every place of the text the number of the span that holds it, from 1; 0 where none does. */
function occupied(page: Page, spans: readonly { start: number; end: number }[]): Uint32Array {
  const places = new Uint32Array(page.text.length)
  for (const [i, s] of spans.entries()) for (let at = s.start; at < s.end; at++) places[at] ||= i + 1
  return places
}

/** 三会一课 holds two numbers and is passed over once. */
function pass(ignored: Draft['ignored'], one: Draft['ignored'][number]) {
  const last = ignored.at(-1)
  if (last?.start !== one.start || last.end !== one.end) ignored.push(one)
}

function find(page: Page): Found {
  const claims = claimsOf(page)
  const found: Found = { figures: [...claims.figures], ignored: [...claims.ignored] }
  const covers = coversOf(page)
  const covered = occupied(page, covers)
  const claimed = occupied(page, [...claims.figures, ...claims.ignored])
  let last = -1
  for (const n of scanNumerals(page.text)) {
    const at = covered.slice(n.start, n.end).find((c) => c > 0)
    if (at !== undefined) {
      if (at !== last) found.ignored.push(covers[at - 1] as Cover)
      last = at
      continue
    }
    if (claimed.slice(n.start, n.end).some((c) => c > 0)) continue
    const verdict = judge(page, n)
    if ('figure' in verdict) found.figures.push(verdict.figure)
    else pass(found.ignored, { start: n.start, end: n.end, ...verdict.span, why: verdict.why })
  }
  return found
}

/** A scheme named once more says nothing new. */
function dropRepeated(page: Page, found: Found) {
  const seen = new Set<string>()
  found.figures = found.figures.filter((f) => {
    if (!['nominal', 'structure', 'duration'].includes(f.kind)) return true
    const name = nameOf(page, f)
    if (!name) return true
    const key = `${name}@${f.start - page.text.lastIndexOf(name, f.start)}`
    if (!seen.has(key)) return Boolean(seen.add(key))
    found.ignored.push({ start: f.start, end: f.end, why: '前文已出现的名称' })
    return false
  })
}

const NEAR = 30

/** 登记诉求3200件，办结3023件: what is counted need not be said twice. */
function carry(page: Page, readings: readonly Reading[]) {
  for (const [i, r] of readings.entries()) {
    const before = readings[i - 1]
    if (!before || before.unit !== r.unit || (r.subject !== '' && !r.verbs.some((v) => v.word === r.subject))) continue
    if (before.end >= sentenceAt(page, r).start) r.subject = before.subject
  }
}

/** Places are those of the text as given. */
function placed({ flow }: Page, r: Reading, given: string): Reading {
  const at = asGiven(flow, r)
  return {
    ...at,
    text: given.slice(at.start, at.end),
    verbs: r.verbs.map((v) => asGiven(flow, v)),
    later: r.later.map((v) => asGiven(flow, v)),
  }
}

export function readDraft(given: string): Draft {
  const page = layOut(given)
  const found = find(page)
  share(page, found)
  dropRepeated(page, found)
  const readings = found.figures.map((f, i): Reading => {
    const last = found.figures[i - 1]?.tail ?? 0
    return { ...f, ...contextOf(page, f, f.tail, last), text: page.flow.text.slice(f.start, f.end), doubts: [] }
  })
  carry(page, readings)
  const doubted = readings.map((r, i) => ({
    ...r,
    // What bears on a number stands near it.
    doubts: doubtsOf(page, r, readings.slice(Math.max(0, i - NEAR), i + NEAR)),
  }))
  return {
    readings: doubted.map((r) => placed(page, r, given)),
    ignored: found.ignored.sort((a, b) => a.start - b.start).map((i) => asGiven(page.flow, i)),
  }
}
