export { insertPersons, insertRegistrations, type NewPerson, type NewRegistration, registeredPlaces } from './store.ts'
