export { routes } from './http.ts'
export { jobs } from './jobs.ts'
