// Binds every token of a template to a figure and refuses what would not be true.
import type { Figure, Figures } from '#modules/figures/contract.ts'
import { totalOf, verbsIn } from '#modules/figures/index.ts'
import type { Fault, Run, Template } from './contract.ts'
import { type Piece, readPieces, type Token } from './tokens.ts'
import { printNumber, readForm, trueForms } from './words.ts'

/** `a+b`: one number said of two measures, as in 收集并解决. */
const measuresIn = (token: Token) => token.measure.split('+')

export const measuresOf = (template: Template): string[] => [
  ...new Set(
    template.sections.flatMap((s) =>
      s.paragraphs.flatMap((p) => readPieces(p).flatMap((x) => (x.kind === 'token' ? measuresIn(x.token) : []))),
    ),
  ),
]

type Finding = { run: Run } | { fault: Pick<Fault, 'code' | 'text' | 'instead'> }

const no = (code: Fault['code'], text: string, instead: string[] = []): Finding => ({ fault: { code, text, instead } })

type TokenPiece = Extract<Piece, { kind: 'token' }>

/** 人 against 人次 is the commonest lie of a review: the refusal says which number each word would carry. */
function classifierFault(token: Token, figure: Figure): Finding | null {
  const { classifier, name } = figure.measure
  if (token.classifier === classifier || (classifier === '人' && token.classifier === '名')) return null
  return no(
    'classifier',
    `“${name}”的单位是“${classifier}”，不是“${token.classifier}”：口径为“${figure.measure.definition}”`,
    figure.value === null ? [] : [`${printed(figure)}${classifier}`],
  )
}

const printed = (figure: Figure) => trueForms(figure.value ?? 0)[0] ?? '0'

/** The form in which a verb that says “all” is printed as a word, without a number: {{全覆盖|…|字|%}}. */
const AS_WORD = '字'

function verbFault(piece: TokenPiece, figures: readonly Figure[]): Finding | null {
  const { token } = piece
  const verbs = figures.length > 1 ? verbsIn(token.verb) : [token.verb]
  if (verbs.length !== figures.length)
    return no('verb', `“${token.verb}”说的是${verbs.length}件事，这里有${figures.length}个指标`)
  for (const [i, verb] of verbs.entries()) {
    const { verbs: known, name } = (figures[i] as Figure).measure
    if (!known.includes(verb)) return no('verb', `动词“${verb}”说的不是“${name}”`, [...known])
  }
  if (token.form !== AS_WORD && !`${piece.before}${piece.after}`.includes(token.verb))
    return no('verb-missing', `这一句里没有出现动词“${token.verb}”`, [token.verb])
  return null
}

/** 收集并解决: one number for two states is true only when both counts are equal. */
function compoundFault(token: Token, figures: readonly Figure[]): Finding | null {
  if (new Set(figures.map((f) => f.value)).size === 1) return null
  const verbs = verbsIn(token.verb)
  const each = figures.map((f, i) => `${verbs[i]}${printed(f)}${f.measure.classifier}`)
  return no('compound', `“${token.verb}”一个数说几件事，各数相等才能这样写：${each.join('，')}`, each)
}

/** 全覆盖, 均, 清零: only of a stored list, and only when it is so. */
function totalFault(token: Token, figure: Figure): Finding | null {
  const total = totalOf(token.verb)
  if (total === null) return token.form === AS_WORD ? no('form', `“${token.verb}”不能代替数字`, ['整数']) : null
  if (figure.measure.list === null) return no('total', `“${token.verb}”只能用于名册上的占比`)
  if (figure.value === total) return null
  const said = `${figure.value?.toFixed(1)}%`
  return no('total', `“${token.verb}”说的是${total}%，名册上是${figure.numerator}/${figure.denominator}`, [said])
}

