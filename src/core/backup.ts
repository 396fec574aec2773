// The door of backup: a copy of the working cluster, and the way back.
export { pack, readFrom, type Source, unpack } from './backup/archive.ts'
export { decrypt, encrypt } from './backup/cipher.ts'
export { backup, type BackedUp } from './backup/make.ts'
export { restore, type Restored } from './backup/restore.ts'
