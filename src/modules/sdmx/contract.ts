import { z } from 'zod'
import { instant } from '#core/contract.ts'
import { issueWords, problems } from '#core/errors.ts'

export const fail = problems('sdmx', {
  'unknown-flow': {
    status: 404,
    text: '没有“{flow}”这个数据流，或者不在您的查看范围内。数据流清单见 /api/sdmx/structure/dataflow。',
  },
  'unknown-structure': { status: 404, text: '没有“{structure}”这项结构。' },
  'no-data': { status: 404, text: '没有符合条件的数据，或者不在您的查看范围内。' },
  'bad-period': { status: 422, text: '时期“{period}”不对，应为 2026、2026-Q1、2026-01 或 2026-01-31。' },
  'not-acceptable': { status: 406, text: '不能以所要的格式答复，可用的格式：{types}。' },
  'too-much': {
    status: 413,
    text: '一次要的数据太多（约 {asked} 组，最多 {most} 组）。请在键里写明单位、指标，或者缩短时期，分几次取。',
  },
})

issueWords({ 'sdmx-key': '应为“频度.单位.指标”三段，例如 A.U00001.DEMANDS_OPENED，一段留空表示不限' })

const code = z.string().regex(/^[A-Za-z0-9_@$-]{1,80}$/, { error: 'format' })
/** One code or several, or any. */
const codes = z.string().regex(/^[A-Za-z0-9_@$*~+,-]{1,400}$/, { error: 'format' })
const version = z
  .string()
  .regex(/^(\d{1,4}(\.\d{1,4}){0,2}\+?|[*~+]|latest|all)$/, { error: 'format' })
  .meta({ description: '1.0.0, or any word for it: latest, all, ~, +, *' })
const value = String.raw`(\*|[A-Za-z0-9_@$+ -]*)`
const oneKey = String.raw`(all|\*|${value}\.${value}\.${value})`
const key = z
  .string()
  .max(900)
  .regex(new RegExp(`^${oneKey}(,${oneKey})*$`), { error: 'sdmx-key' })
  .meta({
    description:
      'FREQ.REF_AREA.INDICATOR, each empty or * for any, several values joined by +; `all` or * for everything',
  })
const component = z
  .string()
  .regex(/^((FREQ|REF_AREA|INDICATOR|TIME_PERIOD|all|\*)(,|$))+$/, { error: 'choice' })
  .meta({ description: 'dimensions that are asked about; all or * for every one' })
const time = z.string().max(60)
const flag = z.enum(['true', 'false'])

export const FlowPath = z.strictObject({ agency: codes, id: code, version })
export const FlowKeyPath = FlowPath.extend({ key })
export const AvailabilityPath = FlowKeyPath.extend({ component })

const flowRef = z
  .string()
  .regex(/^([A-Za-z0-9_.-]{1,40},)?[A-Za-z0-9_@$-]{1,80}(,[0-9A-Za-z.+~*]{1,14})?$/, { error: 'format' })
  .meta({ description: 'DEMANDS, or with agency and version: JISHI,DEMANDS,1.0.0' })
export const OldFlowPath = z.strictObject({ flow: flowRef })
export const OldKeyPath = OldFlowPath.extend({ key })
export const OldProviderPath = OldKeyPath.extend({ provider: codes })
export const OldAvailabilityPath = OldProviderPath.extend({ component })

const dimensionAtObservation = z
  .enum(['TIME_PERIOD', 'AllDimensions'])
  .optional()
  .meta({ description: 'series by time (TIME_PERIOD, when absent) or a flat list of observations' })
const some = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, { error: 'format' })
  .transform(Number)
  .optional()

const shared = {
  dimensionAtObservation,
  firstNObservations: some.meta({ description: 'of each series only the first' }),
  lastNObservations: some.meta({ description: 'of each series only the last' }),
  includeHistory: z.literal('false').optional().meta({ description: 'versions of the past are asked for with asOf' }),
  format: z
    .enum(['json', 'csv', 'xml'])
    .optional()
    .meta({ description: 'json: SDMX-JSON 2.0 · csv: SDMX-CSV 2.0 · xml: SDMX-ML 2.1 generic; else by Accept' }),
}

export const DataQuery = z.strictObject({
  'c[TIME_PERIOD]': time.optional().meta({ description: 'ge:2024+le:2026-06, or periods after commas: 2025,2026' }),
  'c[FREQ]': z.string().max(20).optional().meta({ description: 'A, Q, M' }),
  'c[REF_AREA]': z.string().max(4000).optional().meta({ description: 'codes of units after commas' }),
  'c[INDICATOR]': z.string().max(4000).optional().meta({ description: 'codes of measures after commas' }),
  attributes: z.enum(['dsd', 'all', 'none', 'msd', 'dataset', 'series', 'obs']).optional(),
  measures: z.enum(['all', 'none', 'OBS_VALUE']).optional(),
  asOf: instant.optional().meta({ description: 'as it was known at that instant' }),
  ...shared,
})
export type DataQuery = z.infer<typeof DataQuery>

export const OldDataQuery = z.strictObject({
  startPeriod: time.optional(),
  endPeriod: time.optional(),
  detail: z.enum(['full', 'dataonly', 'serieskeysonly', 'nodata']).optional(),
  ...shared,
})
export type OldDataQuery = z.infer<typeof OldDataQuery>

export const structureTypes = ['dataflow', 'datastructure', 'codelist', 'conceptscheme', 'agencyscheme'] as const
export type StructureType = (typeof structureTypes)[number]

export const TypePath = z.strictObject({ type: z.union([z.enum(structureTypes), z.enum(['structure', '*'])]) })
export const TypeAgencyPath = TypePath.extend({ agency: codes })
export const TypeIdPath = TypeAgencyPath.extend({ id: codes })
export const StructurePath = TypeIdPath.extend({ version })

export const StructureQuery = z.strictObject({
  detail: z
    .enum([
      'full',
      'allstubs',
      'referencestubs',
      'allcompletestubs',
      'referencecompletestubs',
      'referencepartial',
      'raw',
    ])
    .optional(),
  references: z
    .union([
      z.enum(['none', 'parents', 'parentsandsiblings', 'ancestors', 'children', 'descendants', 'all']),
      z.enum(structureTypes),
    ])
    .optional(),
  format: z
    .enum(['json', 'xml'])
    .optional()
    .meta({ description: 'json: SDMX-JSON 2.0 · xml: SDMX-ML 2.1; else by Accept' }),
})
export type StructureQuery = z.infer<typeof StructureQuery>

export const AvailabilityQuery = z.strictObject({
  mode: z.enum(['exact', 'available']).optional(),
  references: z.string().max(40).optional(),
  startPeriod: time.optional(),
  endPeriod: time.optional(),
  'c[TIME_PERIOD]': time.optional(),
  updatedAfter: instant.optional(),
  explicitMeasure: flag.optional(),
  format: StructureQuery.shape.format,
})
export type AvailabilityQuery = z.infer<typeof AvailabilityQuery>
