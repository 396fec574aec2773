// The server's configuration, written afresh at each start; an operator's own lines go to postgresql.local.conf beside the cluster.
import { existsSync, readFileSync, statfsSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { type Place, replaceFile } from './place.ts'

export type Settings = Record<string, string>

const MB = 1024 * 1024
const LOCAL = 'postgresql.local.conf'

function defaults(sockets: string): Settings {
  return {
    listen_addresses: '',
    port: '5432',
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    max_connections: '100',
    shared_buffers: '256MB',
    effective_cache_size: `${Math.max(512, Math.floor(totalmem() / MB / 2))}MB`,
    maintenance_work_mem: '128MB',
    dynamic_shared_memory_type: sharedMemory(),
    jit: 'off',
    random_page_cost: '1.1',
    // What is acknowledged is on disk. The boot probe refuses any other setting.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'replica',
    min_wal_size: '256MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    // Statements, rows and even error texts may hold personal data. The application sees every error; the log holds the server's own affairs.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_autovacuum_min_duration: '-1',
    log_line_prefix: '%m [%p] ',
  }
}

// Containers often get a /dev/shm of 64 MB, too small for a parallel query.
function sharedMemory(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize >= 256 * MB ? 'posix' : 'mmap'
  } catch {
    return 'mmap'
  }
}

export function writeSettings(place: Place, sockets: string, extra: Settings = {}): void {
  const path = join(place.data, 'postgresql.conf')
  const lines = Object.entries({ ...defaults(sockets), ...extra }).map(
    ([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`,
  )
  const head = '# Written by Jishi at each start. Put your own settings into postgresql.local.conf in the folder above.'
  const own = existsSync(join(place.home, LOCAL)) ? [`include '../${LOCAL}'`] : []
  const text = `${[head, ...lines, ...own].join('\n')}\n`
  if (readFileSync(path, 'utf8') !== text) replaceFile(path, text, 0o600, place.runner)
}
