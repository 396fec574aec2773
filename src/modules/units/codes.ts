// Statistical region codes of 12 digits (domain 2.2): 2 province, 2 city, 2 county, 3 township, 3 village.

export type RegionLevel = 'province' | 'city' | 'county' | 'township' | 'village'
export type RegionKind =
  | 'street'
  | 'town'
  | 'rural-township'
  | 'township-like'
  | 'community'
  | 'village'
  | 'village-like'

const LEVELS: RegionLevel[] = ['province', 'city', 'county', 'township', 'village']
const ENDS = [2, 4, 6, 9, 12]

/** A code of 2, 4, 6, 9 or 12 digits as 12, filled with zeros on the right; null when it is none. */
export function padRegionCode(text: string): string | null {
  const code = text.normalize('NFKC').replace(/\s/g, '')
  if (!/^\d+$/.test(code) || !ENDS.includes(code.length)) return null
  const full = code.padEnd(12, '0')
  return regionLevel(full) ? full : null
}

/** The level of a 12-digit code: that of its last part that is not all zeros. */
export function regionLevel(code: string): RegionLevel | null {
  if (!/^[1-9]\d{11}$/.test(code)) return null
  const at = ENDS.findLastIndex((end, index) => Number(code.slice(ENDS[index - 1] ?? 0, end)) > 0)
  // A village hangs below a township and a county below a city; only 东莞-like cities have no county part.
  if (at === 4 && Number(code.slice(6, 9)) === 0) return null
  if (at === 2 && Number(code.slice(2, 4)) === 0) return null
  return LEVELS[at] ?? null
}

/** The code one level up, null for a province. Townships right below a city (441900003000) answer with the city. */
export function regionParent(code: string): string | null {
  const level = regionLevel(code)
  if (!level || level === 'province') return null
  const cut = ENDS[LEVELS.indexOf(level) - 1] ?? 0
  return code.slice(0, cut).padEnd(12, '0')
}

/** All codes above, nearest first. */
export function regionAncestors(code: string): string[] {
  const parent = regionParent(code)
  return parent ? [parent, ...regionAncestors(parent)] : []
}

export function isWithinRegion(code: string, ancestor: string): boolean {
  return code === ancestor || regionAncestors(code).includes(ancestor)
}

/** 街道, 镇, 乡, 居委会, 村委会… by the range of the last part; null above the township. */
export function regionKind(code: string): RegionKind | null {
  const level = regionLevel(code)
  if (level === 'township') {
    const part = Number(code.slice(6, 9))
    return part < 100 ? 'street' : part < 200 ? 'town' : part < 400 ? 'rural-township' : 'township-like'
  }
  if (level !== 'village') return null
  const part = Number(code.slice(9, 12))
  return part < 200 ? 'community' : part < 400 ? 'village' : 'village-like'
}

/** 网格: a village code and three local digits. */
export function isGridCode(code: string): boolean {
  return /^\d{15}$/.test(code) && regionLevel(code.slice(0, 12)) === 'village' && Number(code.slice(12)) > 0
}
