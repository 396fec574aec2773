export { routes } from './http.ts'
export { pathsAbove } from './paths.ts'
export { findKinds, findUnit, findUnitByNo, getUnit, insertLinks, insertUnits, lineOf, type NewLink, type NewUnit, type UnitNow } from './store.ts'
