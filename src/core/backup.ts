// The door of backup: a copy of the working cluster, and the way back.
export { backup, type BackedUp } from './backup/make.ts'
export { restore, type Restored } from './backup/restore.ts'
