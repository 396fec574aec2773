export { readIn } from './actions/read.ts'
export { routes } from './http.ts'
