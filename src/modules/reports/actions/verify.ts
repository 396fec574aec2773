// Is a document still what was printed? Every number of its manifest against its text and against the records of today.
import type { Context } from '#core/context.ts'
import type { Link } from '#core/docx.ts'
import { readLinked } from '#core/docx.ts'
import { Problem } from '#core/errors.ts'
import { ask, digestIn, readIn } from '#modules/figures/index.ts'
import { readDraft } from '../check/read.ts'
import { type Entry, fail, type Manifest, type Verified, verdicts } from '../contract.ts'
import { getManifest } from '../store/documents.ts'
import type { At } from './preview.ts'

const UUID = /文档编号\s*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/

/** What stands in the document for each number; a program that edits may cut one link into several. */
function foundBy(links: readonly Link[]): Map<number, string> {
  const found = new Map<number, string>()
  for (const { target, text } of links) {
    const n = Number(/[?&]n=(\d{1,6})(?:&|$)/.exec(target)?.[1] ?? '')
    if (n > 0) found.set(n, (found.get(n) ?? '') + text)
  }
  return found
}

const bare = (text: string) => text.replace(/\s/g, '')

/** Numbers in digits that are no links; the list behind the text is not part of it, and 两级 or 一岗双责 state nothing. */
const looseIn = (own: string) => {
  const body = own.split(/^数据清单$/m)[0] ?? ''
  return readDraft(body)
    .readings.filter((r) => /\d/.test(r.text.normalize('NFKC')))
    .map((r) => `${r.text}${r.unit}`)
}

/**
 * Of each chart: is the picture that was drawn still there? A reader that knows SVG shows the SVG, so an SVG that none of ours is
 * stands for any that is missing; programs that know none keep the PNG alone.
 */
function chartsIn(drawn: Manifest['pictures'], found: ReadonlyMap<string, string>): Verified['pictures'] {
  const ours = new Set(drawn.flatMap((d) => d.digests))
  const foreign = [...found].some(([digest, kind]) => kind === 'svg' && !ours.has(digest))
  return drawn.map(({ title, digests }) => {
    const kinds = digests.flatMap((d) => found.get(d) ?? [])
    const same = kinds.includes('svg') || (kinds.length > 0 && !foreign)
    return { title, verdict: same ? 'unchanged' : 'changed' }
  })
}

type Now = { value: number; evidence: string } | null

/** What each number of the manifest is today; null where the measure or unit is gone for the asker. */
class Today {
  readonly #at: At
  readonly #of: Manifest
  readonly #read = new Map<string, Promise<Awaited<ReturnType<typeof readIn>> | null>>()
  readonly #digests = new Map<string, Promise<string>>()

  constructor(at: At, of: Manifest) {
    this.#at = at
    this.#of = of
  }

  /** Measures asked for together where their rows are the same. */
  #figures(by: string | null, reference: string) {
    const { unit, period, tree } = this.#of
    const key = `${by}|${reference}`
    const known = this.#read.get(key)
    if (known) return known
    const query = { measures: reference, unit: unit.id, period: period.key, tree, published: true }
    const reading = readIn(this.#at, by ? { ...query, by } : query).catch((error: unknown) => {
      if (error instanceof Problem && error.status < 500) return null
      throw error
    })
    this.#read.set(key, reading)
    return reading
  }

  async of({ measure, version, by, key }: Entry): Promise<Now> {
    const reference = `${measure}@${version}`
    const figure = (await this.#figures(by, reference))?.figures[0]
    const value = by === null ? figure?.value : figure?.rows.find((r) => r.key === key)?.value
    if (value === undefined || value === null) return null
    if (by !== null) return { value, evidence: '' }
    const { unit, period, tree } = this.#of
    const known = this.#digests.get(reference)
    const digest = known ?? digestIn(this.#at, { measure: reference, unit: unit.id, period: period.key, tree })
    this.#digests.set(reference, digest)
    return { value, evidence: await digest }
  }
}

function verdictOf(entry: Entry, found: string | null, now: Now): (typeof verdicts)[number] {
  if (found === null) return 'missing'
  if (bare(found) !== bare(entry.printed)) return 'edited'
  if (now === null) return 'gone'
  return now.value === entry.value && now.evidence === entry.evidence ? 'unchanged' : 'restated'
}

/**
 * @throws report.not-ours where the file does not name a document of ours, report.unknown-document, document.* where it cannot be read
 */
export async function verifyDocument(ctx: Context, file: Buffer): Promise<Verified> {
  // Who asks is judged before the file is opened; no transaction waits for it.
  await ctx.read('report.read', async () => undefined)
  const { text, own, links, pictures } = await readLinked(file)
  const id = UUID.exec(text)?.[1]
  if (!id) throw fail('not-ours')
  const found = foundBy(links)
  return ask(ctx, 'report.read', async (tx, head) => {
    const manifest = await getManifest(tx, id)
    const today = new Today({ tx, head }, manifest)
    const where = new URLSearchParams({ unit: manifest.unit.id, period: manifest.period.key })
    const entries: Verified['entries'] = []
    for (const entry of manifest.entries) {
      const now = await today.of(entry)
      const seen = found.get(entry.n) ?? null
      const link = `/console/figures/${entry.measure}?${where}`
      entries.push({ ...entry, found: seen, now: now?.value ?? null, verdict: verdictOf(entry, seen, now), link })
    }
    const counts = Object.fromEntries(verdicts.map((v) => [v, entries.filter((e) => e.verdict === v).length]))
    const { entries: _, pictures: drawn, ...document } = manifest
    return {
      document,
      checkedAt: tx.now,
      counts: counts as Verified['counts'],
      entries,
      pictures: chartsIn(drawn, pictures),
      loose: looseIn(own),
    }
  })
}
