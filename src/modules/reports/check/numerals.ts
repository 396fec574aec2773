// Numbers as Chinese text writes them: digits with 万/亿, numerals, shares. Offsets are of the text handed in.

export interface Numeral {
  start: number
  end: number
  text: string
  /** null where the characters are a row of magnitudes, not one number: 十百千万 */
  value: number | null
  script: 'digit' | 'numeral' | 'share'
  /** the number is a share of something: unit % */
  share: boolean
  /** 数百, 三四百, 几十: the first of several */
  vague: boolean
}

const DIGITS: Record<string, number> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
}
const TENS: Record<string, number> = { 十: 10, 百: 100, 千: 1000 }
const GREAT: Record<string, number> = { 万: 10_000, 亿: 100_000_000 }

/** One number, or null when the characters do not make one. `三四百` is read as its first. */
export function valueOf(numeral: string): number | null {
  if (/^[零〇一二三四五六七八九]{2,}$/.test(numeral))
    return numeral.length > 2
      ? Number([...numeral].map((c) => DIGITS[c]).join(''))
      : (DIGITS[numeral[0] as string] ?? null)
  let whole = 0
  /** 二十三亿 in 二十三亿六千万: settled, for a smaller one follows */
  let settled = 0
  let great = Number.POSITIVE_INFINITY
  let section = 0
  let digit: number | null = null
  let last = Number.POSITIVE_INFINITY
  for (const c of numeral) {
    if (c in DIGITS) {
      // 三四百: the second digit of a pair is passed over.
      if (digit === null || digit === 0) digit = DIGITS[c] as number
    } else if (c in TENS) {
      const ten = TENS[c] as number
      if (ten >= last) return null
      section += (digit ?? 1) * ten
      last = ten
      digit = null
    } else {
      section += digit ?? 0
      const size = GREAT[c] as number
      if (size < great) {
        settled += whole
        whole = 0
      }
      whole = (whole + (section === 0 && whole === 0 ? 1 : section)) * size
      great = size
      section = 0
      digit = null
      last = Number.POSITIVE_INFINITY
    }
  }
  return settled + whole + section + (digit ?? 0)
}

/** 十百千万: each character a magnitude and none of them multiplied. */
export const isMagnitudes = (text: string) => {
  const sizes = [...text].map((c) => TENS[c] ?? GREAT[c] ?? 0)
  const follows = (rises: boolean) =>
    sizes.every((s, i) => s > 0 && (i === 0 || s > (sizes[i - 1] as number) === rises))
  return sizes.length > 2 && (follows(true) || follows(false))
}

const C = '零〇一二两三四五六七八九十百千万亿'
const MAGNITUDE = '(?:万亿|千万|百万|十万|亿|万|[千百](?![米克瓦卡帕姓分]))'
const patterns = {
  digit: new RegExp(
    `(?<!\\d\\.)\\d+亿\\d+(?:\\.\\d+)?万|\\d+万\\d千|(?<!\\d\\.)(?:\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)(?:\\.\\d+)?(?: ?[余多]?${MAGNITUDE})?(?: ?[%‰])?`,
    'g',
  ),
  fraction: new RegExp(
    `百分之(?:百|[${C}]+(?:点[${C}]+)?)|[${C}]{1,3}分之[${C}]{1,3}|(?<!\\d|/)\\d{1,2}/\\d{1,2}(?=的|以上|以下|强|左右)|(?<=约|近|达|占|超|减少|下降|过)\\d{1,2}/\\d{1,2}(?![\\d/月年])`,
    'g',
  ),
  tenths: new RegExp(
    `(?<![${C}])[一二两三四五六七八九](?:成半|成[一二三四五六七八九](?![名个项支条件类年])|成(?![立为功效果长员绩熟交就品型本份]))`,
    'g',
  ),
  half: /一半(?=还多|以上|多|左右|以下|的|，|。|；|、|$)|半数(?=以上|的|党|干|村|，|。|$)/g,
  numeral: new RegExp(
    `[${C}]+点[零一二三四五六七八九]{1,2}(?=[岁倍个万亿元亩公平小米吨])|(?<!\\d|平方|立方)[数几]?[${C}]+(?:[余多几来](?=[万亿]))?[万亿]*`,
    'g',
  ),
} as const

