import type { Engine } from '#modules/mechanisms/index.ts'
import { conformance } from './conformance.ts'
import { DemandSettings } from './contract.ts'

export const engine: Engine<typeof DemandSettings> = { name: 'demands', settings: DemandSettings, conformance }
