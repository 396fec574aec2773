// Which acts are weighty is said by the routes (`proof`); whoever holds the verb of one must have a second factor. Nobody keeps a
// list of such roles: composition hands the routes over, and a role needs a second factor exactly when its verbs say so.
import type { Route } from '#core/http/route.ts'

let weighty: ReadonlySet<string> | null = null

/** Called once, at composition. */
export const tieToRoutes = (routes: readonly Route[]): void => {
  weighty = new Set(routes.filter((r) => r.proof && r.permission !== 'signed-in').map((r) => r.permission))
}

/** The three officers, and everybody who may export, unmask, sign or grant. */
export function wantsSecondFactor({ officer, verbs }: { officer: string | null; verbs: readonly string[] }): boolean {
  if (!weighty) throw new Error('access is not tied to the routes: nobody knows what is weighty')
  return officer !== null || verbs.some((verb) => weighty?.has(verb))
}
