// Binds every token and table of a text to figures and refuses what would not be true.
import type { Figure, Figures } from '#modules/figures/contract.ts'
import { dayOf } from '#core/calendar.ts'
import { hasBegun, whyNoChart } from '#core/chart/options.ts'
import { chartOf } from './chart.ts'
import type { Block, BoundBlock, BoundTable, Entry, Fault, Run, Template } from './contract.ts'
import { periodWords } from './fill.ts'
import { breakdownsOf, measuresIn, measuresOf, readPieces } from './tokens.ts'
import { no, type Refusal, tokenFound, type TokenPiece } from './truth.ts'

/** A number in a table: whole as it is, otherwise with one decimal. */
const plain = (value: number | null) =>
  value === null ? '—' : Number.isInteger(value) ? String(value) : value.toFixed(1)

const isTimed = (by: string) => by === 'month' || by === 'quarter' || by === 'year'

/** What a text is bound to: its figures, and by what they are broken down. */
export interface Ground {
  figures: Figures
  breakdowns: ReadonlyMap<string, Figures>
  linkOf(measure: string, n: number): string
}

/** The entries of a manifest before the records behind them are known. */
export type Loose = Omit<Entry, 'evidence'>

/** Figures come in the order they were asked for; an id may name a version, so the answer's own id is not the name. */
const named = (measures: readonly string[], { figures }: Pick<Figures, 'figures'> = { figures: [] }) =>
  new Map(measures.flatMap((m, i): [string, Figure][] => (figures[i] ? [[m, figures[i]]] : [])))

class Binding {
  readonly faults: Fault[] = []
  readonly entries: Loose[] = []
  readonly #ground: Ground
  readonly #byName: ReadonlyMap<string, Figure>
  readonly #tables: ReadonlyMap<string, ReadonlyMap<string, Figure>>

