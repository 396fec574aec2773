// A member roster as people keep it (domain 2.10), judged row by row. Pure: the file is read before, the base is asked after.
export * from './roster/header.ts'
export * from './roster/judge.ts'
