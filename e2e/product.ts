// The product as a user starts it, once per run: its own data folder, the demo district, the built web.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    product: { base: string; folder: string }
  }
}

/** Resolves with the address the product prints once it serves. */
function started(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = ''
    child.stdout?.on('data', (data: Buffer) => {
      told += data.toString()
      const address = /基石已启动：(\S+)/.exec(told)?.[1]
      if (address) resolve(address)
    })
    child.once('exit', (code) => reject(new Error(`the product ended with ${code}:\n${told}`)))
  })
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'jishi-e2e-'))
  // or the database of a root user would lie below /var/lib, where nobody takes it away
  chmodSync(folder, 0o711)
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { ...process.env, JISHI_DATA: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const base = await started(child)
  project.provide('product', { base, folder: join(folder, 'data') })
  return async () => {
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}
