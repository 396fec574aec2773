// The direction of the house (house.md), checked on every import. `npm run check` and test/guards.test.ts run it.
const order = ['mechanisms', 'units', 'people', 'access', 'exports']
const engines = ['demands', 'activities', 'procedures', 'pairings', 'campaigns', 'appraisals', 'assets', 'returns']
// what stands beside the engines: of no district's brand, but as little known to them as they to each other
const beside = ['feedback', 'forms']
const last = ['figures', 'reports', 'overview', 'sdmx', 'notices']
const roles = ['contract', 'rules', 'store', 'measures', 'actions', 'http']

const any = (names) => `(${names.join('|')})`
const inside = (names) => `^src/modules/${any(names)}/`
const role = (owner, names) => `^src/modules/${owner}/${any(names)}(\\.ts$|/)`
const tests = '(\\.test\\.tsx?|/fixtures(\\.ts|/.*))$'

// Each module may use only what stands before it.
const directions = [
  ...order.map((name, at) => [name, [...order.slice(at + 1), ...engines, ...beside, ...last]]),
  ...[...engines, ...beside].map((name) => [name, [...engines, ...beside, ...last].filter((one) => one !== name)]),
  ['figures', ['reports', 'overview', 'sdmx', 'notices']],
  ['reports', ['overview', 'sdmx', 'notices']],
  ['overview', ['sdmx', 'notices']],
  ['sdmx', ['reports', 'overview', 'notices']],
  ['notices', ['reports', 'overview', 'sdmx']],
].map(([name, later]) => ({
  name: `order-${name}`,
  comment: 'mechanisms → units → people → access → exports → engines (not each other) → figures → reports → overview',
  severity: 'error',
  from: { path: inside([name]), pathNot: tests },
  to: { path: inside(later) },
}))

// contract ← rules ← store ← actions ← http; measures beside store; the door (index) and the pages are above all of them.
const layers = roles.slice(0, -1).map((name, at) => ({
  name: `layer-${name}`,
  comment: 'inside a module: contract ← rules ← store ← actions ← http',
  severity: 'error',
  from: { path: role('([^/]+)', [name]), pathNot: tests },
  to: {
    path: role('$1', [
      ...roles.slice(at + 1).filter((one) => !(name === 'store' && one === 'measures')),
      'jobs',
      'index',
      'web',
    ]),
  },
}))

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'unresolved',
      comment: 'an import that leads nowhere is not checked by any rule below',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(virtual:|node:)' },
    },
    {
      name: 'core-knows-no-module',
      severity: 'error',
      from: { path: '^src/core/', pathNot: tests },
      to: { path: '^src/(?!core/)' },
    },
    {
      name: 'one-door-from-a-module',
      comment: 'another module is entered through its index.ts or contract.ts only',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/', pathNot: tests },
      to: {
        path: '^src/modules/[^/]+/',
        pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/(index\\.ts$|contract(\\.ts$|/))'],
      },
    },
    {
      name: 'one-door-from-outside',
      comment: 'the shell may also load the pages of a module',
      severity: 'error',
      // a bench plants its own stage, as tests do
      from: { path: '^(src/(?!modules/)|scripts/)', pathNot: [tests, '^scripts/bench/'] },
      to: { path: '^src/modules/[^/]+/', pathNot: '^src/modules/[^/]+/(index\\.ts$|contract(\\.ts$|/)|web/)' },
    },
    ...directions,
    ...layers,
    {
      name: 'jobs-call-actions',
      severity: 'error',
      from: { path: role('([^/]+)', ['jobs']), pathNot: tests },
      to: { path: role('$1', ['store', 'http']) },
    },
    {
      name: 'notices-are-sent-by-jobs',
      severity: 'error',
      from: { path: '^src/modules/(?!notices/)[^/]+/', pathNot: [tests, '^src/modules/[^/]+/jobs(\\.ts$|/)'] },
      to: { path: '^src/modules/notices/index\\.ts$' },
    },
    {
      name: 'sql-in-store-and-measures',
      comment: 'SQL is written in store and measures only (figures compiles measures into it); types may travel',
      severity: 'error',
      from: {
        path: '^src/modules/',
        pathNot: [tests, '^src/modules/[^/]+/(store|measures)(\\.ts$|/)', '^src/modules/figures/compile(\\.ts$|/)'],
      },
      to: { path: 'node_modules/(kysely|pg|pg-boss)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'server-without-dev-packages',
      severity: 'error',
      from: { path: '^src/', pathNot: [tests, '^src/web/', '^src/modules/[^/]+/web/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pages-without-server',
      comment: 'what runs in a browser knows contracts and pure code, never a database, a file or a secret',
      severity: 'error',
      from: { path: '^src/(web|modules/[^/]+/web)/', pathNot: tests },
      to: {
        path: [
          '^src/modules/[^/]+/(store|actions|http|jobs|measures|index)(\\.ts$|/)',
          'node_modules/(pg|kysely|fastify|pg-boss)/',
        ],
      },
    },
    {
      name: 'phone-stays-light',
      comment: 'reached in any way, also through a shared file or a lazy import',
      severity: 'error',
      from: { path: '^src/(web/phone|modules/[^/]+/web/phone)', pathNot: tests },
      to: { path: 'node_modules/(antd|@ant-design|@rc-component|echarts|zrender)/', reachable: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|artifacts)/' },
    // TypeScript 7 has no compiler interface for tools; without a parser that knows types, nothing would be checked at all.
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
    cache: false,
  },
}
