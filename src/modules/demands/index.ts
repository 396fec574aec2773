export { engine } from './engine.ts'
export { routes } from './http.ts'
