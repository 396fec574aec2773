// What must not be printed by accident (C-12) and what is shown in its place (CR-06).
import { inspect } from 'node:util'

/** Prints as *** in JSON, logs, errors and templates; `reveal` is the only way out. */
export class Sensitive<T> {
  readonly #value: T
  constructor(value: T) {
    this.#value = value
  }
  reveal(): T {
    return this.#value
  }
  toString(): string {
    return '***'
  }
  toJSON(): string {
    return '***'
  }
  [Symbol.toPrimitive](): string {
    return '***'
  }
  [inspect.custom](): string {
    return '***'
  }
}

/** 110105********002X */
export function maskId(text: string): string {
  return text.length >= 15 ? mask(text, 6, 4) : mask(text, 1, 1)
}

/** 138****1234 */
export function maskPhone(text: string): string {
  return text.length >= 11 ? mask(text, 3, 4) : mask(text, 0, 2)
}

/** 张*: one star whatever the length, so the length tells nothing. */
export function maskName(name: string): string {
  const [first] = name
  return first === undefined ? '' : `${first}*`
}

function mask(text: string, head: number, tail: number): string {
  const hidden = Math.max(0, text.length - head - tail)
  return hidden === 0
    ? '*'.repeat(text.length)
    : text.slice(0, head) + '*'.repeat(hidden) + text.slice(text.length - tail)
}
