import { readFileSync } from 'node:fs'

/** As in package.json: what the About page, the filing and a report of a fault name. */
export const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}
