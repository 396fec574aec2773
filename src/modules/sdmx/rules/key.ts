// A key names values of the dimensions in their order: `A.U00001+U00002.DEMANDS_OPENED`, empty or `*` for any, several after commas.

export const keyDimensions = ['FREQ', 'REF_AREA', 'INDICATOR'] as const
export type KeyDimension = (typeof keyDimensions)[number]

/** Values of each dimension; null: any. */
export type Key = Record<KeyDimension, ReadonlySet<string> | null>

const valuesOf = (text: string): ReadonlySet<string> | null =>
  text === '' || text === '*' ? null : new Set(text.split(/[+ ]/))

function readOne(text: string): Key {
  if (text === 'all' || text === '*' || text === '') return { FREQ: null, REF_AREA: null, INDICATOR: null }
  const [freq = '', area = '', indicator = ''] = text.split('.')
  return { FREQ: valuesOf(freq), REF_AREA: valuesOf(area), INDICATOR: valuesOf(indicator) }
}

/** Filters of `c[…]` narrow a key. */
export type Filters = Partial<Record<KeyDimension, string | undefined>>

const narrowed = (values: ReadonlySet<string> | null, filter: string | undefined): ReadonlySet<string> | null => {
  if (!filter) return values
  const wanted = new Set(filter.replace(/^eq:/, '').split(/[,+ ]/))
  return values ? new Set([...values].filter((v) => wanted.has(v))) : wanted
}

export const readKeys = (text: string, filters: Filters = {}): Key[] =>
  text.split(',').map((one) => {
    const key = readOne(one)
    for (const d of keyDimensions) key[d] = narrowed(key[d], filters[d])
    return key
  })

export const isMatch = (keys: readonly Key[], values: Record<KeyDimension, string>): boolean =>
  keys.some((key) => keyDimensions.every((d) => key[d]?.has(values[d]) ?? true))

/** Whether a value of one dimension can be in any series that is asked for. */
export const mayBe = (keys: readonly Key[], dimension: KeyDimension, value: string): boolean =>
  keys.some((key) => key[dimension]?.has(value) ?? true)
