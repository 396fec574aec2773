// Identity numbers, phones and names (domain 2.1). Every check answers with a fault code, or null when all is well.
import { type Day, dayOfParts, isDay } from '#core/calendar.ts'

export type IdFault = 'length' | 'fifteen-digits' | 'characters' | 'region' | 'birth-date' | 'check-digit'
export type CodeFault = 'length' | 'characters' | 'check-digit'
export type NameFault = 'too-short' | 'not-han' | 'private-use'

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const ID_CHECKS = '10X98765432'
// Provinces of GB/T 2260; 81 82 83 are residence permits of Hong Kong, Macao and Taiwan residents.
const PROVINCES = /^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123])/
const PERMITS = /^8[123]/
const CREDIT_CHARS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const ORG_CHARS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const ORG_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/** IMP-9 and ID-01: half-width, upper case, no spaces, dashes or invisible characters. */
export function normaliseCode(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s\p{Cf}\p{Pd}]/gu, '')
    .toUpperCase()
}

/** GB 11643 with its residence permits (81/82/83…) and the 2023 permanent residence card (9…). */
export function checkIdNumber(text: string, today: Day): IdFault | null {
  const number = normaliseCode(text)
  if (/^\d{15}$/.test(number)) return 'fifteen-digits'
  if (number.length !== 18) return 'length'
  if (!/^\d{17}[\dX]$/.test(number)) return 'characters'
  const foreign = number.startsWith('9')
  if (!foreign && !PROVINCES.test(number)) return 'region'
  if (PERMITS.test(number) && number.slice(2, 6) !== '0000') return 'region'
  const born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  if (!isDay(born) || born > today || born < '1850-01-01') return 'birth-date'
  return ID_CHECKS[weighted(number, ID_WEIGHTS, '0123456789') % 11] === number[17] ? null : 'check-digit'
}

/** What a valid number says about its holder; sex as in GB/T 2261.1. */
export function idFacts(text: string): { born: Day; sex: '1' | '2' } {
  const number = normaliseCode(text)
  const born = dayOfParts(Number(number.slice(6, 10)), Number(number.slice(10, 12)), Number(number.slice(12, 14)))
  return { born, sex: Number(number[16]) % 2 === 1 ? '1' : '2' }
}

/** ID-02: an ID number that was a number in the sheet has lost its last digits; it must be asked for, never guessed. */
export function numericIdSuspect(cell: unknown): boolean {
  if (typeof cell === 'number') return Math.abs(cell) >= 1e13
  if (typeof cell !== 'string') return false
  const text = normaliseCode(cell)
  if (/^\d(\.\d+)?E\+?\d+$/.test(text)) return true
  if (!/^\d{17}0$/.test(text)) return false
  // Sheets keep 15 digits and programs about 17, so either leaves zeros, or a number that reads back as itself.
  const rounded = text.endsWith('000') || String(Number(text)) === text
  return rounded && checkIdNumber(text, '9999-12-31') !== null
}

/** GB 32100-2015. */
export function checkCreditCode(text: string): CodeFault | null {
  const code = normaliseCode(text)
  if (code.length !== 18) return 'length'
  if ([...code].some((char) => !CREDIT_CHARS.includes(char))) return 'characters'
  const check = (31 - (weighted(code, CREDIT_WEIGHTS, CREDIT_CHARS) % 31)) % 31
  return CREDIT_CHARS[check] === code[17] ? null : 'check-digit'
}

/** GB 11714; also characters 9 to 17 of a credit code. */
export function checkOrgCode(text: string): CodeFault | null {
  const code = normaliseCode(text)
  if (code.length !== 9) return 'length'
  if (!/^[0-9A-Z]{8}[0-9X]$/.test(code)) return 'characters'
  const check = 11 - (weighted(code, ORG_WEIGHTS, ORG_CHARS) % 11)
  return (check === 10 ? 'X' : check === 11 ? '0' : String(check)) === code[8] ? null : 'check-digit'
}

/** Digits of a mobile number as stored: without +86, spaces and dashes. */
export function normalisePhone(text: string): string {
  return normaliseCode(text).replace(/^(?:\+86|0086)/, '')
}

export function checkPhone(text: string): 'form' | null {
  return /^1[3-9]\d{9}$/.test(normalisePhone(text)) ? null : 'form'
}

/**
 * One name, one spelling: the middle dot is · (U+00B7), Han characters stand without spaces (张 三 becomes 张三), nothing
 * invisible stays, full-width letters become plain. Latin names keep single spaces.
 */
export function normaliseName(text: string): string {
  return text
    .replace(/[\u2022\u2027\u2219\u22C5\u30FB\uFF65\uFF0E\u0387\u25CF\u2E31]/g, '·')
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/gu, (char) => (/\s/.test(char) ? ' ' : ''))
    .replace(/(?<=\p{Script=Han})\s*\.\s*(?=\p{Script=Han})/gu, '·')
    .replace(/\s*·\s*/g, '·')
    .replace(/\s+/g, ' ')
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .trim()
}

/** All Han characters of Unicode, so 张䶮 and 李𬱖 may register (GB 18030-2022 level 3); expects a normalised name. */
export function checkName(name: string): NameFault | null {
  if (/\p{Co}/u.test(name)) return 'private-use'
  if (/^\p{Script=Han}?$/u.test(name)) return 'too-short'
  return /^\p{Script=Han}{2,}(·\p{Script=Han}+)*$/u.test(name) ? null : 'not-han'
}

function weighted(code: string, weights: readonly number[], alphabet: string): number {
  return weights.reduce((sum, weight, at) => sum + weight * alphabet.indexOf(code[at] ?? ''), 0)
}
