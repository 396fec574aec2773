// The SDMX REST interface: 3.0 (`/data/dataflow/…`, `/structure/…`, `/availability/…`) and, on the same base, 2.1, which most
// programs still speak (`/data/{flow}/{key}`, `/dataflow/…`, `/availableconstraint/…`).
import { type FileAnswer, type Route, route } from '#core/http/route.ts'
import { readData, type Question } from './actions/data.ts'
import { readAvailability, readStructures, type Structures } from './actions/structure.ts'
import * as c from './contract.ts'
import { type Representation, representationFor } from './rules/accept.ts'
import { readKeys } from './rules/key.ts'
import { filteredSpan, spanOf } from './rules/time.ts'
import { dataCsv } from './write/data-csv.ts'
import { dataJson } from './write/data-json.ts'
import { dataXml } from './write/data-xml.ts'
import { structureJson } from './write/structure-json.ts'
import { structureXml } from './write/structure-xml.ts'

type As<T> = Representation & { ending: string; write(of: T): string }
type Ways<T> = readonly [As<T>, ...As<T>[]]

const json = { format: 'json', ending: 'json' }
const xml = { format: 'xml', ending: 'xml' }

const dataAsJson = {
  ...json,
  type: 'application/vnd.sdmx.data+json;version=2.0.0',
  also: ['application/vnd.sdmx.data+json;version=2.0', 'application/json'],
  write: dataJson,
}
const dataAsCsv = {
  format: 'csv',
  ending: 'csv',
  type: 'application/vnd.sdmx.data+csv;version=2.0.0',
  also: ['application/vnd.sdmx.data+csv;version=2.0', 'text/csv'],
  write: dataCsv,
}
const dataAsXml = {
  ...xml,
  type: 'application/vnd.sdmx.genericdata+xml;version=2.1',
  also: ['application/xml', 'text/xml'],
  write: dataXml,
}
const structureAsJson = {
  ...json,
  type: 'application/vnd.sdmx.structure+json;version=2.0.0',
  also: ['application/vnd.sdmx.structure+json;version=2.0', 'application/json'],
  write: structureJson,
}
const structureAsXml = {
  ...xml,
  type: 'application/vnd.sdmx.structure+xml;version=2.1',
  also: ['application/xml', 'text/xml'],
  write: structureXml,
}

// The first of each is what comes unasked: JSON from the 3.0 paths, XML from those of 2.1.
const data3 = [dataAsJson, dataAsCsv, dataAsXml] as const
const data2 = [dataAsXml, dataAsJson, dataAsCsv] as const
const structure3 = [structureAsJson, structureAsXml] as const
const structure2 = [structureAsXml, structureAsJson] as const

interface Door {
  query: { format?: string | undefined }
  accept: string
}

async function answer<T>(
  ways: Ways<T>,
  { query, accept }: Door,
  name: string,
  read: () => Promise<T>,
): Promise<FileAnswer> {
  // a stranger hears that he is one before he hears about formats
  const found = await read()
  const way = representationFor(ways, { format: query.format, accept })
  return { file: Buffer.from(way.write(found)), name: `${name}.${way.ending}`, type: way.type }
}

const typesOf = (ways: readonly Representation[]) => ways.map((w) => w.type)

const reading = [
  'figure.unknown-measure',
  'figure.unit-not-found',
  'figure.not-known-then',
  'figure.preparing',
  'sdmx.unknown-flow',
  'sdmx.no-data',
  'sdmx.bad-period',
  'sdmx.not-acceptable',
  'sdmx.too-much',
]
const shared = { method: 'GET', permission: 'figure.read', response: 'file', rate: 'heavy' } as const

const of = (query: { firstNObservations?: number | undefined; lastNObservations?: number | undefined }) => ({
  first: query.firstNObservations,
  last: query.lastNObservations,
})

function asked3(params: { agency: string; id: string; key?: string }, q: c.DataQuery): Question {
  const filters = { FREQ: q['c[FREQ]'], REF_AREA: q['c[REF_AREA]'], INDICATOR: q['c[INDICATOR]'] }
  return {
    flow: params.id,
    agency: params.agency,
    keys: readKeys(params.key ?? '*', filters),
    span: (today) => filteredSpan(today, q['c[TIME_PERIOD]']),
    asOf: q.asOf,
    ...of(q),
    show: {
      values: q.measures !== 'none',
      attributes: q.attributes !== 'none',
      flat: q.dimensionAtObservation === 'AllDimensions',
    },
  }
}

/** `DEMANDS`, `JISHI,DEMANDS` and `JISHI,DEMANDS,1.0.0` are the same dataflow. */
const flowIn = (reference: string) => {
  const parts = reference.split(',')
  return parts.length === 1 ? { agency: 'all', id: reference } : { agency: parts[0] as string, id: parts[1] as string }
}

function asked2({ flow, key = 'all' }: { flow: string; key?: string }, q: c.OldDataQuery): Question {
  const { agency, id } = flowIn(flow)
  const detail = q.detail ?? 'full'
  return {
    flow: id,
    agency,
    keys: readKeys(key),
    span: (today) => spanOf(today, { start: q.startPeriod, end: q.endPeriod }),
    ...of(q),
    show: {
      values: detail === 'full' || detail === 'dataonly',
      attributes: detail === 'full' || detail === 'nodata',
      flat: q.dimensionAtObservation === 'AllDimensions',
    },
  }
}

