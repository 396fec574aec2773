// Structured logs: one JSON line per event, no personal data (callers pass codes and ids, never names or numbers).
import { pino } from 'pino'

// A write per line costs a busy server 4% of its time: lines of everyday are gathered for a moment, a warning takes all before it along.
// Never `flushSync`: it waits for ever where the reader is gone or the disk is full. What cannot be written is let go.
// The first look at `process.stdout` makes a pipe or a socket say that it is full instead of holding the whole process (OB-04).
const { fd } = process.stdout
const out = pino.destination({
  dest: fd,
  sync: true,
  minLength: 4096,
  periodicFlush: 250,
  maxLength: 1 << 20,
  retryEAGAIN: () => false,
})
const flush = () => out.flush()
let dropped = 0
let told = 0
out.on('error', () => {})
out.on('drop', () => {
  dropped++
})
// It is read again, or has room again: how much is missing is said once.
out.on('drain', () => {
  if (dropped === told) return
  told = dropped
  log.error({ dropped }, 'log lines were dropped: nobody read them, or the disk was full')
})
process.on('exit', flush)

/** Lines that were let go since the process began. */
export const droppedLines = () => dropped

const WARN = 40
const MOST = 8192

/** No value fills the log; characters that end a line or steer a terminal are written as numbers. (OB-03) */
const cut = (value: unknown) =>
  typeof value === 'string' && value.length > MOST ? `${value.slice(0, MOST)}… ${value.length} characters` : value

export const log = pino(
  {
    level: process.env['LOG_LEVEL'] ?? (process.env['VITEST'] ? 'warn' : 'info'),
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { log: (entry) => Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, cut(value)])) },
    hooks: {
      logMethod(args, method, level) {
        method.apply(this, args)
        if (level >= WARN) flush()
      },
    },
  },
  out,
)
