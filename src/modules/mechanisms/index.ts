export { type Engine, getSettings, insertMechanisms } from './store.ts'
