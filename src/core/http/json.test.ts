import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJson } from './json.ts'

const refused = (text: string) =>
  expect(() => readJson(text), text.slice(0, 80)).toThrow(
    expect.objectContaining({ code: 'core.not-json', status: 400 }),
  )

describe('strict JSON', () => {
  it('reads what any reader reads alike', () => {
    const lawful = fc
      .jsonValue({ maxDepth: 3 })
      .filter((v) => !/__proto__|constructor|\\u0000|\\ud[89a-f]/i.test(JSON.stringify(v)))
    fc.assert(
      fc.property(lawful, (value) => {
        expect(readJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)))
        expect(readJson(JSON.stringify(value, null, 2))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('refuses a key given twice, at any depth and however it is written (IN-12)', () => {
    refused('{"a":1,"a":2}')
    refused('{"a":1,"\\u0061":2}')
    refused('{"x":[{"a":1,"b":{"c":1,"c":1}}]}')
    refused('{"a" :1,"a"  :2}')
    expect(readJson('{"a":{"a":"a"},"b":["a","a"],"c":"{\\"a\\":1,\\"a\\":2}"}')).toBeTruthy()
  })

  it('refuses a double key behind any amount of white space', () => {
    fc.assert(
      fc.property(fc.constantFrom(' ', '\n', '\t'), fc.integer({ min: 0, max: 200 }), (space, n) => {
        refused(`{"a"${space.repeat(n)}:1,"a"${space.repeat(n)}:2}`)
      }),
    )
  })

  it('refuses keys that reach the prototype (IN-16)', () => {
    for (const key of ['__proto__', 'constructor', '\\u005f_proto__']) refused(`{"a":{"${key}":{"admin":true}}}`)
    expect(readJson('{"a":"__proto__"}')).toEqual({ a: '__proto__' })
  })

  it('refuses NUL and lone surrogates, in keys and values, raw and escaped (A-23)', () => {
    for (const bad of [
      '{"a":"\\u0000"}',
      '{"\\u0000":1}',
      '{"a":"x\\ud800"}',
      '["\\udc00"]',
      '{"a":"\ud800"}',
      '"\\u0000"',
    ])
      refused(bad)
    expect(readJson('{"a":"\\ud842\\udfb7 𠮷 \\\\u0000"}')).toEqual({ a: '𠮷 𠮷 \\u0000' })
  })

  it('refuses what is no JSON: trailing commas, comments, byte order mark, two values, deep nesting (IN-12)', () => {
    for (const bad of [
      '',
      '{',
      '{"a":1,}',
      '[1,]',
      '/**/{}',
      '\ufeff{}',
      '{}{}',
      "{'a':1}",
      '{a:1}',
      'NaN',
      '01',
      `${'['.repeat(33)}${']'.repeat(33)}`,
      '{"a":"\n"}',
    ])
      refused(bad)
    expect(readJson(`${'['.repeat(32)}${']'.repeat(32)}`)).toBeTruthy()
  })

  it('takes 64 KiB of its worst text in a moment (IN-15, A-29)', () => {
    for (const text of [
      '['.repeat(65_536),
      `"${'\\"'.repeat(32_768)}"`,
      `{"a"${' '.repeat(65_536)}:1}`,
      `{${Array.from({ length: 5000 }, (_, i) => `"k${i}"   :1`).join(',')}}`,
      '"'.repeat(65_536),
    ]) {
      const start = performance.now()
      try {
        readJson(text)
      } catch {
        // refused is fine; slow is not
      }
      expect(performance.now() - start, text.slice(0, 20)).toBeLessThan(250)
    }
  })
})
