export { STORE_JOB, storeImport } from './actions/imports/later.ts'
export { listRegistrations } from './actions/registrations.ts'
export { education, sexes } from './codes.ts'
export { engine } from './engine.ts'
export { routes } from './http.ts'
export { facts, measures } from './measures.ts'
export { nameKeys, strokeKey } from './names.ts'
export { rightsOf } from './rights.ts'
export { rosterColumns } from './roster/header.ts'
export {
  findMemberOn,
  getPerson,
  insertMemberships,
  insertPersons,
  insertRegistrations,
  type NewMembership,
  type NewPerson,
  type NewRegistration,
  personKey,
  registeredPlaces,
  winnerOf,
} from './store.ts'
export { erasable } from './store/talents.ts'
export { carryPeople, pathColumns, peopleBlockers, weighPeople } from './store/succession.ts'
