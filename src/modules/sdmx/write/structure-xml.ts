// SDMX-ML 2.1 structures.
import { newId } from '#core/ids.ts'
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
import { type Attributes, DECLARATION, el, header, named, spaces } from './xml.ts'

const maintained = (id: string, to: string, more: Attributes = {}) => ({
  id,
  urn: to,
  agencyID: AGENCY,
  version: VERSION,
  ...more,
})

const list = (name: string, items: readonly string[]) => (items.length > 0 ? [el(name, {}, ...items)] : [])

const concept = ({ id }: Component) =>
  el(
    'str:ConceptIdentity',
    {},
    el('Ref', {
      id,
      maintainableParentID: CONCEPTS,
      maintainableParentVersion: VERSION,
      agencyID: AGENCY,
      package: 'conceptscheme',
      class: 'Concept',
    }),
  )

const representation = ({ codelist, type }: Component) =>
  el(
    'str:LocalRepresentation',
    {},
    codelist
      ? el(
          'str:Enumeration',
          {},
          el('Ref', { id: codelist, version: VERSION, agencyID: AGENCY, package: 'codelist', class: 'Codelist' }),
        )
      : el('str:TextFormat', { textType: type }),
  )

const attribute = (a: Component, relationship: string) =>
  el(
    'str:Attribute',
    { id: a.id, assignmentStatus: a.codelist ? 'Mandatory' : 'Conditional' },
    concept(a),
    representation(a),
    el('str:AttributeRelationship', {}, relationship),
  )

const dsd = () =>
  el(
    'str:DataStructureComponents',
    {},
    el(
      'str:DimensionList',
      { id: 'DimensionDescriptor' },
      ...dimensions.map((d, at) => el('str:Dimension', { id: d.id, position: at + 1 }, concept(d), representation(d))),
      el(
        'str:TimeDimension',
        { id: timeDimension.id, position: dimensions.length + 1 },
        concept(timeDimension),
        representation(timeDimension),
      ),
    ),
    el(
      'str:AttributeList',
      { id: 'AttributeDescriptor' },
      ...seriesAttributes.map((a) =>
        attribute(a, dimensions.map((d) => el('str:Dimension', {}, el('Ref', { id: d.id }))).join('')),
      ),
      ...obsAttributes.map((a) => attribute(a, el('str:PrimaryMeasure', {}, el('Ref', { id: measureComponent.id })))),
    ),
    el(
      'str:MeasureList',
      { id: 'MeasureDescriptor' },
      el(
        'str:PrimaryMeasure',
        { id: measureComponent.id },
        concept(measureComponent),
        representation(measureComponent),
      ),
    ),
  )

const code = ({ id, name, description, parent }: Item) =>
  el(
    'str:Code',
    { id },
    ...named(name, description),
    ...(parent ? [el('str:Parent', {}, el('Ref', { id: parent }))] : []),
  )

const codelist = ({ id, name, codes, partial }: Codelist, stubs: boolean) =>
  el(
    'str:Codelist',
    maintained(id, urn.codelist(id), { isPartial: partial }),
    ...named(name),
    ...(stubs ? [] : codes.map(code)),
  )

const flow = ({ id, name }: Item) =>
  el(
    'str:Dataflow',
    maintained(id, urn.flow(id)),
    ...named(name),
    el(
      'str:Structure',
      {},
      el('Ref', { id: DSD, version: VERSION, agencyID: AGENCY, package: 'datastructure', class: 'DataStructure' }),
    ),
  )

const keyValue = ([id, values]: Availability['codes'][number]) =>
  el('com:KeyValue', { id }, ...values.map((v) => el('com:Value', {}, v)))

const range = ({ from, to }: { from: string; to: string }) =>
  el(
    'com:KeyValue',
    { id: timeDimension.id },
    el(
      'com:TimeRange',
      {},
      el('com:StartPeriod', { isInclusive: true }, from),
      el('com:EndPeriod', { isInclusive: true }, to),
    ),
  )

const constraint = ({ flow: of, codes, time }: Availability) =>
  el(
    'str:ContentConstraint',
    { id: `${of.id}_AVAILABLE`, agencyID: AGENCY, version: VERSION, type: 'Actual' },
    ...named(`${of.name}：可取范围`),
    el(
      'str:ConstraintAttachment',
      {},
      el(
        'str:Dataflow',
        {},
        el('Ref', { id: of.id, version: VERSION, agencyID: AGENCY, package: 'datastructure', class: 'Dataflow' }),
      ),
    ),
    el('str:CubeRegion', { include: true }, ...codes.map(keyValue), ...(time ? [range(time)] : [])),
  )

const agencies = () =>
  el(
    'str:AgencyScheme',
    { id: 'AGENCIES', agencyID: 'SDMX', version: '1.0' },
    ...named('机构'),
    el('str:Agency', { id: AGENCY }, ...named('基石')),
  )

const conceptScheme = (stubs: boolean) =>
  el(
    'str:ConceptScheme',
    maintained(CONCEPTS, urn.concepts(CONCEPTS)),
    ...named('概念'),
    ...(stubs ? [] : concepts.map((c) => el('str:Concept', { id: c.id }, ...named(c.name)))),
  )

export function structureXml(s: Structures): string {
  const dsdStub = el(
    'str:DataStructure',
    maintained(DSD, urn.dsd(DSD)),
    ...named('统计数字'),
    ...(s.stubs ? [] : [dsd()]),
  )
  return `${DECLARATION}${el(
    'mes:Structure',
    spaces,
    header({ id: newId(), ...s }),
    el(
      'mes:Structures',
      {},
      ...list('str:OrganisationSchemes', s.hasAgency ? [agencies()] : []),
      ...list('str:Dataflows', s.flows.map(flow)),
      ...list(
        'str:Codelists',
        s.codelists.map((c) => codelist(c, s.stubs)),
      ),
      ...list('str:Concepts', s.hasConcepts ? [conceptScheme(s.stubs)] : []),
      ...list('str:DataStructures', s.hasDsd ? [dsdStub] : []),
      ...list('str:Constraints', s.availability ? [constraint(s.availability)] : []),
    ),
  )}`
}
