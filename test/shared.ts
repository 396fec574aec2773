// The material of the mission (articles, catalogue) lies beside the checkout and never inside it: tests that read it find it here.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** JISHI_SHARED, or `shared` beside this checkout or a folder above it; null where it is not at hand. */
export function findShared(): string | null {
  const given = process.env['JISHI_SHARED']
  if (given) return given
  for (let at = import.meta.dirname; at !== dirname(at); at = dirname(at)) {
    const shared = join(at, 'shared')
    if (existsSync(join(shared, 'catalogue', 'figures.json'))) return shared
  }
  return null
}