const SCALES: readonly (readonly [string, number])[] = [
  ['万亿', 1e12],
  ['千万', 1e7],
  ['百万', 1e6],
  ['十万', 1e5],
  ['亿', 1e8],
  ['万', 1e4],
  ['千', 1e3],
  ['百', 1e2],
]

/** Whole where it is whole: 1.98万 is 19800, not 19800.000000000004. */
const tidy = (n: number) => Number(n.toPrecision(12))

function digitValue(text: string): number {
  // 1亿2000万, 1万2千
  const parts = /^(\d+[亿万])(\d.*[万千])$/.exec(text)
  if (parts) return digitValue(parts[1] as string) + digitValue(parts[2] as string)
  const plain = Number(/^[\d,.]+/.exec(text)?.[0].replaceAll(',', ''))
  const scale = SCALES.find(([word]) => text.includes(word))?.[1] ?? 1
  return tidy(plain * scale)
}

function shareValue(text: string): number {
  if (text.startsWith('百分之')) {
    const [whole = '', part] = text.slice(3).split('点')
    return (valueOf(whole) ?? 0) + (part ? Number(`0.${[...part].map((c) => DIGITS[c] ?? 0).join('')}`) : 0)
  }
  if (text.includes('分之')) {
    const [below = '', above = ''] = text.split('分之')
    return Math.round(((valueOf(above) ?? 0) * 1000) / (valueOf(below) || 1)) / 10
  }
  if (text.includes('/')) {
    const [above, below] = text.split('/').map(Number) as [number, number]
    return Math.round((above * 1000) / below) / 10
  }
  if (text.includes('半') && !text.includes('成')) return 50
  return (DIGITS[text[0] as string] ?? 0) * 10 + (text.endsWith('成半') ? 5 : (DIGITS[text[2] ?? ''] ?? 0))
}

function chineseValue(text: string): { value: number | null; vague: boolean } {
  const vague =
    /^[数几]|[一二两三四五六七八九]{2}(?![零〇一二三四五六七八九])[十百千万亿]|(?:^|十)[一二两三四五六七八九]{2}$/.test(
      text,
    )
  if (isMagnitudes(text)) return { value: null, vague: false }
  const [whole = '', part] = text.replace(/[数几余多来]/g, '').split('点')
  if (part)
    return { value: tidy((valueOf(whole) ?? 0) + Number(`0.${[...part].map((c) => DIGITS[c]).join('')}`)), vague }
  return { value: valueOf(whole), vague }
}

/** Every number in the text, first to last, none overlapping another. The text has half-width digits. */
export function scanNumerals(text: string): Numeral[] {
  const found: Numeral[] = []
  const taken = new Uint8Array(text.length)
  const add = (
    match: RegExpExecArray | RegExpMatchArray,
    more: Pick<Numeral, 'value' | 'script' | 'share' | 'vague'>,
  ) => {
    const start = match.index as number
    const end = start + match[0].length
    if (taken.subarray(start, end).includes(1)) return
    taken.fill(1, start, end)
    found.push({ start, end, text: match[0], ...more })
  }
  for (const kind of ['fraction', 'tenths', 'half'] as const)
    for (const m of text.matchAll(patterns[kind]))
      add(m, { value: shareValue(m[0]), script: 'share', share: true, vague: false })
  for (const m of text.matchAll(patterns.digit))
    add(m, { value: digitValue(m[0]), script: 'digit', share: /[%‰]$/.test(m[0]), vague: false })
  for (const m of text.matchAll(patterns.numeral)) add(m, { ...chineseValue(m[0]), script: 'numeral', share: false })
  return found.sort((a, b) => a.start - b.start)
}
