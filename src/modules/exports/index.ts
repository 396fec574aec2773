export { carrier } from './actions/take.ts'
export { routes } from './http.ts'
export { pathColumns } from './store.ts'
export { tieToFiles } from './ties.ts'
