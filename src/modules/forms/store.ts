export * from './store/answers.ts'
export * from './store/asks.ts'
export * from './store/burden.ts'
export * from './store/forms.ts'