const data: Route[] = [
  ...(
    [
      ['', c.FlowPath],
      ['/{key}', c.FlowKeyPath],
    ] as const
  ).map(([more, params], at) =>
    route({
      ...shared,
      path: `/sdmx/data/dataflow/{agency}/{id}/{version}${more}`,
      operationId: at === 0 ? 'readSdmxDataflow' : 'readSdmxData',
      summary: 'SDMX 3.0: observations of a dataflow as SDMX-JSON 2.0, SDMX-CSV 2.0 or SDMX-ML 2.1',
      params,
      query: c.DataQuery,
      produces: typesOf(data3),
      failures: reading,
      action: (ctx, { params: p, query, accept }) =>
        answer(data3, { query, accept }, p.id, () => readData(ctx, asked3(p, query))),
    }),
  ),
  ...(
    [
      ['', c.OldFlowPath],
      ['/{key}', c.OldKeyPath],
      ['/{key}/{provider}', c.OldProviderPath],
    ] as const
  ).map(([more, params], at) =>
    route({
      ...shared,
      path: `/sdmx/data/{flow}${more}`,
      operationId: ['readSdmx21Dataflow', 'readSdmx21Data', 'readSdmx21DataOfProvider'][at] as string,
      summary: 'SDMX 2.1: observations of a dataflow as SDMX-ML 2.1 generic, SDMX-JSON 2.0 or SDMX-CSV 2.0',
      params,
      query: c.OldDataQuery,
      produces: typesOf(data2),
      failures: reading,
      action: (ctx, { params: p, query, accept }) =>
        answer(data2, { query, accept }, flowIn(p.flow).id, () => readData(ctx, asked2(p, query))),
    }),
  ),
]

const structurePaths = [
  ['', c.TypePath],
  ['/{agency}', c.TypeAgencyPath],
  ['/{agency}/{id}', c.TypeIdPath],
  ['/{agency}/{id}/{version}', c.StructurePath],
] as const

/** The same structures under both interfaces. */
const structures = (base: string, named: string, ways: Ways<Structures>): Route[] =>
  structurePaths.map(([more, params], at) =>
    route({
      ...shared,
      path: `${base}/{type}${more}`,
      operationId: `${named}${['ByType', 'ByAgency', 'ById', ''][at]}`,
      summary: 'SDMX structures: dataflow, datastructure, codelist, conceptscheme, agencyscheme',
      params,
      query: c.StructureQuery,
      produces: typesOf(ways),
      failures: ['figure.preparing', 'sdmx.unknown-structure', 'sdmx.not-acceptable'],
      rate: 'read',
      action: (ctx, { params: p, query, accept }) =>
        answer(ways, { query, accept }, p.type === '*' ? 'structure' : p.type, () =>
          readStructures(ctx, { ...query, ...p }),
        ),
    }),
  )

const availabilityFailures = ['figure.preparing', 'sdmx.unknown-flow', 'sdmx.bad-period', 'sdmx.not-acceptable']
const availability: Route[] = [
  ...(
    [
      ['', c.FlowPath],
      ['/{key}', c.FlowKeyPath],
      ['/{key}/{component}', c.AvailabilityPath],
    ] as const
  ).map(([more, params], at) =>
    route({
      ...shared,
      path: `/sdmx/availability/dataflow/{agency}/{id}/{version}${more}`,
      operationId: ['readSdmxFlowAvailability', 'readSdmxKeyAvailability', 'readSdmxAvailability'][at] as string,
      summary: 'SDMX 3.0: which codes and periods can be asked of a dataflow',
      params,
      query: c.AvailabilityQuery,
      produces: typesOf(structure3),
      failures: availabilityFailures,
      action: (ctx, { params: p, query, accept }) =>
        answer(structure3, { query, accept }, `${p.id}-availability`, () =>
          readAvailability(ctx, {
            flow: p.id,
            keys: readKeys(('key' in p && p.key) || '*'),
            about: ('component' in p && p.component) || '*',
            span: (today) => filteredSpan(today, query['c[TIME_PERIOD]']),
          }),
        ),
    }),
  ),
  ...(
    [
      ['', c.OldFlowPath],
      ['/{key}', c.OldKeyPath],
      ['/{key}/{provider}', c.OldProviderPath],
      ['/{key}/{provider}/{component}', c.OldAvailabilityPath],
    ] as const
  ).map(([more, params], at) =>
    route({
      ...shared,
      path: `/sdmx/availableconstraint/{flow}${more}`,
      operationId: `readSdmx21Constraint${['OfFlow', 'OfKey', 'OfProvider', ''][at]}`,
      summary: 'SDMX 2.1: which codes and periods can be asked of a dataflow',
      params,
      query: c.AvailabilityQuery,
      produces: typesOf(structure2),
      failures: availabilityFailures,
      action: (ctx, { params: p, query, accept }) =>
        answer(structure2, { query, accept }, `${flowIn(p.flow).id}-availability`, () =>
          readAvailability(ctx, {
            flow: flowIn(p.flow).id,
            keys: readKeys(('key' in p && p.key) || 'all'),
            about: ('component' in p && p.component) || 'all',
            span: (today) => spanOf(today, { start: query.startPeriod, end: query.endPeriod }),
          }),
        ),
    }),
  ),
]

export const routes: readonly Route[] = [
  ...data,
  ...structures('/sdmx/structure', 'readSdmxStructure', structure3),
  ...structures('/sdmx', 'readSdmx21Structure', structure2),
  ...availability,
]
