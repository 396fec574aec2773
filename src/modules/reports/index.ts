export { checkByWords } from './check/answer.ts'
export { routes } from './http.ts'
