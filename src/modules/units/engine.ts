import type { Engine } from '#modules/mechanisms/index.ts'
import { conformance } from './conformance.ts'
import { UnitsSettings } from './contract.ts'

export const engine: Engine<typeof UnitsSettings> = { name: 'units', settings: UnitsSettings, conformance }
