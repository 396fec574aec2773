export { STORE_JOB, storeUnitImport } from './actions/import-later.ts'
export { treeColumns } from './actions/import-sheet.ts'
export { listShifts, listTerms } from './actions/terms.ts'
export { findPlan, type Plan } from './actions/read.ts'
export { engine } from './engine.ts'
export { routes } from './http.ts'
export { pathsAbove } from './paths.ts'
export {
  findKinds,
  findPlaceName,
  findUnit,
  findUnitByNo,
  getUnit,
  insertLinks,
  insertUnits,
  lineOf,
  type NewLink,
  type NewUnit,
  type UnitNow,
} from './store/units.ts'
export { actingAt, findNamable, findSeen, getNamable, getUnitFor, type Naming, type SeenUnit } from './store/reach.ts'
export { facts, measures } from './measures.ts'
export { kindNames } from './measures/names.ts'
export { stretches, stretchSources, subjects, unitNames } from './measures/coverage.ts'
export { settleDay } from './actions/settle.ts'
export { type Blocker, type BlockerCheck, type Carry, type PathColumn, tieToUnits, type Weigh } from './ties.ts'
export { importDivisions, readDivisions } from './divisions.ts'
