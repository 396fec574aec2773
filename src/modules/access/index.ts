export { retireIdleAccounts } from './actions/accounts.ts'
export { authenticate, keepAliveOn } from './actions/sessions.ts'
export { routes } from './http.ts'
export { insertAccounts, insertRoles, type NewAccount } from './store.ts'
