// A district starts from a pack: its kinds, roles and mechanisms as data, checked by the schemas of those who use them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { PackRole } from '#modules/access/contract.ts'
import { AboutSettings } from '#modules/feedback/contract.ts'
import { PackMeasure } from '#modules/figures/contract.ts'
import { Mechanism } from '#modules/mechanisms/contract.ts'
import { PageSettings } from '#modules/overview/contract.ts'
import { Template } from '#modules/reports/contract.ts'
import { UnitKind } from '#modules/units/contract.ts'

const PackMechanism = Mechanism.omit({ ownerId: true }).extend({
  owner: z.string().optional().meta({ description: 'code of the owning unit; the root organisation when absent' }),
})

export interface Pack {
  name: string
  kinds: UnitKind[]
  roles: PackRole[]
  mechanisms: z.infer<typeof PackMechanism>[]
  reports: Template[]
  about: AboutSettings
  overview: PageSettings
  measures: PackMeasure[]
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`../packs/${file}`, import.meta.url), 'utf8')) as unknown

/** A pack's mechanisms: one file, or a folder of files read in order. */
function mechanismsOf(name: string): unknown[] {
  const folder = new URL(`../packs/${name}/mechanisms/`, import.meta.url)
  if (!existsSync(folder)) return read(`${name}/mechanisms.json`) as unknown[]
  const files = readdirSync(folder).filter((f) => f.endsWith('.json'))
  return files.toSorted().flatMap((f) => read(`${name}/mechanisms/${f}`) as unknown[])
}

/** Reads `packs/<name>`, with the common kinds and roles where the pack has none of its own. @throws ZodError naming the place */
export function readPack(name: string): Pack {
  const own = (file: string) =>
    existsSync(new URL(`../packs/${name}/${file}`, import.meta.url)) ? read(`${name}/${file}`) : read(file)
  return {
    name,
    kinds: z.array(UnitKind).parse(own('kinds.json')),
    roles: z.array(PackRole).parse(own('roles.json')),
    mechanisms: z.array(PackMechanism).parse(mechanismsOf(name)),
    reports: z.array(Template).parse(own('reports.json')),
    about: AboutSettings.parse(own('about.json')),
    overview: PageSettings.parse(own('overview.json')),
    measures: z.array(PackMeasure).parse(own('measures.json')),
  }
}
