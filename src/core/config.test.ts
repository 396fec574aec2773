import { homedir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { StartError } from './start-error.ts'

const refusal = (env: NodeJS.ProcessEnv, argv: string[] = []): string => {
  try {
    readConfig(env, argv)
  } catch (error) {
    if (error instanceof StartError) return error.message
    throw error
  }
  throw new Error('the configuration was accepted')
}

describe('configuration', () => {
  test('an empty environment gives a server for this machine only, with every part, on the embedded database', () => {
    const config = readConfig({}, [])
    expect(config).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: undefined,
      publicUrl: undefined,
      proxies: [],
      logLevel: 'info',
    })
    expect([...config.with]).toEqual(['http', 'jobs'])
    const own = process.getuid?.() === 0 ? '/var/lib/jishi/data' : `${homedir()}/.local/share/jishi`
    expect(config.dataFolder).toBe(own)
  })

  test('an empty variable counts as not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ' }, []).port).toBe(3000)
  })

  test('values are read and a relative data folder becomes absolute', () => {
    const env = {
      PORT: '0',
      HOST: '0.0.0.0',
      JISHI_DATA: 'some/where',
      PUBLIC_URL: 'https://jishi.example.cn/',
      LOG_LEVEL: 'warn',
    }
    const config = readConfig({ ...env, DATABASE_URL: 'postgresql://u:p@db:5432/jishi' }, ['--with=jobs'])
    expect(config).toMatchObject({ port: 0, host: '0.0.0.0', publicUrl: 'https://jishi.example.cn', logLevel: 'warn' })
    expect(config.dataFolder).toBe(`${process.cwd()}/some/where`)
    expect([...config.with]).toEqual(['jobs'])
  })

  test.each([
    ['PORT', '70000'],
    ['PORT', '3000x'],
    ['PORT', '-1'],
    ['HOST', 'a b'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'localhost'],
    ['PUBLIC_URL', 'jishi.example.cn'],
    ['LOG_LEVEL', 'loud'],
    ['OFFICERS_FROM', 'everybody'],
    ['OFFICERS_FROM', '10.0.0.0/0'],
    ['PROXY', 'everybody'],
    ['PROXY', '0.0.0.0/0'],
  ])('%s=%s is refused by name', (name, value) => {
    expect(refusal({ [name]: value })).toContain(`${name}：`)
  })

  test('all wrong settings are named at once, the secret inside them is not', () => {
    const text = refusal({ PORT: 'x', DATABASE_URL: 'http://u:secret@h/x' }, ['--with=http,mail'])
    expect(text).toMatch(/PORT：[\s\S]*DATABASE_URL：[\s\S]*--with：/)
    expect(text).not.toContain('secret')
  })
})
