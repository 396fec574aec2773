export { nameKeys, strokeKey } from './names.ts'
export { insertPersons, insertRegistrations, type NewPerson, type NewRegistration, registeredPlaces } from './store.ts'
