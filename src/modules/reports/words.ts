// Numbers in print: a number may be printed only in a form that is true. [catalogue/verbs.md]
// Chinese bounds: 余/多 = just above the printed number, 近 = just below it, 超/逾 = strictly above, 约/左右 = two-sided.

export type Bound = 'exact' | '余' | '多' | '近' | '超' | '逾' | '约'

/** How a token wants its number: whole, or in 万 with so many decimals, or rounded to a power of ten, and with which bound. */
export interface Form {
  scale: 1 | 10 | 100 | 1000 | 10_000
  /** decimals behind 万; only with scale 10,000 and unit 万 */
  decimals: number
  wan: boolean
  bound: Bound
}

const BOUNDS: readonly Bound[] = ['余', '多', '近', '超', '逾', '约']

/** `整数` · `万` · `万2` (two decimals) · `百余` · `近千` · `万1余` … @returns null when not a form */
export function readForm(words: string): Form | null {
  let rest = words
  let bound: Bound = 'exact'
  for (const b of BOUNDS) {
    if (rest.startsWith(b) || rest.endsWith(b)) {
      bound = b
      rest = rest.replace(b, '')
      break
    }
  }
  const match = /^(整数|十|百|千|万)?([0-3])?$/.exec(rest)
  if (!match || (match[2] && match[1] !== '万')) return null
  const scale = ({ 整数: 1, 十: 10, 百: 100, 千: 1000, 万: 10_000 } as const)[match[1] as '十'] ?? 1
  return { scale, decimals: Number(match[2] ?? 0), wan: match[1] === '万', bound }
}

export interface Printed {
  text: string
  /** the number the printed digits stand for */
  stands: number
}

const step = (form: Form) => (form.wan ? 10_000 / 10 ** form.decimals : form.scale)

const digits = (stands: number, form: Form) =>
  form.wan ? `${(stands / 10_000).toFixed(form.decimals)}万` : String(stands)

const dress = (number: string, bound: Bound) =>
  bound === '余' || bound === '多' ? `${number}${bound}` : bound === 'exact' ? number : `${bound}${number}`

/** The digits nearest to the value from the side the bound demands, in steps of the form. */
function standing(value: number, form: Form): number {
  const unit = step(form)
  const below = Math.floor(value / unit) * unit
  if (form.bound === '近') return below === value ? value + unit : below + unit
  if (form.bound === '约') return Math.round(value / unit) * unit
  if (form.bound === '超' || form.bound === '逾' || form.bound === '余' || form.bound === '多')
    return below === value ? value - unit : below
  return Math.round(value / unit) * unit
}

/** Is `bound stands` true of `value`? 余/多 and 近 reach less than one step far; 约 half a step. */
export function isTrue(value: number, stands: number, bound: Bound, unit: number): boolean {
  if (bound === 'exact') return value === stands
  if (bound === '余' || bound === '多') return value > stands && value < stands + Math.max(unit, 1)
  if (bound === '超' || bound === '逾') return value > stands
  if (bound === '近') return value < stands && value > stands - Math.max(unit, 1)
  return Math.abs(value - stands) * 2 <= Math.max(unit, 1) || value === stands
}

/** The number in the wished form, or null when that form would not be true. */
export function printNumber(value: number, form: Form): Printed | null {
  if (form.bound !== 'exact' && form.scale === 1 && !form.wan) return null
  const stands = standing(value, form)
  if (stands < 0 || (stands === 0 && form.bound !== 'exact') || (stands === 0 && value > 0)) return null
  return isTrue(value, stands, form.bound, step(form))
    ? { text: dress(digits(stands, form), form.bound), stands }
    : null
}

/** True forms a writer may choose instead, the exact one first. */
export function trueForms(value: number): string[] {
  const wished = ['整数', '万', '万1', '万2', '万1余', '万2余', '千余', '百余', '近万', '近千', '近百']
  const texts = wished.flatMap((w) => {
    const form = readForm(w)
    const printed = form && printNumber(value, form)
    return printed ? [printed.text] : []
  })
  return [...new Set(texts)]
}
