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

type Client = 'pc' | 'phone'
type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

/** A sign-in that others go on with: an officer's code serves once, so every file signing in anew would wait for the next. */
interface Seat {
  cookies: Cookies
  at: number
}

/** Young enough that a weighty act still finds its proof fresh when the file that takes the seat over comes to it. */
const SEAT_MILLIS = 150_000

const seatFile = (login: string, client: Client) => join(inject('product').folder, `seat-${login}-${client}.json`)

function keepSeat(login: string, client: Client, cookies: Cookies): Seat {
  const seat = { cookies, at: Date.now() }
  writeFileSync(seatFile(login, client), JSON.stringify(seat))
  return seat
}

const cookieHeader = (seat: Seat) => seat.cookies.map((c) => `${c.name}=${c.value}`).join('; ')

const serves = async (seat: Seat) => (await fetch(`${base()}/api/me`, { headers: { cookie: cookieHeader(seat) } })).ok

async function takeSeat(login: string, client: Client): Promise<Seat> {
  const { password, totp } = accountOf(login)
  const answer = await fetch(`${base()}/api/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base() },
    body: JSON.stringify({
      login,
      password,
      keep: 'cookie',
      client,
      ...(totp ? { code: await codeOf(login, totp) } : {}),
    }),
  })
  expect(answer.status, `sign in ${login}`).toBe(201)
  const { hostname: domain } = new URL(base())
  const set = { domain, path: '/', expires: -1, httpOnly: true, secure: true, sameSite: 'Strict' as const }
  const cookies = answer.headers.getSetCookie().map((line) => {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) as unknown as [string, string, string]
    return { ...set, name, value }
  })
  return keepSeat(login, client, cookies)
}

async function findSeat(login: string, client: Client): Promise<Seat> {
  const file = seatFile(login, client)
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Seat) : null
  return kept && Date.now() - kept.at < SEAT_MILLIS && (await serves(kept)) ? kept : takeSeat(login, client)
}

const seats = new Map<string, Promise<Seat>>()

/** The one sign-in of somebody on one kind of device; taken anew when a page signed out or gave a fresh proof. */
async function seatOf(login: string, client: Client): Promise<Seat> {
  const key = `${client} ${login}`
  const known = seats.get(key)
  if (known && (await serves(await known))) return known
  if (seats.get(key) === known) seats.set(key, findSeat(login, client))
  return seats.get(key) as Promise<Seat>
}

/** One call of the API as somebody, to arrange a scene or to look at what the pages did. */
export async function api<T>(login: string, path: string, body?: unknown): Promise<T> {
  const cookie = cookieHeader(await seatOf(login, 'pc'))
  const headers = { cookie, origin: base(), 'content-type': 'application/json' }
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

  /** The console before somebody who is signed in already. */
  async console(login: string): Promise<Page> {
    const page = await this.device(desktop)
    await page.context().addCookies((await seatOf(login, 'pc')).cookies)
    await page.goto('/console')
    await page.getByRole('navigation').first().waitFor()
    return page
  }

  /** The phone in the hand of somebody who is signed in already. */
  async mobile(login: string): Promise<Page> {
    const page = await this.device(phone)
    await page.context().addCookies((await seatOf(login, 'phone')).cookies)
    await page.goto('/m')
    await page.getByRole('navigation').first().waitFor()
    return page
  }

  /** Signs in through the console's own page. */
  async signIn(login: string): Promise<Page> {
    const page = await this.device(desktop)
    const { password, totp } = accountOf(login)
    await page.goto('/console')
    await page.getByLabel('账号').fill(login)
    await page.getByLabel(/^口令/).fill(password)
    if (totp) await page.getByLabel(/^动态口令/).fill(await codeOf(login, totp))
    await page.keyboard.press('Enter')
    await page.getByRole('navigation').first().waitFor()
    seats.set(`pc ${login}`, Promise.resolve(keepSeat(login, 'pc', await page.context().cookies())))
    return page
  }

  /** Signs in on the phone. */
  async signInMobile(login: string): Promise<Page> {
    const page = await this.device(phone)
    const { password } = accountOf(login)
    await page.goto('/m/sign-in')
    await page.getByLabel('账号').fill(login)
    await page.getByLabel(/^口令/).fill(password)
    await page.getByRole('button', { name: '登录' }).click()
    await page.getByLabel(/^口令/).waitFor({ state: 'detached' })
    seats.set(`phone ${login}`, Promise.resolve(keepSeat(login, 'phone', await page.context().cookies())))
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
