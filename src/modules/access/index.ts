export { authenticate } from './actions.ts'
export { routes } from './http.ts'
export { insertAccounts, insertRoles, type NewAccount } from './store.ts'
