export { readIn } from './actions.ts'
export { getMeasure, infoOf } from './catalogue.ts'
export { routes } from './http.ts'
export { readPeriod } from './period.ts'
