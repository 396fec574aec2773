import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasUnknownStrokes, nameKeys, strokeKey } from './names.ts'
import table from './strokes.json' with { type: 'json' }

const byStrokes = (names: string[]) => names.toSorted((a, b) => (strokeKey(a) < strokeKey(b) ? -1 : 1))

test('surnamePinyin: initials follow the surname reading', () => {
  const vectors = { 单雄信: 'sxx', 仇和: 'qh', 解缙: 'xj', 曾国藩: 'zgf', 尉迟恭: 'ycg', 区志明: 'ozm', 查良镛: 'zly' }
  for (const [name, initials] of Object.entries(vectors)) expect(nameKeys(name).initials, name).toContain(initials)
})

test('5.9: the common reading finds the name too', () => {
  expect(nameKeys('单雄信')).toEqual({ pinyin: ['shanxiongxin', 'danxiongxin'], initials: ['sxx', 'dxx'] })
  expect(nameKeys('张伟')).toEqual({ pinyin: ['zhangwei'], initials: ['zw'] })
  expect(nameKeys('吕布').pinyin).toEqual(['lvbu', 'lubu'])
  expect(nameKeys('覃辉').initials).toEqual(['qh', 'th'])
  expect(nameKeys('买买提·阿不都').initials).toEqual(['mmtabd'])
  expect(nameKeys('')).toEqual({ pinyin: [], initials: [] })
})

test('SORT-01: the checked vectors and the class of each stroke hold', () => {
  const strokes = (char: string) => strokeKey(char).slice(2, -1)
  expect(['于', '万', '习', '马'].map(strokes)).toEqual(['112', '153', '541', '551'])
  expect(['邓', '陈', '郭', '子', '必', '龚'].map(strokes)).toEqual([
    '5452',
    '5215234',
    '4125152152',
    '521',
    '45434',
    '13534122134',
  ])
  expect(['䶮', '𬱖', '玕', '啄'].map((char) => strokes(char).length)).toEqual([9, 11, 7, 11])
})

test('SORT-02: surnames stand in the official order', () => {
  const order = [
    ...'丁于万马王韦毛方尹孔邓石龙卢叶田史付白吕朱刘许孙阮李杨吴何余沈宋张陈林周郑赵胡徐高郭黄曹董蒋谢蔡潘薛戴魏',
  ]
  const sorted = byStrokes(order.toReversed()).join('')
  expect(sorted.slice(0, 19)).toBe('丁于万马王韦毛方尹孔邓石龙卢叶田史付白')
  expect(sorted.slice(-2)).toBe('戴魏')
  expect(sorted.indexOf('陈')).toBeLessThan(sorted.indexOf('林'))
})

test('strokeSort: the vector is in order, short names before longer ones (SORT-03, SORT-04)', () => {
  const vector = ['丁一', '王五', '张一', '张三', '张伟', '张伟民', '欧阳锋']
  expect(byStrokes(vector.toReversed())).toEqual(vector)
  expect(byStrokes(['买买提·阿不都', '买买提', '马三'])).toEqual(['马三', '买买提', '买买提·阿不都'])
})

test('SORT-02: different characters with the same strokes stay apart, so families stay together', () => {
  const keys = Object.values(table as Record<string, string>).flatMap((chars) => [...chars].map(strokeKey))
  expect(new Set(keys).size).toBe(keys.length)
  expect(byStrokes(['己二', '已一', '己三', '已三'])).toEqual(['己二', '己三', '已一', '已三'])
})

test('SORT-01: a character without strokes comes last and is named', () => {
  expect(byStrokes(['\u{2A6D6}一', '魏魏', '丁一'])).toEqual(['丁一', '魏魏', '\u{2A6D6}一'])
  expect([hasUnknownStrokes('\u{2A6D6}一'), hasUnknownStrokes('买买提·阿不都')]).toEqual([true, false])
})

test('SORT-01: comparing keys compares character by character', () => {
  const chars = [...Object.values(table as Record<string, string>).join('')]
  const char = fc.nat(7000).map((at) => chars[at] ?? '丁')
  fc.assert(
    fc.property(fc.array(char, { minLength: 1, maxLength: 3 }), char, char, (head, a, b) => {
      const [left, right] = [strokeKey(head.join('') + a), strokeKey(head.join('') + b)]
      return (
        Math.sign(left < right ? -1 : left > right ? 1 : 0) ===
        Math.sign(strokeKey(a) < strokeKey(b) ? -1 : strokeKey(a) > strokeKey(b) ? 1 : 0)
      )
    }),
  )
})
