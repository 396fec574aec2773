// SDMX-JSON 2.0 structures.
import type { Availability, Structures } from '../actions/structure.ts'
import {
  type Codelist,
  type Component,
  concepts,
  dimensions,
  type Item,
  measureComponent,
  obsAttributes,
  seriesAttributes,
  timeDimension,
} from '../model.ts'
import { AGENCY, CONCEPTS, DSD, urn, VERSION } from '../rules/codes.ts'
import { meta, named } from './json.ts'

const maintained = (id: string, name: string, to: string) => ({
  id,
  agencyID: AGENCY,
  version: VERSION,
  ...named(name),
  links: [{ rel: 'self', urn: to }],
})

const representation = ({ codelist, type }: Component) =>
  codelist ? { enumeration: urn.codelist(codelist) } : { format: { dataType: type } }

const component = (c: Component) => ({
  id: c.id,
  conceptIdentity: urn.concept(c.id),
  localRepresentation: representation(c),
})

const structureOf = (stubs: boolean) => ({
  ...maintained(DSD, '统计数字', urn.dsd(DSD)),
  ...(stubs
    ? {}
    : {
        dataStructureComponents: {
          dimensionList: {
            id: 'DimensionDescriptor',
            dimensions: dimensions.map((d, position) => ({ ...component(d), position })),
            timeDimension: component(timeDimension),
          },
          measureList: { id: 'MeasureDescriptor', measures: [component(measureComponent)] },
          attributeList: {
            id: 'AttributeDescriptor',
            attributes: [
              ...seriesAttributes.map((a) => ({
                ...component(a),
                usage: 'mandatory',
                attributeRelationship: { dimensions: dimensions.map((d) => d.id) },
              })),
              ...obsAttributes.map((a) => ({
                ...component(a),
                usage: a.codelist ? 'mandatory' : 'optional',
                attributeRelationship: { observation: {} },
              })),
            ],
          },
        },
      }),
})

const itemOf = ({ id, name, description, parent }: Item) => ({
  id,
  ...named(name, description),
  ...(parent ? { parent } : {}),
})

const codelistOf = ({ id, name, codes, partial }: Codelist, stubs: boolean) => ({
  ...maintained(id, name, urn.codelist(id)),
  isPartial: partial ?? false,
  ...(stubs ? {} : { codes: codes.map(itemOf) }),
})

const rangeOf = ({ from, to }: { from: string; to: string }) => ({
  id: 'TIME_PERIOD',
  timeRange: { startPeriod: { period: from, isInclusive: true }, endPeriod: { period: to, isInclusive: true } },
})

const constraintOf = ({ flow, codes, time }: Availability) => ({
  ...maintained(`${flow.id}_AVAILABLE`, `${flow.name}：可取范围`, ''),
  links: [],
  role: 'Actual',
  constraintAttachment: { dataflows: [urn.flow(flow.id)] },
  cubeRegions: [
    { include: true, keyValues: [...codes.map(([id, values]) => ({ id, values })), ...(time ? [rangeOf(time)] : [])] },
  ],
})

export function structureJson(s: Structures): string {
  const list = <T>(name: string, items: readonly T[]) => (items.length > 0 ? { [name]: items } : {})
  const data = {
    ...list(
      'dataflows',
      s.flows.map((f) => ({ ...maintained(f.id, f.name, urn.flow(f.id)), structure: urn.dsd(DSD) })),
    ),
    ...list('dataStructures', s.hasDsd ? [structureOf(s.stubs)] : []),
    ...list(
      'codelists',
      s.codelists.map((c) => codelistOf(c, s.stubs)),
    ),
    ...list(
      'conceptSchemes',
      s.hasConcepts
        ? [
            {
              ...maintained(CONCEPTS, '概念', urn.concepts(CONCEPTS)),
              ...(s.stubs ? {} : { concepts: concepts.map(({ id, name }) => ({ id, ...named(name) })) }),
            },
          ]
        : [],
    ),
    ...list(
      'agencySchemes',
      s.hasAgency
        ? [
            {
              id: 'AGENCIES',
              agencyID: 'SDMX',
              version: '1.0',
              ...named('机构'),
              agencies: [{ id: AGENCY, ...named('基石') }],
            },
          ]
        : [],
    ),
    ...list('dataConstraints', s.availability ? [constraintOf(s.availability)] : []),
  }
  return JSON.stringify({ meta: meta('structure', s), data })
}
