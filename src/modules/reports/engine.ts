import type { Engine } from '#modules/mechanisms/index.ts'
import { conformance } from './conformance.ts'
import { ReportSettings } from './contract.ts'

export const engine: Engine<typeof ReportSettings> = { name: 'reports', settings: ReportSettings, conformance }
