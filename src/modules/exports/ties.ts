// Which files there are is known to the table of routes only; composition hands it over.
import type { Route } from '#core/http/route.ts'

let files: ReadonlyMap<string, Route> = new Map()

/** Called once, at composition. */
export const tieToFiles = (routes: readonly Route[]): void => {
  files = new Map(routes.filter((r) => r.weigh).map((r) => [r.operationId, r]))
}

export const fileOf = (operation: string): Route | undefined => files.get(operation)
