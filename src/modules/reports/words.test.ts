import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isTrue, printNumber, readForm, trueForms } from './words.ts'

const print = (value: number, words: string) => {
  const form = readForm(words)
  return form && printNumber(value, form)?.text
}

describe('a number in print', () => {
  it('keeps the truth of the sentence: 余 above, 近 below, 万 with its decimals', () => {
    expect(print(4541, '整数')).toBe('4541')
    expect(print(19_812, '万2余')).toBe('1.98万余')
    expect(print(19_800, '万2')).toBe('1.98万')
    expect(print(19_796, '近万2')).toBe('近1.98万')
    expect(print(4541, '百余')).toBe('4500余')
    expect(print(997, '近千')).toBe('近1000')
  })

  it('is refused in a form that would not be true: 19,812 is not 1.98万, 4,541 is not 4541余', () => {
    expect(print(19_812, '万2')).toBeUndefined()
    expect(print(4541, '余')).toBeUndefined()
    expect(print(19_812, '万')).toBeUndefined()
  })

  it('is true of the value in every form it is ever printed in', () => {
    const words = [
      '整数',
      '万',
      '万1',
      '万2',
      '万3',
      '百余',
      '千余',
      '万1余',
      '近百',
      '近千',
      '近万2',
      '超千',
      '逾百',
      '约千',
      '约万1',
      '十多',
    ]
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000_000 }), fc.constantFrom(...words), (value, w) => {
        const form = readForm(w)
        const printed = form && printNumber(value, form)
        if (!form || !printed) return
        const digits = Number(/[\d.]+/.exec(printed.text)?.[0]) * (printed.text.includes('万') ? 10_000 : 1)
        expect(Math.round(digits)).toBe(printed.stands)
        if (
          printed.text.includes('余') ||
          printed.text.includes('多') ||
          printed.text.includes('超') ||
          printed.text.includes('逾')
        )
          expect(value).toBeGreaterThan(digits)
        else if (printed.text.includes('近')) expect(value).toBeLessThan(digits)
        else if (!printed.text.includes('约')) expect(value).toBe(Math.round(digits))
        expect(isTrue(value, printed.stands, form.bound, 10_000)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('always has a true form to offer, the exact one first', () => {
    expect(trueForms(19_812)[0]).toBe('19812')
    expect(trueForms(19_812)).toContain('1.98万余')
  })
})
