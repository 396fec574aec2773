// Structured logs: one JSON line per event, no personal data (callers pass codes and ids, never names or numbers).
import { pino } from 'pino'

export const log = pino({
  level: process.env['LOG_LEVEL'] ?? (process.env['VITEST'] ? 'warn' : 'info'),
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
})
