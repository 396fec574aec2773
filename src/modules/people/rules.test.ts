import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Code, cadreEducation, codeOfName, education, nameOfCode, nations, politics, sexes } from './codes.ts'
import {
  checkCreditCode,
  checkIdNumber,
  checkName,
  checkOrgCode,
  checkPhone,
  idFacts,
  normaliseCode,
  normaliseName,
  normalisePhone,
  numericIdSuspect,
} from './rules.ts'

const TODAY = '2026-11-22'

function idNumber(region: string, born: string, serial: number): string {
  const body = region + born + String(serial).padStart(3, '0')
  return [...'0123456789X'].map((check) => body + check).find((number) => checkIdNumber(number, TODAY) === null) ?? body
}

describe('ID numbers (GB 11643)', () => {
  test('idCard: the vectors hold', () => {
    for (const number of ['11010519491231002X', '440524188001010014', '810000199408230021', '830000199201300022'])
      expect(checkIdNumber(number, TODAY), number).toBeNull()
    expect(checkIdNumber('110105194912310021', TODAY)).toBe('check-digit')
  })

  test('ID-01: a number typed with spaces, full-width or small x is the same number', () => {
    expect(normaliseCode(' 110105 19491231 002x\u200b')).toBe('11010519491231002X')
    expect(checkIdNumber('１１０１０５１９４９１２３１００２ｘ', TODAY)).toBeNull()
  })

  test('each fault is told apart', () => {
    expect(checkIdNumber('110105491231002', TODAY)).toBe('fifteen-digits')
    expect(checkIdNumber('1101051949123100', TODAY)).toBe('length')
    expect(checkIdNumber('1101051949123100AX', TODAY)).toBe('characters')
    expect(checkIdNumber('X10105194912310021', TODAY)).toBe('characters')
    expect(checkIdNumber('16010519491231002X', TODAY)).toBe('region')
    expect(checkIdNumber('811000199408230021', TODAY)).toBe('region')
    expect(checkIdNumber('11010519490229002X', TODAY)).toBe('birth-date')
    expect(checkIdNumber('11010520261123002X', TODAY)).toBe('birth-date')
    expect(checkIdNumber('11010518491231002X', TODAY)).toBe('birth-date')
  })

  test('a permanent residence card (9…) passes by the same check digit', () => {
    expect(idNumber('911124', '19810307', 12)).toHaveLength(18)
    expect(checkIdNumber(idNumber('911124', '19810307', 12), TODAY)).toBeNull()
  })

  test('a number gives birth day and sex', () => {
    expect(idFacts('11010519491231002X')).toEqual({ born: '1949-12-31', sex: '2' })
    expect(idFacts('440524188001010014')).toEqual({ born: '1880-01-01', sex: '1' })
  })

  test('GB 11643: every wrong digit and every swap of neighbours is found', () => {
    const number = fc.integer({ min: 0, max: 999 }).map((serial) => idNumber('420324', '19780615', serial))
    fc.assert(
      fc.property(number, fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (good, at, by) => {
        const wrong = good.slice(0, at) + ((Number(good[at]) + by) % 10) + good.slice(at + 1)
        const swapped = good.slice(0, at) + (good[at + 1] ?? '') + (good[at] ?? '') + good.slice(at + 2)
        return checkIdNumber(wrong, TODAY) !== null && (swapped === good || checkIdNumber(swapped, TODAY) !== null)
      }),
    )
  })

  test('ID-02: a number that went through a spreadsheet is suspected, a typed one is not', () => {
    const digits = '110105194912310021'
    for (const cell of [
      Number(digits),
      String(Number(digits)),
      '110105194912310000',
      '1.10105E+17',
      '1.10105194912310E17',
    ])
      expect(numericIdSuspect(cell), String(cell)).toBe(true)
    for (const cell of ['11010519491231002X', digits, '810000199408230021', '', null, 1998, '123'])
      expect(numericIdSuspect(cell), String(cell)).toBe(false)
  })
})

