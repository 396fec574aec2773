import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isGridCode,
  isWithinRegion,
  padRegionCode,
  regionAncestors,
  regionKind,
  regionLevel,
  regionParent,
} from './codes.ts'

test('2.2: a region code tells its level and its ancestors', () => {
  expect(regionAncestors('420304001002')).toEqual(['420304001000', '420304000000', '420300000000', '420000000000'])
  const levels = ['420000000000', '420300000000', '420304000000', '420304001000', '420304001002'].map(regionLevel)
  expect(levels).toEqual(['province', 'city', 'county', 'township', 'village'])
  expect(regionParent('420000000000')).toBeNull()
  expect(regionAncestors('441900003000')).toEqual(['441900000000', '440000000000'])
  expect([isWithinRegion('420304001002', '420304000000'), isWithinRegion('420304001002', '420303000000')]).toEqual([
    true,
    false,
  ])
})

test('2.2: townships and villages tell their kind by their number', () => {
  const kinds = ['001', '099', '100', '199', '200', '399', '400', '599'].map((part) => regionKind(`420304${part}000`))
  expect(kinds).toEqual([
    'street',
    'street',
    'town',
    'town',
    'rural-township',
    'rural-township',
    'township-like',
    'township-like',
  ])
  const villages = ['001', '199', '200', '399', '400', '500'].map((part) => regionKind(`420304001${part}`))
  expect(villages).toEqual(['community', 'community', 'village', 'village', 'village-like', 'village-like'])
  expect(regionKind('420304000000')).toBeNull()
})

test('2.2: short codes fill with zeros on the right, what is no code is refused', () => {
  expect([padRegionCode('42'), padRegionCode('420304'), padRegionCode(' 420304001 ')]).toEqual([
    '420000000000',
    '420304000000',
    '420304001000',
  ])
  for (const text of ['', '4', '420', '42030', 'abc', '000000000000', '420304000001', '4203040010021'])
    expect(padRegionCode(text), text).toBeNull()
  expect([isGridCode('420304001002001'), isGridCode('420304001002000'), isGridCode('420304001000001')]).toEqual([
    true,
    false,
    false,
  ])
})

test('2.2: every parent is one step up and holds its child', () => {
  const code = fc.tuple(
    fc.integer({ min: 11, max: 65 }),
    fc.integer({ min: 1, max: 99 }),
    fc.integer({ min: 1, max: 99 }),
    fc.integer({ min: 0, max: 599 }),
    fc.integer({ min: 0, max: 599 }),
  )
  const digits = (value: number, width: number) => String(value).padStart(width, '0')
  fc.assert(
    fc.property(code, ([province, city, county, town, village]) => {
      const full = `${province}${digits(city, 2)}${digits(county, 2)}${digits(town, 3)}${digits(town ? village : 0, 3)}`
      const above = regionAncestors(full)
      return above.at(-1) === `${province}0000000000` && above.every((ancestor) => isWithinRegion(full, ancestor))
    }),
  )
})
