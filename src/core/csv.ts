// Comma-separated text as Chinese Excel and WPS open it. Pure: server and browser write the same.

/** Text, or a number where a number is meant to be summed; long digit strings belong in text. */
export type OutValue = string | number | null

// Full-width signs too: a spreadsheet in Chinese input takes ＝ for = (A-34, EX-01, EX-02).
const RISKY = /^[=+\-@\t\r\n＝＋－＠]/
const RISKY_OR_QUOTED = /^'?[=+\-@\t\r\n＝＋－＠]|^''/

/** A spreadsheet would take it for a formula. */
export const isRisky = (text: string) => RISKY.test(text)

/** The apostrophe is what spreadsheet programs take for "this is text"; our own importer strips it again. */
function field(value: OutValue): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = RISKY_OR_QUOTED.test(value) ? `'${value}` : value
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** With a byte-order mark and CRLF. */
export const csvText = (lines: readonly (readonly OutValue[])[]): string =>
  `\uFEFF${lines.map((line) => line.map(field).join(',')).join('\r\n')}\r\n`
