// Whole numbers in Chinese characters as a review writes them: 二千四百八十, 一百零五, 三十, 十二.
const DIGITS = '零一二三四五六七八九'
const PLACES = ['', '十', '百', '千'] as const

/** 1 … 9999 without leading 零. */
function below10000(n: number): string {
  let text = ''
  let gap = false
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(n / 10 ** place) % 10
    if (digit === 0) gap = text !== ''
    else {
      text += `${gap ? '零' : ''}${DIGITS[digit]}${PLACES[place]}`
      gap = false
    }
  }
  return text
}

/** @param n whole, 0 ≤ n < 10^12 */
export function hanNumber(n: number): string {
  if (n === 0) return '零'
  let text = ''
  for (const [worth, unit] of [
    [100_000_000, '亿'],
    [10_000, '万'],
    [1, ''],
  ] as const) {
    const part = Math.floor(n / worth) % 10_000
    if (part === 0) continue
    text += `${text && part < 1000 ? '零' : ''}${below10000(part)}${unit}`
  }
  return text.replace(/^一十/, '十')
}