  constructor(template: Template, ground: Ground) {
    this.#ground = ground
    this.#byName = named(measuresOf(template), ground.figures)
    this.#tables = new Map(
      [...breakdownsOf(template)].map(([by, measures]) => [by, named(measures, ground.breakdowns.get(by))]),
    )
  }

  #enter({ measure }: Figure, value: number, printed: string, row: { by: string; key: string } | null) {
    const n = this.entries.length + 1
    const { id, name, classifier, version, definition } = measure
    this.entries.push({
      n,
      measure: id,
      name,
      classifier,
      version,
      definition,
      by: row?.by ?? null,
      key: row?.key ?? null,
      value,
      printed,
    })
    return { n, link: this.#ground.linkOf(id, n) }
  }

  refuse(at: string, token: string, fault: Refusal) {
    this.faults.push({ at, token, ...fault })
  }

  runs(at: string, text: string): Run[] {
    return readPieces(text).map((piece): Run => {
      if (piece.kind === 'text') return piece
      if (piece.kind === 'broken') {
        const { fault } = no('token', '这里像是数字标记，但写法不完整；应为“{{动词|指标|写法|单位}}”')
        this.refuse(at, piece.source, fault)
        return { kind: 'fault', text: '〔？〕' }
      }
      return this.#token(at, piece)
    })
  }

  #token(at: string, piece: TokenPiece): Run {
    const figures = measuresIn(piece.token).map((m) => this.#byName.get(m))
    const found = tokenFound(piece, figures, this.#ground.figures.period.key)
    if ('fault' in found) {
      this.refuse(at, piece.source, found.fault)
      return { kind: 'fault', text: `〔${piece.token.classifier}？〕` }
    }
    const { figure, printed, text } = found
    const value = figure.value ?? 0
    const { n, link } = this.#enter(figure, value, text, null)
    const { id, name, definition } = figure.measure
    return { kind: 'figure', text, figure: { n, measure: id, name, printed, value, definition, link } }
  }

  /** Titles carry no numbers: they are broken into lines and copied into lists, where no link would follow. */
  plain(at: string, text: string): string {
    if (text.includes('{{')) this.refuse(at, text, no('token', '标题里不放数字，请写进导语或正文').fault)
    return text
  }

  table(at: string, { measures, by }: Pick<Extract<Block, { kind: 'table' }>, 'measures' | 'by'>): BoundTable {
    const answer = this.#tables.get(by)
    const figures = measures.flatMap((m) => answer?.get(m) ?? [])
    if (figures.length < measures.length)
      this.refuse(at, measures.join('、'), no('unknown-measure', '表里有不存在的指标').fault)
    const cell = (figure: Figure, value: number | null, row: { by: string; key: string } | null) => {
      const printed = plain(value)
      if (value === null) return { n: null, value, printed, link: '' }
      return { ...this.#enter(figure, value, printed, row), value, printed }
    }
    const names = new Map(figures.flatMap((f) => f.rows.map((r) => [r.key, r.name] as const)))
    const { asOf } = this.#ground.figures
    const keys = [...names].filter(([key]) => !isTimed(by) || hasBegun(key, dayOf(asOf)))
    const rows = keys.map(([key, name]) => ({
      name: isTimed(by) ? periodWords({ key, from: key, to: key }) : name,
      cells: figures.map((f) => cell(f, f.rows.find((r) => r.key === key)?.value ?? null, { by, key })),
    }))
    return {
      columns: figures.map(({ measure }) => ({
        measure: measure.id,
        name: measure.name,
        classifier: measure.classifier,
      })),
      rows,
      totals: figures.map((f) => cell(f, f.value, null)),
    }
  }

  chart(at: string, { kind, title, form, measures, by }: Extract<Block, { kind: 'chart' }>): BoundBlock {
    const table = this.table(at, { measures, by })
    const bound = { kind, title, form, timed: isTimed(by), table }
    const units = new Set(table.columns.map((c) => c.classifier))
    const why =
      units.size > 1
        ? `一张图上的指标要用同一个单位，这里有${[...units].join('、')}`
        : whyNoChart(
            chartOf(bound),
            table.totals.map((t) => t.value),
          )
    if (why) this.refuse(at, title, no('chart', why).fault)
    return bound
  }

  block(at: string, block: Block): BoundBlock {
    switch (block.kind) {
      case 'paragraph':
        return {
          kind: 'paragraph',
          runIn: this.runs(`${at}.runIn`, block.runIn),
          runs: this.runs(`${at}.text`, block.text),
        }
      case 'quote':
        if (!block.consent)
          this.refuse(at, block.speaker, no('consent', `没有“${block.speaker}”同意刊发原话的记录，不能引用`).fault)
        return { kind: 'quote', runs: this.runs(`${at}.text`, block.text), speaker: block.speaker }
      case 'caption':
        if (block.people && !block.consent)
          this.refuse(at, block.text, no('consent', '照片上有可辨认的人，须先登记本人同意').fault)
        return { kind: 'caption', runs: this.runs(`${at}.text`, block.text), credit: block.credit }
      case 'table':
        return { kind: 'table', title: block.title, table: this.table(at, block) }
      case 'chart':
        return this.chart(at, block)
    }
  }
}

/** The text with every number bound, in reading order; every fault with its place; and the numbers as they would be printed. */
export function bind(template: Template, ground: Ground) {
  const b = new Binding(template, ground)
  const text = {
    occasion: template.occasion,
    masthead: template.masthead,
    title: b.plain('title', template.title),
    subtitle: b.plain('subtitle', template.subtitle),
    bylines: template.bylines,
    lead: b.runs('lead', template.lead),
    thesis: b.runs('thesis', template.thesis),
    sections: template.sections.map((section, s) => ({
      heading: b.runs(`sections.${s}.heading`, section.heading),
      blocks: section.blocks.map((block, i) => b.block(`sections.${s}.blocks.${i}`, block)),
    })),
    closing: b.runs('closing', template.closing),
    credits: template.credits,
  }
  return { text, faults: b.faults, entries: b.entries }
}
