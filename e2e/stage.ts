// A real browser against the real product: pages of people who are signed in, screenshots kept as artefacts, axe on what they see.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { generate } from 'otplib'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect, inject } from 'vitest'

export const desktop = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

interface Account {
  login: string
  password: string
  totp: string | null
}

export const base = () => inject('product').base

const accounts = () =>
  JSON.parse(readFileSync(join(inject('product').folder, 'demo-accounts.json'), 'utf8')) as Account[]

export const accountOf = (login: string): Account => {
  const found = accounts().find((a) => a.login === login)
  if (!found) throw new Error(`no demo account ${login}`)
  return found
}

/** A code is good once: whoever signs in again with the same authenticator waits for the next, as a person does. */
async function codeOf(login: string, secret: string): Promise<string> {
  const note = join(inject('product').folder, `code-${login}.json`)
  const step = () => Math.floor(Date.now() / 30_000)
  const last = existsSync(note) ? Number(readFileSync(note, 'utf8')) : 0
  while (step() <= last) await setTimeout(500)
  writeFileSync(note, String(step()))
  return generate({ secret })
}

const tokens = new Map<string, Promise<string>>()

/** A bearer token for looking at what the pages did; a second-factor code may be used once, so a token is kept. */
export const tokenOf = (login: string): Promise<string> => {
  const known = tokens.get(login) ?? openToken(login)
  tokens.set(login, known)
  return known
}

async function openToken(login: string): Promise<string> {
  const { password, totp } = accountOf(login)
  const code = totp ? await codeOf(login, totp) : undefined
  const answer = await fetch(`${base()}/api/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password, ...(code ? { code } : {}) }),
  })
  expect(answer.status, `sign in ${login}`).toBe(201)
  return ((await answer.json()) as { token: string }).token
}

/** One call of the API as somebody, to arrange a scene or to look at what the pages did. */
export async function api<T>(login: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${await tokenOf(login)}`, 'content-type': 'application/json' }
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await fetch(`${base()}/api${path}`, { headers, ...sent })
  expect(answer.ok, `${path}: ${answer.status}`).toBe(true)
  return (await answer.json()) as T
}

/** The same question from inside a page, as whoever sits before it. */
export const asked = <T>(page: Page, path: string): Promise<T> =>
  page.evaluate(async (url) => (await fetch(url)).json(), `/api${path}`) as Promise<T>

/** One thing done through the API from inside a page, to arrange a scene for whoever sits before it. */
export const sent = <T>(page: Page, path: string, body: unknown): Promise<T> =>
  page.evaluate(
    async ([url, text]) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
      const answer = await fetch(url, { method: 'POST', headers, body: text })
      if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
      return answer.json()
    },
    [`/api${path}`, JSON.stringify(body)] as const,
  ) as Promise<T>

export class Theatre {
  readonly #browser: Browser
  readonly #contexts: BrowserContext[] = []
  /** hosts that were asked for anything; must stay our own */
  readonly hosts = new Set<string>()
  /** errors a page told of: none is expected */
  readonly troubles: string[] = []

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async open() {
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ]
    // without a UTF-8 locale the browser cannot name a downloaded file in Chinese
    const env = { ...(process.env as Record<string, string>), LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' }
    return new Theatre(await chromium.launch({ executablePath: '/usr/bin/chromium', args, env }))
  }

  /** A browser of its own, as one person's device. */
  async device(viewport: typeof desktop): Promise<Page> {
    const small = viewport.width < 600
    // axe is injected as text, which our content security policy rightly refuses; only the tests' browser may
    const context = await this.#browser.newContext({
      viewport,
      baseURL: base(),
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      hasTouch: small,
      isMobile: small,
      bypassCSP: true,
      acceptDownloads: true,
      reducedMotion: 'reduce',
    })
    this.#contexts.push(context)
    const page = await context.newPage()
    page.on('request', (r) => this.hosts.add(new URL(r.url()).host))
    page.on('pageerror', (e) => this.troubles.push(String(e)))
    return page
  }

  /** Signs in through the console's own page. */
  async console(login: string): Promise<Page> {
    const page = await this.device(desktop)
    const { password, totp } = accountOf(login)
    await page.goto('/console')
    await page.getByLabel('账号').fill(login)
    await page.getByLabel(/^口令/).fill(password)
    if (totp) await page.getByLabel(/^动态口令/).fill(await codeOf(login, totp))
    await page.keyboard.press('Enter')
    await page.getByRole('navigation').first().waitFor()
    return page
  }

  /** Signs in on the phone. */
  async mobile(login: string): Promise<Page> {
    const page = await this.device(phone)
    const { password } = accountOf(login)
    await page.goto('/m/sign-in')
    await page.getByLabel('账号').fill(login)
    await page.getByLabel(/^口令/).fill(password)
    await page.getByRole('button', { name: '登录' }).click()
    await page.getByLabel(/^口令/).waitFor({ state: 'detached' })
    return page
  }

  async close() {
    for (const c of this.#contexts) await c.close()
    await this.#browser.close()
  }
}

export async function shot(page: Page, name: string) {
  mkdirSync('artifacts/e2e', { recursive: true })
  await page.screenshot({ path: `artifacts/e2e/${name}.png` })
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** No finding that is serious or worse (WCAG 2.1 AA). */
export async function axe(page: Page, name: string) {
  await page.evaluate(axeSource)
  const found = await page.evaluate(async () => {
    const runner = (
      globalThis as unknown as {
        axe: {
          run(options: object): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
        }
      }
    ).axe
    const { violations } = await runner.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
    return violations.map((v) => `${v.impact} ${v.id}: ${v.nodes[0]?.html.slice(0, 120)}`)
  })
  expect(
    found.filter((f) => /^(serious|critical)/.test(f)),
    `accessibility of ${name}`,
  ).toEqual([])
}
