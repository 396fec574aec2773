export { checkSettings, registerEngines } from './actions.ts'
export type { Engine, SettingsOf, Stage } from './engine.ts'
export { routes } from './http.ts'
export { findInForce, getSettings, insertMechanisms } from './store.ts'
