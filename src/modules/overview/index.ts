export { routes } from './http.ts'
export { jobs } from './jobs.ts'
export { type StuckSource, tieToStuck } from './ties.ts'
