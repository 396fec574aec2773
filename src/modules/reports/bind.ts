// Binds every token of a template to a figure and refuses what would not be true.
import type { Figure, Figures } from '#modules/figures/contract.ts'
import type { Fault, Run, Template } from './contract.ts'
import { type Piece, readPieces, type Token } from './tokens.ts'
import { printNumber, readForm, trueForms } from './words.ts'

export const measuresOf = (template: Template): string[] => [
  ...new Set(
    template.sections.flatMap((s) =>
      s.paragraphs.flatMap((p) => readPieces(p).flatMap((x) => (x.kind === 'token' ? [x.token.measure] : []))),
    ),
  ),
]

type Finding = { run: Run } | { fault: Pick<Fault, 'code' | 'text' | 'instead'> }

const no = (code: Fault['code'], text: string, instead: string[] = []): Finding => ({ fault: { code, text, instead } })

/** 人 against 人次 is the commonest lie of a review: the refusal says which number each word would carry. */
function classifierFault(token: Token, figure: Figure): Finding | null {
  const { classifier, name } = figure.measure
  if (token.classifier === classifier || (classifier === '人' && token.classifier === '名')) return null
  return no(
    'classifier',
    `“${name}”的单位是“${classifier}”，不是“${token.classifier}”：口径为“${figure.measure.definition}”`,
    [`${printed(figure)}${classifier}`],
  )
}

const printed = (figure: Figure) => trueForms(figure.value ?? 0)[0] ?? '0'

function verbFault(token: Token, piece: Extract<Piece, { kind: 'token' }>, figure: Figure): Finding | null {
  const { verbs, name } = figure.measure
  if (!verbs.includes(token.verb)) return no('verb', `动词“${token.verb}”说的不是“${name}”`, [...verbs])
  if (!`${piece.before}${piece.after}`.includes(token.verb))
    return no('verb-missing', `这一句里没有出现动词“${token.verb}”`, [token.verb])
  return null
}

/** The token's text and its figure, or why it may not be printed. */
export function bindToken(
  piece: Extract<Piece, { kind: 'token' }>,
  figure: Figure | undefined,
  linkOf: (measure: string) => string,
): Finding {
  const { token } = piece
  if (!figure) return no('unknown-measure', `没有“${token.measure}”这个指标`)
  const wrong = classifierFault(token, figure) ?? verbFault(token, piece, figure)
  if (wrong) return wrong
  if (figure.value === null) return no('no-number', '分母为零，没有数，不能写成 0% 或 100%')
  const text = figure.measure.classifier === '%' ? { text: figure.value.toFixed(1) } : numberText(token, figure.value)
  if ('fault' in text) return text
  const { id, name, definition } = figure.measure
  return {
    run: {
      kind: 'figure',
      text: `${text.text}${token.classifier}`,
      figure: { measure: id, name, printed: text.text, value: figure.value, definition, link: linkOf(id) },
    },
  }
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
  const byId = new Map(figures.figures.map((f) => [f.measure.id, f]))
  const faults: Fault[] = []
  const sections = template.sections.map((section, s) => ({
    heading: section.heading,
    paragraphs: section.paragraphs.map((paragraph, p) =>
      readPieces(paragraph).map((piece): Run => {
        if (piece.kind === 'text') return piece
        const found = bindToken(piece, byId.get(piece.token.measure), linkOf)
        if ('run' in found) return found.run
        faults.push({ section: s, paragraph: p, token: piece.source, ...found.fault })
        return { kind: 'fault', text: `〔${piece.token.classifier}？〕` }
      }),
    ),
  }))
  return { sections, faults }
}
