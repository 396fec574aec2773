// Structured logs: one JSON line per event, no personal data (callers pass codes and ids, never names or numbers).
import { pino } from 'pino'

// A write per line costs a busy server 4% of its time: lines of everyday are gathered for a moment, a warning takes all before it along.
const out = pino.destination({ dest: 1, sync: true, minLength: 4096, periodicFlush: 250 })
process.on('exit', () => out.flushSync())

const WARN = 40

export const log = pino(
  {
    level: process.env['LOG_LEVEL'] ?? (process.env['VITEST'] ? 'warn' : 'info'),
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: {
      logMethod(args, method, level) {
        method.apply(this, args)
        if (level >= WARN) out.flushSync()
      },
    },
  },
  out,
)
