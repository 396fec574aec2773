// What a token may not print, and why. [catalogue/verbs.md]
import type { Figure } from '#modules/figures/contract.ts'
import { totalOf, verbsIn } from '#modules/figures/index.ts'
import type { Fault } from './contract.ts'
import { measuresIn, type Piece, type Token } from './tokens.ts'
import { printNumber, printPercent, readForm, trueForms } from './words.ts'

export type TokenPiece = Extract<Piece, { kind: 'token' }>
export type Refusal = Pick<Fault, 'code' | 'text' | 'instead'>
type Refused = { fault: Refusal }
type Found = { figure: Figure; printed: string; text: string } | Refused

export const no = (code: Fault['code'], text: string, instead: string[] = []): Refused => ({
  fault: { code, text, instead },
})

/** 人 against 人次 is the commonest lie of a review: the refusal says which number each word would carry. */
function classifierFault(token: Token, figure: Figure): Refused | null {
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

function verbFault(piece: TokenPiece, figures: readonly Figure[]): Refused | null {
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
function compoundFault(token: Token, figures: readonly Figure[]): Refused | null {
  if (new Set(figures.map((f) => f.value)).size === 1) return null
  const verbs = verbsIn(token.verb)
  const each = figures.map((f, i) => `${verbs[i]}${printed(f)}${f.measure.classifier}`)
  return no('compound', `“${token.verb}”一个数说几件事，各数相等才能这样写：${each.join('，')}`, each)
}

/** 全覆盖, 均, 清零: only of a stored list, and only when it is so. */
function totalFault(token: Token, figure: Figure): Refused | null {
  const total = totalOf(token.verb)
  if (total === null) return token.form === AS_WORD ? no('form', `“${token.verb}”不能代替数字`, ['整数']) : null
  if (figure.measure.list === null) return no('total', `“${token.verb}”只能用于名册上的占比`)
  if (figure.value === total) return null
  const said = `${figure.value?.toFixed(1)}%`
  return no('total', `“${token.verb}”说的是${total}%，名册上是${figure.numerator}/${figure.denominator}`, [said])
}

/** 累计 is counted from a start, and the sentence says which. */
function sinceFault(piece: TokenPiece, figure: Figure, period: string): Refused | null {
  const said = `${piece.before}${piece.after}`
  const { since, name } = figure.measure
  const running = said.includes('累计') || piece.token.verb.startsWith('累计')
  if (!running && since === null) return null
  if (running && since === null && !period.includes('..'))
    return no('since', `“累计”须有起点：“${name}”只数本期，请写明自何日起，并按该日起的时期取数`)
  if (/以来|[自从].+?起/.test(piece.sentence)) return null
  return no('since', `“${name}”是累计数，这一句须写明起点`, [`自${since ?? period.split('..')[0]}以来`])
}

function missing(figures: readonly (Figure | undefined)[], token: Token): Refused | null {
  const at = figures.findIndex((f) => f === undefined)
  return at < 0 ? null : no('unknown-measure', `没有“${measuresIn(token)[at]}”这个指标`)
}

/** Why there is nothing to print, whatever the words. */
function emptyFault(figures: readonly Figure[]): Refused | null {
  if (figures.some((f) => f.suppressed)) return no('suppressed', '人数太少，写出来会认出个人，不能付印')
  return figures.some((f) => f.value === null) ? no('no-number', '分母为零，没有数，不能写成 0% 或 100%') : null
}

function printedOf(token: Token, { value, measure }: Figure): { printed: string } | Refused {
  if (token.form === AS_WORD) return { printed: token.verb }
  const form = readForm(token.form)
  if (!form) return no('form', `不认识的写法“${token.form}”`, ['整数', '汉字', '万2', '百余', '近千', '约百'])
  const found = measure.classifier === '%' ? printPercent(value ?? 0, form) : printNumber(value ?? 0, form)
  if (found) return { printed: found.text }
  return no('untrue', `按“${token.form}”写与记录不符（记录为 ${value}）`, trueForms(value ?? 0))
}

/** What a token prints and of which figure, or why it may not be printed. `found`: the figures of its measures, in their order. */
export function tokenFound(piece: TokenPiece, found: readonly (Figure | undefined)[], period: string): Found {
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
  const result = printedOf(token, figure)
  if ('fault' in result) return result
  const { printed } = result
  return { figure, printed, text: token.form === AS_WORD ? printed : `${printed}${token.classifier}` }
}
