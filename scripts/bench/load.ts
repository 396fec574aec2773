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

export class Refused extends Error {
  readonly status: number
  constructor(status: number, body: string) {
    super(`${status} ${body.slice(0, 200)}`)
    this.status = status
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
          else reject(new Refused(answer.statusCode ?? 0, all))
        })
      },
    )
    sent.on('error', reject)
    sent.end(text)
  })
}

const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0

/** `accept` says which failures are honest answers (503) and not errors. */
export async function drive(
  workers: number,
  seconds: number,
  turn: (worker: number) => Promise<void>,
  accept: (error: unknown) => boolean = () => false,
): Promise<Ran & { shed: number }> {
  const times: number[] = []
  let errors = 0
  let shed = 0
  const end = performance.now() + seconds * 1000
  const work = async (worker: number) => {
    while (performance.now() < end) {
      const start = performance.now()
      try {
        await turn(worker)
        times.push(performance.now() - start)
      } catch (error) {
        if (accept(error)) shed++
        else if (errors++ < 3) console.error(String(error))
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
    shed,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    turns: times.length,
  }
}
