import { describe, expect, it } from 'vitest'
import { isAboutPeople, keptQuery } from '#modules/overview/contract.ts'
import { pages, passingOf } from './pages.ts'

/** Verbs that open something about named people. */
const personal = /^(person|registration|talent|account|history|feedback)\./

describe('the pages of the console', () => {
  it('say which of them are about people: what is looked for there is kept in no view (PRV-01)', () => {
    const fixed = pages.filter((p) => p.verbs.length < 4 && p.verbs.some((v) => personal.test(v)))
    expect(fixed.length).toBeGreaterThan(8)
    expect(fixed.filter((p) => !isAboutPeople(p.path)).map((p) => p.path)).toEqual([])
    expect(['/tasks', '/demands', '/personsx', '/reports'].filter(isAboutPeople)).toEqual([])
  })

  it('keep in a view what is listed, and not what is open for the moment', () => {
    const kept = (path: string, query: string) => keptQuery(path, query, passingOf(path))
    expect(kept('/terms', 'light=red&term=7&page=3')).toBe('light=red')
    expect(kept('/occasions', 'kind=visit&occasion=7')).toBe('kind=visit')
    expect(kept('/demands', 'occasion=7&new=demand')).toBe('occasion=7')
    expect(kept('/talents', 'view=events&event=7&edit=1')).toBe('view=events')
    expect(kept('/figures/definitions', 'q=claims&measure=tasks')).toBe('q=claims')
    expect(kept('/units', 'unit=7&feedback=1')).toBe('unit=7')
  })
})
