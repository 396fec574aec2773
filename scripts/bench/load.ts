// So many workers, each doing one thing after another for so long; latencies and the rate.
import { Agent, request } from 'node:http'

export interface Ran {
  /** finished turns per second */
  rate: number
  errors: number
  p50: number
  p99: number
  turns: number
}

const agent = new Agent({ keepAlive: true, maxSockets: 2000 })

class Refused extends Error {
  readonly status: number
  /** Seconds after which it may be tried again; 0 where nothing was said. */
  readonly retryAfter: number
  constructor(status: number, body: string, retryAfter: number) {
    super(`${status} ${body.slice(0, 200)}`)
    this.status = status
    this.retryAfter = retryAfter
  }
}

/** `at` is `POST /demands`. */
export function call<T>(base: string, token: string, at: string, body?: unknown): Promise<T> {
  const [method, path] = at.split(' ')
  const text = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const sent = request(
      `${base}/api${path}`,
      {
        method,
        agent,
        headers: {
          authorization: `Bearer ${token}`,
          ...(text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}),
        },
      },
      (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (d: Buffer) => parts.push(d))
        answer.on('end', () => {
          const all = Buffer.concat(parts).toString()
          if ((answer.statusCode ?? 500) < 300) resolve(all ? (JSON.parse(all) as T) : (undefined as T))
          else reject(new Refused(answer.statusCode ?? 0, all, Number(answer.headers['retry-after'] ?? 0)))
        })
      },
    )
    sent.on('error', reject)
    sent.end(text)
  })
}

/** Sends a workbook as the body. */
export const upload = <T>(base: string, token: string, path: string, file: Buffer): Promise<T> =>
  fetch(`${base}/api${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    },
    body: new Uint8Array(file),
  }).then(async (answer) => {
    if (!answer.ok) throw new Refused(answer.status, await answer.text(), 0)
    return (await answer.json()) as T
  })

export type Call = typeof call

/** A caller who does as he is told: after a 503 he waits as long as it says, and a little more by chance, then asks the same again. */
export function patient(told: () => void, until: number): Call {
  return async function again<T>(base: string, token: string, at: string, body?: unknown): Promise<T> {
    for (;;) {
      try {
        return await call<T>(base, token, at, body)
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 503 || error.retryAfter === 0) throw error
        told()
        if (performance.now() > until) throw new Over()
        await new Promise((go) => setTimeout(go, error.retryAfter * 1000 * (1 + Math.random())))
      }
    }
  }
}

/** The time is up: what is not finished is no error. */
class Over extends Error {}

export const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0

/** `accept` says which failures are honest answers (503) and not errors. */
export async function drive(workers: number, seconds: number, turn: (worker: number) => Promise<void>): Promise<Ran> {
  const times: number[] = []
  let errors = 0
  const end = performance.now() + seconds * 1000
  const work = async (worker: number) => {
    while (performance.now() < end) {
      const start = performance.now()
      try {
        await turn(worker)
        times.push(performance.now() - start)
      } catch (error) {
        if (!(error instanceof Over) && errors++ < 3) console.error(String(error))
      }
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: workers }, (_, i) => work(i)))
  const took = (performance.now() - began) / 1000
  times.sort((a, b) => a - b)
  return {
    rate: times.length / took,
    errors,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    turns: times.length,
  }
}
