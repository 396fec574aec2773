export { readIn } from './actions.ts'
export { routes } from './http.ts'
