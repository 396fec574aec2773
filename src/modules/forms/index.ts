export { routes } from './http.ts'
export { jobs } from './jobs.ts'
export { facts, measures } from './measures.ts'
export { type Held, type HeldSource, type Known, tieToHeld } from './ties.ts'
