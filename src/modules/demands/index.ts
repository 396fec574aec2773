export { engine } from './engine.ts'
export { routes } from './http.ts'
export { insertCallbacks, insertClaims, insertDemands, insertManyDispatches, insertTasks } from './store/bulk.ts'
export { facts, measures } from './measures.ts'
