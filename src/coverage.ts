// Which of the catalogue's mechanisms run: in a pack, settings valid, and played through by the engine's conformance scenario.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { engines } from '#app.ts'
import { readPack } from '#packs.ts'

export interface Covered {
  id: string
  name: string
  module: string
  state: 'running' | 'configured' | 'not-yet'
  pack: string | null
}

/** mechanism id → digest of the settings that passed, written by the conformance test. */
type Passed = Record<string, string>

export const passedFile = new URL('../artifacts/conformance.json', import.meta.url)

export const digestOf = (engine: string, settings: unknown) =>
  createHash('sha256')
    .update(JSON.stringify([engine, settings]))
    .digest('hex')
    .slice(0, 16)

export const packNames = () =>
  readdirSync(new URL('../packs/', import.meta.url), { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .map((e) => e.name)

export const readPassed = (): Passed =>
  existsSync(passedFile) ? (JSON.parse(readFileSync(passedFile, 'utf8')) as Passed) : {}

/** Reads packs and the last conformance run; needs no server and no database. */
export function coverage(): Covered[] {
  const catalogue = JSON.parse(readFileSync(new URL('../packs/catalogue.json', import.meta.url), 'utf8')) as Omit<
    Covered,
    'state' | 'pack'
  >[]
  const passed = readPassed()
  const configured = new Map<string, { pack: string; runs: boolean }>()
  for (const pack of packNames()) {
    for (const m of readPack(pack).mechanisms) {
      const valid = engines.find((e) => e.name === m.engine)?.settings.safeParse(m.settings).success ?? false
      if (m.catalogueId && valid)
        configured.set(m.catalogueId, { pack, runs: passed[m.id] === digestOf(m.engine, m.settings) })
    }
  }
  return catalogue.map(({ id, name, module }) => {
    const found = configured.get(id)
    return {
      id,
      name,
      module,
      state: found ? (found.runs ? 'running' : 'configured') : 'not-yet',
      pack: found?.pack ?? null,
    }
  })
}
