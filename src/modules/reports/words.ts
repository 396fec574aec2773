// Numbers in print: a number may be printed only in a form that is true. [catalogue/verbs.md]
// Chinese bounds: 余/多 = just above the printed number, 近 = just below it, 超/逾 = strictly above, 以上 = at least, 约/左右 = two-sided.
import { hanNumber } from './numerals.ts'

const BOUNDS = ['余', '多', '近', '超', '逾', '约', '左右', '以上'] as const
export type Bound = 'exact' | (typeof BOUNDS)[number]

/** How a token wants its number: whole, or in 万 or 亿 with so many decimals, or down to a power of ten; in digits or characters; with which bound. */
export interface Form {
  /** what the last printed digit is worth: 1, 10, 100, 1000, or of 万 and 亿 by their decimals; 0.1 … of a number with decimals */
  step: number
  /** what is written behind the digits */
  unit: '' | '万' | '亿'
  decimals: number
  script: 'digits' | 'han'
  bound: Bound
}

const WORTH = { '': 1, 万: 10_000, 亿: 100_000_000 } as const
const STEPS = { 整数: 1, 十: 10, 百: 100, 千: 1000 } as const

/** `整数` · `一位小数` · `万` · `万2` (two decimals) · `亿1` · `百余` · `近千` · `万1余` · `约百` · `百左右` · `汉字` · `汉字百余` … @returns null when not a form */
export function readForm(words: string): Form | null {
  const bound = BOUNDS.find((b) => words.startsWith(b) || words.endsWith(b))
  let rest = bound ? words.replace(bound, '') : words
  const script = rest.startsWith('汉字') ? 'han' : 'digits'
  if (script === 'han') rest = rest.slice(2)
  const match = /^(?:(整数|十|百|千)?|([一二])位小数|(万|亿)([0-3])?)$/.exec(rest)
  if (!match) return null
  const [, power, places, unit = '', more] = match as unknown as [string, string?, string?, ('万' | '亿')?, string?]
  const decimals = places ? ' 一二'.indexOf(places) : Number(more ?? 0)
  if (script === 'han' && (decimals > 0 || unit)) return null
  const step = power ? STEPS[power as '十'] : WORTH[unit] / 10 ** decimals
  return { step, unit, decimals, script, bound: bound ?? 'exact' }
}

export interface Printed {
  text: string
  /** the number the printed digits stand for */
  stands: number
}

function digits(stands: number, form: Form): string {
  if (form.script === 'han') return hanNumber(stands)
  return `${(stands / WORTH[form.unit]).toFixed(form.decimals)}${form.unit}`
}

const BEHIND: readonly Bound[] = ['余', '多', '左右', '以上']

function dress(number: string, bound: Bound): string {
  if (bound === 'exact') return number
  // 一百余 is said 百余
  if (bound === '余' || bound === '多') return `${/^一[百千]$/.test(number) ? number.slice(1) : number}${bound}`
  return BEHIND.includes(bound) ? `${number}${bound}` : `${bound}${number}`
}

/** Steps of a tenth or hundredth are whole numbers of it: no sum of binary fractions decides about the truth. */
const steps = (value: number, step: number) => (step < 1 ? Math.round(value / step) : value / step)

/** The digits nearest to the value from the side the bound demands, in steps of the form. */
function standing(value: number, { step, bound }: Form): number {
  const exact = steps(value, step)
  const below = Math.floor(exact)
  const at = {
    exact: Math.round(exact),
    近: below === exact ? below + 1 : Math.ceil(exact),
    约: Math.round(exact),
    左右: Math.round(exact),
    以上: below,
  }[bound as string]
  const count = at ?? (below === exact ? below - 1 : below)
  return step < 1 ? count / Math.round(1 / step) : count * step
}

/** Is `bound stands` true of `value`? 余/多 and 近 reach less than one step far; 约 and 左右 half a step. */
export function isTrue(value: number, stands: number, bound: Bound, step: number): boolean {
  const reach = Math.max(step, 1)
  if (bound === 'exact') return Math.abs(value - stands) < 1e-9
  if (bound === '余' || bound === '多') return value > stands && value < stands + reach
  if (bound === '超' || bound === '逾') return value > stands
  if (bound === '以上') return value >= stands
  if (bound === '近') return value < stands && value > stands - reach
  return Math.abs(value - stands) * 2 <= reach || value === stands
}

/** The number in the wished form, or null when that form would not be true. */
export function printNumber(value: number, form: Form): Printed | null {
  if (form.bound !== 'exact' && form.bound !== '超' && form.bound !== '逾' && form.bound !== '以上' && form.step <= 1)
    return null
  const stands = standing(value, form)
  if (stands < 0 || (stands === 0 && form.bound !== 'exact') || (stands === 0 && value > 0)) return null
  if (!isTrue(value, stands, form.bound, form.step)) return null
  return { text: dress(digits(stands, form), form.bound), stands }
}

/** A percentage is rounded to one decimal by convention [domain 5.5], but never up to 100 or down to 0 where it is neither. */
export function printPercent(value: number, form: Form): Printed | null {
  if (form.unit || form.bound !== 'exact' || form.script === 'han') return null
  const decimals = form.decimals || 1
  const stands = Number(value.toFixed(decimals))
  if ((stands >= 100 && value < 100) || (stands <= 0 && value > 0)) return null
  return { text: Number.isInteger(stands) && stands === value ? String(stands) : stands.toFixed(decimals), stands }
}

const WISHED = [
  '整数',
  '万',
  '万1',
  '万2',
  '亿1',
  '亿2',
  '亿1余',
  '万1余',
  '万2余',
  '千余',
  '百余',
  '近万',
  '近千',
  '近百',
  '约百',
  '约千',
]

/** True forms a writer may choose instead, the exact one first. */
export function trueForms(value: number): string[] {
  const texts = (Number.isInteger(value) ? WISHED : ['一位小数', '二位小数', ...WISHED.slice(1)]).flatMap((w) => {
    const form = readForm(w)
    const printed = form && printNumber(value, form)
    return printed ? [printed.text] : []
  })
  return [...new Set(texts)]
}
