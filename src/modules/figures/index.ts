export { loadMeasures } from './actions/define.ts'
export { readIn } from './actions/read.ts'
export { routes } from './http.ts'
export { totalOf, verbsIn } from './rules/verbs.ts'
