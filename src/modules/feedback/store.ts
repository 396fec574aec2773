export * from './store/about.ts'
export * from './store/feedback.ts'
export * from './store/uses.ts'
