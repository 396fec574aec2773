import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveWeb } from './static.ts'

const server = Fastify({ routerOptions: { maxParamLength: 100 } })

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jishi-web-'))
  const root = join(folder, 'web')
  mkdirSync(join(root, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'for no eyes')
  writeFileSync(join(root, 'console.html'), '<p>console</p>')
  writeFileSync(join(root, 'phone.html'), '<p>phone</p>')
  writeFileSync(join(root, 'assets/phone-1a2b3c4d.js'), 'let plain')
  writeFileSync(join(root, 'assets/phone-1a2b3c4d.js.gz'), gzipSync('let plain'))
  writeFileSync(join(root, '.env'), 'for no eyes')
  symlinkSync(join(folder, 'secret.txt'), join(root, '.link'))
  serveWeb(server, pathToFileURL(`${root}/`))
  await server.ready()
})

afterAll(() => server.close())

const get = (url: string, headers: Record<string, string> = {}) => server.inject({ method: 'GET', url, headers })

describe('the built web', () => {
  it('answers every address of the console with one page and every address of the phone with the other', async () => {
    for (const url of ['/console', '/console/demands/1?state=signed'])
      expect((await get(url)).body, url).toBe('<p>console</p>')
    for (const url of ['/m', '/m/tasks', '/p/12-3f', '/f/12-ABCDEFGHJKM'])
      expect((await get(url)).body, url).toBe('<p>phone</p>')
  })

  it('leads the bare address to the console, and a phone to the phone', async () => {
    const phone = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36'
    for (const [headers, to] of [
      [{}, '/console'],
      [{ 'user-agent': phone }, '/m'],
      [{ 'sec-ch-ua-mobile': '?1' }, '/m'],
    ] as const) {
      const { statusCode, headers: said } = await get('/', headers)
      expect([statusCode, said['location']]).toEqual([302, to])
    }
  })

  it('keeps hashed files forever, asks for pages again each time, and sends what was packed at build', async () => {
    const page = await get('/m')
    expect(page.headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' })
    expect((await get('/m', { 'if-none-match': String(page.headers['etag']) })).statusCode).toBe(304)
    const script = await get('/assets/phone-1a2b3c4d.js', { 'accept-encoding': 'gzip, br' })
    expect(script.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      vary: 'accept-encoding',
    })
    expect(String(script.headers['content-type'])).toMatch(/^(text|application)\/javascript/)
    expect(gunzipSync(script.rawPayload).toString()).toBe('let plain')
    expect((await get('/assets/phone-1a2b3c4d.js')).body).toBe('let plain')
  })

  it('shows no folder, no hidden file and nothing outside itself, however the path is written (HT-10, FI-09)', async () => {
    const tries = [
      '/assets',
      '/assets/',
      '/.env',
      '/.link',
      '/%2eenv',
      '/assets/..%2f..%2fsecret.txt',
      '/..%2fsecret.txt',
      '/assets/%2e%2e/%2e%2e/secret.txt',
      '/%5c..%5csecret.txt',
      '//secret.txt',
      '/assets/phone-1a2b3c4d.js%00.html',
      '/assets%2fphone-1a2b3c4d.js',
      '/assets/phone-1a2b3c4d.js.gz',
      '/p/..%2f..%2f.env/x',
      '/nothing',
    ]
    for (const url of tries) {
      const reply = await get(url)
      expect([400, 404], url).toContain(reply.statusCode)
      expect(reply.body, url).not.toContain('for no eyes')
    }
  })
})
