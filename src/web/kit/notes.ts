import type { Note } from '#modules/overview/contract.ts'
import { figureText, periodText } from './figures.ts'

const spanWords = (period: string) =>
  period.includes('W') ? `${period.slice(0, 4)}年第${Number(period.slice(6))}周` : periodText(period)

/** `临江街道 诉求 2026年10月 为 12 件（上期 9 件）`; of a line: what it is now, and the line. */
export function noteWords(n: Note): string {
  const told = (value: number | null) => figureText({ value, suppressed: false }, n)
  const what = `${n.unit.name}“${n.name}”${spanWords(n.period)}`
  if (n.kind === 'closed') return `${what}为 ${told(n.value)}（上期 ${told(n.before)}）`
  return `${what}为 ${told(n.value)}，${n.line?.side === 'above' ? '高于' : '低于'}您设的 ${told(n.line?.value ?? null)}`
}