describe('codes of organisations', () => {
  test('uscc: the vectors of GB 32100 hold', () => {
    for (const code of ['91350100M000100Y43', '91440300708461136T', '11100000000013338W', '91350100m000100y43'])
      expect(checkCreditCode(code), code).toBeNull()
    for (const code of ['911100001000013428', '91310000607337121C'])
      expect(checkCreditCode(code), code).toBe('check-digit')
    expect(checkCreditCode('91350100M000100Y4')).toBe('length')
    expect(checkCreditCode('91350100I000100Y43')).toBe('characters')
  })

  test('orgCode: the vectors of GB 11714 hold, with and without the dash', () => {
    for (const code of ['D2143569X', 'M000100Y4', 'D2143569-X']) expect(checkOrgCode(code), code).toBeNull()
    expect(checkOrgCode('D21435690')).toBe('check-digit')
    expect(checkOrgCode('D214356')).toBe('length')
    expect(checkOrgCode('D2143569Y')).toBe('characters')
  })

  test('mobile numbers are eleven digits from 13 to 19', () => {
    for (const phone of ['13812341234', '+86 138-1234-1234', '１９８１２３４１２３４'])
      expect(checkPhone(phone), phone).toBeNull()
    for (const phone of ['12812341234', '1381234123', '138123412345', '0719-7654321', ''])
      expect(checkPhone(phone), phone).toBe('form')
    expect(normalisePhone('+86 138-1234-1234')).toBe('13812341234')
  })
})

describe('names', () => {
  test('names: 张䶮, 李𬱖 and 买买提·阿不都 may register', () => {
    for (const name of ['张䶮', '李𬱖', '买买提·阿不都', '欧阳锋', '玄〇']) expect(checkName(name), name).toBeNull()
  })

  test('what is no name is told apart', () => {
    for (const name of ['', '张']) expect(checkName(name), name).toBe('too-short')
    for (const name of ['张3', 'John', '张三(小)', '·张三', '张三·', '张*'])
      expect(checkName(name), name).toBe('not-han')
    expect(checkName('张\ue863')).toBe('private-use')
  })

  test('IMP-9: spaces, dots and invisible characters become one spelling', () => {
    for (const name of ['张　三', ' 张 三 ', '张\u00a0三', '张\u200b三', '\ufeff张三', '张\t三'])
      expect(normaliseName(name), name).toBe('张三')
    for (const dot of ['•', '・', '．', '･', '‧', '.', ' · ', '·'])
      expect(normaliseName(`买买提${dot}阿不都`), dot).toBe('买买提·阿不都')
    expect(normaliseName('Ｊｏｈｎ　 Smith')).toBe('John Smith')
    expect(normaliseName('\u2f32\uF900')).toBe('干豈')
    expect(normaliseName('葛\u{E0100}城')).toBe('葛城')
  })

  test('IMP-9: a second pass changes nothing', () => {
    const part = fc.constantFrom('张', '𬱖', ' ', '　', '.', '•', '·', 'A', 'ｂ', '\u200d', '\u00a0', '\u2f32', '\n')
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        (text) => normaliseName(normaliseName(text)) === normaliseName(text),
      ),
    )
  })
})

describe('code tables', () => {
  test('codes are unique and their names lead back to them', () => {
    const tables: Array<[readonly Code[], number]> = [
      [sexes, 4],
      [nations, 58],
      [politics, 13],
      [education, 12],
      [cadreEducation, 16],
    ]
    for (const [codes, size] of tables) {
      expect(new Set(codes.map((entry) => entry.code)).size).toBe(size)
      for (const { code, name } of codes)
        expect([codeOfName(codes, name), nameOfCode(codes, code)]).toEqual([code, name])
    }
  })

  test('names are understood as people write them', () => {
    expect([codeOfName(nations, '汉族'), codeOfName(nations, ' 土家 族 '), codeOfName(nations, '土')]).toEqual([
      '01',
      '15',
      '30',
    ])
    expect([codeOfName(politics, '预备党员'), codeOfName(politics, '党员'), codeOfName(politics, '无党派')]).toEqual([
      '02',
      '01',
      '12',
    ])
    expect([codeOfName(education, '本科'), codeOfName(cadreEducation, '本科'), codeOfName(education, '大学')]).toEqual([
      '21',
      '21',
      '21',
    ])
    expect([codeOfName(cadreEducation, '1b'), codeOfName(cadreEducation, '中专'), codeOfName(sexes, '不详')]).toEqual([
      '1B',
      '41',
      undefined,
    ])
  })
})
