// SDMX-CSV 2.0: one line for each observation.
import { csvText, type OutValue } from '#core/csv.ts'
import type { DataSet } from '../actions/data.ts'
import { AGENCY, VERSION } from '../rules/codes.ts'

const keys = ['STRUCTURE', 'STRUCTURE_ID', 'ACTION', 'FREQ', 'REF_AREA', 'INDICATOR', 'TIME_PERIOD']
const attributes = ['UNIT_MEASURE', 'OBS_STATUS', 'CONF_STATUS', 'NUMERATOR', 'DENOMINATOR']

export function dataCsv({ flow, series, show }: DataSet): string {
  const structure = ['dataflow', `${AGENCY}:${flow.id}(${VERSION})`, 'I']
  const lines: OutValue[][] = [[...keys, ...(show.values ? ['OBS_VALUE'] : []), ...(show.attributes ? attributes : [])]]
  for (const s of series)
    for (const o of s.obs)
      lines.push([
        ...structure,
        s.freq,
        s.area,
        s.indicator,
        o.period,
        ...(show.values ? [o.value] : []),
        ...(show.attributes ? [s.unit, o.status, o.status === 'Q' ? 'C' : 'F', o.numerator, o.denominator] : []),
      ])
  // programs read it: no byte-order mark
  return csvText(lines).slice(1)
}
