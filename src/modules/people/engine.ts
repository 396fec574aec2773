import type { Engine } from '#modules/mechanisms/index.ts'
import { conformance } from './conformance.ts'
import { TalentSettings } from './contract.ts'

export const engine: Engine<typeof TalentSettings> = { name: 'talents', settings: TalentSettings, conformance }
