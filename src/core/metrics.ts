// Numbers for whoever watches the machine, in the Prometheus text format. Names of operations and jobs only: no person, no unit.

export type Labels = Readonly<Record<string, string>>

export interface Sample {
  name: string
  labels?: Labels
  value: number
}

export interface Metrics {
  /** One answered request: what it was, how it ended, how long it took. */
  answered(operation: string, status: number, seconds: number): void
  /** Adds a source that is asked at each reading; a source that fails is left out of that reading. */
  source(help: Readonly<Record<string, string>>, read: () => Promise<Sample[]> | Sample[]): void
  text(): Promise<string>
}

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

interface Timed {
  byStatus: Map<string, number>
  buckets: number[]
  sum: number
  count: number
}

const line = ({ name, labels = {}, value }: Sample) => {
  const inner = Object.entries(labels).map(([k, v]) => `${k}="${v.replace(/[\\"\n]/g, '_')}"`)
  return `${name}${inner.length > 0 ? `{${inner.join(',')}}` : ''} ${value}`
}

const requestHelp = {
  jishi_http_requests_total: 'counter Answered requests by operation and class of status.',
  jishi_http_request_seconds: 'histogram Time from the first byte of a request to the last of its answer.',
}

function requestSamples(timed: ReadonlyMap<string, Timed>): Sample[] {
  return [...timed].flatMap(([operation, t]) => {
    const below = BOUNDS.map((bound, i) => ({
      name: 'jishi_http_request_seconds_bucket',
      labels: { operation, le: String(bound) },
      value: t.buckets.slice(0, i + 1).reduce((a, b) => a + b, 0),
    }))
    return [
      ...[...t.byStatus].map(([status, value]) => ({
        name: 'jishi_http_requests_total',
        labels: { operation, status },
        value,
      })),
      ...below,
      { name: 'jishi_http_request_seconds_bucket', labels: { operation, le: '+Inf' }, value: t.count },
      { name: 'jishi_http_request_seconds_sum', labels: { operation }, value: Number(t.sum.toFixed(6)) },
      { name: 'jishi_http_request_seconds_count', labels: { operation }, value: t.count },
    ]
  })
}

/** Samples of one metric stand together below its help, as the format demands. */
function render(help: Readonly<Record<string, string>>, samples: readonly Sample[]): string[] {
  return Object.entries(help).flatMap(([name, text]) => {
    const [type = 'gauge', ...words] = text.split(' ')
    const own = samples.filter(
      (s) =>
        s.name === name ||
        (type === 'histogram' && /_(bucket|sum|count)$/.test(s.name) && s.name.startsWith(`${name}_`)),
    )
    return own.length === 0 ? [] : [`# HELP ${name} ${words.join(' ')}`, `# TYPE ${name} ${type}`, ...own.map(line)]
  })
}

export function newMetrics(): Metrics {
  const timed = new Map<string, Timed>()
  const sources: { help: Readonly<Record<string, string>>; read: () => Promise<Sample[]> | Sample[] }[] = [
    { help: requestHelp, read: () => requestSamples(timed) },
  ]
  return {
    answered(operation, status, seconds) {
      const t = timed.get(operation) ?? { byStatus: new Map(), buckets: BOUNDS.map(() => 0), sum: 0, count: 0 }
      timed.set(operation, t)
      const kind = `${Math.floor(status / 100)}xx`
      t.byStatus.set(kind, (t.byStatus.get(kind) ?? 0) + 1)
      const at = BOUNDS.findIndex((bound) => seconds <= bound)
      if (at >= 0) t.buckets[at] = (t.buckets[at] ?? 0) + 1
      t.sum += seconds
      t.count++
    },
    source: (help, read) => void sources.push({ help, read }),
    async text() {
      const parts = await Promise.all(
        sources.map(async ({ help, read }) =>
          render(
            help,
            await Promise.resolve()
              .then(read)
              .catch(() => []),
          ),
        ),
      )
      return `${parts.flat().join('\n')}\n`
    },
  }
}
