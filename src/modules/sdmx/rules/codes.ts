// What things are called in SDMX: identifiers are letters, digits, hyphen and underscore, so measures and units get codes.
export const AGENCY = 'JISHI'
export const VERSION = '1.0.0'
export const DSD = 'FIGURES'
export const CONCEPTS = 'CONCEPTS'

/** `demands.opened` → `DEMANDS_OPENED`; measure ids hold no underscore, so the way back is plain. */
export const indicatorOf = (measure: string): string => measure.replace('.', '_').toUpperCase()

/** The first word of a measure's id is its field, and the field is the dataflow. */
export const flowOf = (measure: string): string => measure.slice(0, measure.indexOf('.')).toUpperCase()

/** The number of a unit, which it keeps through all reorganisations: the last step of its path. */
export const areaOf = (path: string): string => `U${path.slice(-6, -1).toUpperCase()}`

const urnOf = (kind: string) => (id: string) => `urn:sdmx:org.sdmx.infomodel.${kind}=${AGENCY}:${id}(${VERSION})`
export const urn = {
  flow: urnOf('datastructure.Dataflow'),
  dsd: urnOf('datastructure.DataStructure'),
  codelist: urnOf('codelist.Codelist'),
  concepts: urnOf('conceptscheme.ConceptScheme'),
  concept: (id: string) => `${urnOf('conceptscheme.Concept')(CONCEPTS)}.${id}`,
}