/** 累计 is counted from a start, and the sentence says which. */
function sinceFault(piece: TokenPiece, figure: Figure, period: string): Finding | null {
  const said = `${piece.before}${piece.after}`
  const { since, name } = figure.measure
  const running = said.includes('累计') || piece.token.verb.startsWith('累计')
  if (!running && since === null) return null
  if (running && since === null && !period.includes('..'))
    return no('since', `“累计”须有起点：“${name}”只数本期，请写明自何日起，并按该日起的时期取数`)
  if (/以来|[自从].+?起/.test(piece.sentence)) return null
  return no('since', `“${name}”是累计数，这一句须写明起点`, [`自${since ?? period.split('..')[0]}以来`])
}

function missing(figures: readonly (Figure | undefined)[], token: Token): Finding | null {
  const at = figures.findIndex((f) => f === undefined)
  return at < 0 ? null : no('unknown-measure', `没有“${measuresIn(token)[at]}”这个指标`)
}

/** Why there is nothing to print, whatever the words. */
function emptyFault(figures: readonly Figure[]): Finding | null {
  if (figures.some((f) => f.suppressed)) return no('suppressed', '人数太少，写出来会认出个人，不能付印')
  return figures.some((f) => f.value === null) ? no('no-number', '分母为零，没有数，不能写成 0% 或 100%') : null
}

/** The token's text and its figure, or why it may not be printed. */
function bindToken(
  piece: TokenPiece,
  found: readonly (Figure | undefined)[],
  { period, linkOf }: { period: string; linkOf: (measure: string) => string },
): Finding {
  const { token } = piece
  const unknown = missing(found, token)
  if (unknown) return unknown
  const figures = found as Figure[]
  const figure = figures[0] as Figure
  const wrong =
    figures.map((f) => classifierFault(token, f)).find((f) => f !== null) ??
    verbFault(piece, figures) ??
    emptyFault(figures) ??
    compoundFault(token, figures) ??
    totalFault(token, figure) ??
    sinceFault(piece, figure, period)
  if (wrong) return wrong
  const value = figure.value ?? 0
  const text = textOf(token, figure, value)
  if ('fault' in text) return text
  const { id, name, definition } = figure.measure
  return {
    run: {
      kind: 'figure',
      text: token.form === AS_WORD ? text.text : `${text.text}${token.classifier}`,
      figure: { measure: id, name, printed: text.text, value, definition, link: linkOf(id) },
    },
  }
}

function textOf(token: Token, figure: Figure, value: number): { text: string } | Extract<Finding, { fault: unknown }> {
  if (token.form === AS_WORD) return { text: token.verb }
  return figure.measure.classifier === '%' ? { text: value.toFixed(1) } : numberText(token, value)
}

function numberText(token: Token, value: number): { text: string } | Extract<Finding, { fault: unknown }> {
  const form = readForm(token.form)
  if (!form)
    return no('form', `不认识的写法“${token.form}”`, ['整数', '万2', '百余', '近千']) as Extract<
      Finding,
      { fault: unknown }
    >
  const found = printNumber(value, form)
  return (
    found ??
    (no('untrue', `按“${token.form}”写与记录不符（记录为 ${value}）`, trueForms(value)) as Extract<
      Finding,
      { fault: unknown }
    >)
  )
}

/** Every paragraph as runs of text and figures, and every fault with its place. */
export function bind(template: Template, figures: Figures, linkOf: (measure: string) => string) {
  const byRef = new Map(measuresOf(template).map((m, i) => [m, figures.figures[i]]))
  const faults: Fault[] = []
  const sections = template.sections.map((section, s) => ({
    heading: section.heading,
    paragraphs: section.paragraphs.map((paragraph, p) =>
      readPieces(paragraph).map((piece): Run => {
        if (piece.kind === 'text') return piece
        const found = bindToken(
          piece,
          measuresIn(piece.token).map((m) => byRef.get(m)),
          {
            period: figures.period.key,
            linkOf,
          },
        )
        if ('run' in found) return found.run
        faults.push({ section: s, paragraph: p, token: piece.source, ...found.fault })
        return { kind: 'fault', text: `〔${piece.token.classifier}？〕` }
      }),
    ),
  }))
  return { sections, faults }
}
