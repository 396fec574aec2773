// The door of cryptography: keys, sealing, passwords, second factor, tokens, masks (A-01, A-04, A-44, C-12).
export { type Keyring, loadKeyring, rotateKeyring, sm3 } from './crypto/keyring.ts'
export { type PasswordFault, passwordFaults } from './crypto/password-policy.ts'
export { hashPassword, needsRehash, QueueFull, queue, verifyPassword } from './crypto/passwords.ts'
export { CryptoError, type CryptoProvider, isOurs, openssl, type Profile } from './crypto/provider.ts'
export { maskId, maskName, maskPhone, Sensitive } from './crypto/sensitive.ts'
export {
  followCode,
  isFollowCode,
  normaliseFollowCode,
  randomToken,
  readFollowCode,
  tokenHash,
} from './crypto/tokens.ts'
export { totpSecret, totpUri, totpVerify } from './crypto/totp.ts'
