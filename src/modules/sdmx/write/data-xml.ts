// SDMX-ML 2.1 generic data.
import { newId } from '#core/ids.ts'
import type { DataSet, Obs, Series } from '../actions/data.ts'
import { AGENCY, VERSION } from '../rules/codes.ts'
import { DECLARATION, el, header, spaces } from './xml.ts'

const value = (id: string, v: string | number) => el('gen:Value', { id, value: v })

const keyOf = (s: Series) => [value('FREQ', s.freq), value('REF_AREA', s.area), value('INDICATOR', s.indicator)]

const attributesOf = (o: Obs) => [
  value('OBS_STATUS', o.status),
  value('CONF_STATUS', o.status === 'Q' ? 'C' : 'F'),
  ...(o.numerator === null ? [] : [value('NUMERATOR', o.numerator)]),
  ...(o.denominator === null ? [] : [value('DENOMINATOR', o.denominator)]),
]

const valueOf = (o: Obs) => (o.value === null ? [] : [el('gen:ObsValue', { value: o.value })])

function* flat({ series, show }: DataSet) {
  for (const s of series)
    for (const o of s.obs)
      yield el(
        'gen:Obs',
        {},
        el('gen:ObsKey', {}, ...keyOf(s), value('TIME_PERIOD', o.period)),
        ...valueOf(o),
        ...(show.attributes ? [el('gen:Attributes', {}, value('UNIT_MEASURE', s.unit), ...attributesOf(o))] : []),
      )
}

function* bySeries({ series, show }: DataSet) {
  for (const s of series)
    yield el(
      'gen:Series',
      {},
      el('gen:SeriesKey', {}, ...keyOf(s)),
      ...(show.attributes ? [el('gen:Attributes', {}, value('UNIT_MEASURE', s.unit))] : []),
      ...(show.values ? s.obs : []).map((o) =>
        el(
          'gen:Obs',
          {},
          el('gen:ObsDimension', { value: o.period }),
          ...valueOf(o),
          ...(show.attributes ? [el('gen:Attributes', {}, ...attributesOf(o))] : []),
        ),
      ),
    )
}

export function dataXml(data: DataSet): string {
  const { flow, sender, prepared, asOf, show } = data
  const structure = el(
    'mes:Structure',
    { structureID: flow.id, dimensionAtObservation: show.flat ? 'AllDimensions' : 'TIME_PERIOD' },
    el('com:StructureUsage', {}, el('Ref', { agencyID: AGENCY, id: flow.id, version: VERSION })),
  )
  const inside = show.flat ? flat(data) : bySeries(data)
  return `${DECLARATION}${el(
    'mes:GenericData',
    spaces,
    header({ id: newId(), prepared, sender }, structure),
    el('mes:DataSet', { structureRef: flow.id, action: 'Replace', validFromDate: asOf }, ...inside),
  )}`
}
