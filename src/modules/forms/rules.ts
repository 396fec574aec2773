// The door of the pure decisions of the registry.
export * from './rules/labels.ts'
export * from './rules/terms.ts'
export * from './rules/values.ts'
