// Every word the pages show may come from somebody who means harm: whatever the server answers, it stands there as text (IN-18).
import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pages } from '#web/console/pages.ts'
import { api, phone, sent, shot, Theatre } from './stage.ts'

const RUN = 'window.__x=(window.__x||0)+1'
const tags = [
  `<script>${RUN}</script>`,
  `</title><script>${RUN}</script>`,
  `</textarea><script>${RUN}</script>`,
  `</style><script>${RUN}</script>`,
  `<ScRiPt>${RUN}</sCrIpT>`,
  `<script src=data:text/javascript,${RUN}></script>`,
  `<img src=x onerror=${RUN}>`,
  `<img src=x onerror="${RUN}">`,
  `<img/src=x/onerror=${RUN}>`,
  `<image href=x onerror=${RUN}>`,
  `"><img src=x onerror=${RUN}>`,
  `'><img src=x onerror=${RUN}>`,
  `--><img src=x onerror=${RUN}>`,
  `]]><img src=x onerror=${RUN}>`,
  `<svg onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><a href="javascript:${RUN}"><text y=20>x</text></a></svg>`,
  `<math><mtext></mtext><script>${RUN}</script></math>`,
  `<body onload=${RUN}>`,
  `<iframe src="javascript:parent.__x=1"></iframe>`,
  `<iframe srcdoc="<script>parent.__x=1</script>"></iframe>`,
  `<object data="data:text/html,<script>parent.__x=1</script>">`,
  `<embed src="data:text/html,<script>parent.__x=1</script>">`,
  `<video><source onerror=${RUN}></video>`,
  `<audio src=x onerror=${RUN}>`,
  `<input autofocus onfocus=${RUN}>`,
  `<select autofocus onfocus=${RUN}>`,
  `<textarea autofocus onfocus=${RUN}>`,
  `<details open ontoggle=${RUN}>`,
  `<marquee onstart=${RUN}>`,
  `<style>@keyframes x{}</style><b style="animation-name:x" onanimationstart=${RUN}>`,
  `<link rel=stylesheet href="javascript:${RUN}">`,
  `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  `<base href="javascript:${RUN}//">`,
  `<form action="javascript:${RUN}"><button autofocus>x</button></form>`,
  `<a href="javascript:${RUN}">x</a>`,
  `<a href=" &#1;javascript:${RUN}">x</a>`,
  `<template><script>${RUN}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
]
const others = [
  `" onmouseover="${RUN}`,
  `' onfocus='${RUN}' autofocus='`,
  `javascript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `\\u003cscript\\u003e${RUN}\\u003c/script\\u003e`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
  `%3Cscript%3E${RUN}%3C/script%3E`,
  `{{constructor.constructor('${RUN}')()}}`,
  `\${${RUN}}`,
  `<%= ${RUN} %>`,
  `#{${RUN}}`,
  `';${RUN};//`,
  `";${RUN};//`,
  `\`;${RUN};//`,
  `</script><script>${RUN}</script>`,
  `+ADw-script+AD4-${RUN}+ADw-/script+AD4-`,
  `<x contenteditable onblur=${RUN}>`,
  `<!--<img src="--><img src=x onerror=${RUN}//">`,
  `<b x=1 onmouseover=${RUN}>`,
  `__proto__`,
]
const payloads = [...tags, ...others]

let turn = 0
/** Words of people carry Chinese: each gets one of the payloads before it; ids, codes, days and addresses stay. */
function poison(value: unknown): unknown {
  if (typeof value === 'string')
    return /\p{Script=Han}/u.test(value) ? `${payloads[turn++ % payloads.length]}${value}` : value
  if (Array.isArray(value)) return value.map(poison)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, poison(v)]))
}

/** What the page hears is what the server said, with harm in every word. */
async function answerPoisoned(route: Route) {
  const reply = await route.fetch()
  const isJson = /json/.test(reply.headers()['content-type'] ?? '')
  if (!isJson || route.request().url().endsWith('/openapi.json')) return route.fulfill({ response: reply })
  const body = JSON.stringify(poison(await reply.json()))
  return route.fulfill({ response: reply, body })
}

const poisonPage = async (page: Page) => {
  page.on('dialog', (d) => {
    told.push(`a dialog: ${d.message()}`)
    void d.dismiss()
  })
  await page.route('**/api/**', (route) => {
    // streams never end, and what is sent is not what is tried
    if (route.request().method() !== 'GET' || /\/live/.test(route.request().url())) return route.continue()
    return answerPoisoned(route).catch(() => route.abort().catch(() => {}))
  })
}

const told: string[] = []
/** A page shows the same fields to whoever may open it: once is enough. */
const opened = new Set<string>()

/** Nothing ran, and nothing of it became more than text. */
async function innocent(page: Page, where: string) {
  const found = await page.evaluate(() => {
    const leads = new Set(['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'srcdoc', 'background'])
    const hooked = [...document.querySelectorAll('*')].filter((e) =>
      [...e.attributes].some(
        (a) => a.name.startsWith('on') || (leads.has(a.name) && /^\s*(javascript|data:text)/i.test(a.value)),
      ),
    )
    const foreign = [
      ...document.querySelectorAll('iframe, object, embed, base, meta[http-equiv=refresh], marquee, math'),
    ]
    const scripts = [...document.scripts].filter((s) => s.textContent?.includes('__x') || s.src.startsWith('data:'))
    return {
      ran: (window as unknown as { __x?: number }).__x ?? 0,
      became: [...hooked, ...foreign, ...scripts].map((e) => e.outerHTML.slice(0, 160)),
      shows: document.body.innerText.includes('__x'),
    }
  })
  if (found.ran > 0) told.push(`${where}: ran ${found.ran}`)
  told.push(...found.became.map((html) => `${where}: ${html}`))
  return found.shows
}

let theatre: Theatre
beforeAll(async () => {
  theatre = await Theatre.open()
})
afterAll(async () => {
  await theatre.close()
  expect(told).toEqual([])
})

const first = async (login: string, list: string) =>
  (await api<{ rows: { id: string }[] }>(login, `${list}${list.includes('?') ? '&' : '?'}limit=1`).catch(() => null))
    ?.rows[0]?.id

const lists: Record<string, string> = {
  '/demands/:id': '/demands',
  '/persons/:id': '/persons',
  '/talents/:id': '/talents',
  '/editions/:id': '/editions',
  '/reports/:id': '/manuscripts',
  '/forms/:id': '/forms',
  '/asks/:id': '/form-asks',
  '/feedback/:id': '/feedback',
}

/** Opens a page and waits until it stands still. */
async function visit(page: Page, path: string) {
  await page.goto(path)
  await page
    .getByRole('heading', { level: 1 })
    .first()
    .waitFor({ timeout: 20_000 })
    .catch(() => {})
  await page.waitForLoadState('networkidle', { timeout: 1_500 }).catch(() => {})
}

describe('hostile words', () => {
  it('are sixty of a kind', () => expect(new Set(payloads).size).toBe(60))

  it.each(['desk', 'leader', 'system', 'audit'])(
    'stand as text on every page of the console that %s may open and nobody before him (IN-18)',
    async (login) => {
      const page = await theatre.console(login)
      const { mandates } = await api<{ mandates: { verbs: string[] }[] }>(login, '/me')
      const held = new Set(mandates.flatMap((m) => m.verbs))
      await poisonPage(page)
      const shown: string[] = []
      const mute: string[] = []
      for (const { path, verbs } of pages) {
        if (opened.has(path) || (verbs.length > 0 && !verbs.some((v) => held.has(v)))) continue
        opened.add(path)
        const id = path.includes(':id') ? (lists[path] ? await first(login, lists[path]) : 'demands.raised') : ''
        if (id === undefined) continue
        await visit(page, `/console${path.replace(':id', id)}`)
        ;((await innocent(page, `${login} ${path}`)) ? shown : mute).push(path)
        if (path === '/demands') await shot(page, `hostile-${login}-board-1440`)
      }
      // the harm was there to be seen, or this proves nothing
      expect(shown.length, `${login} shows none on ${mute.join(' ')}`).toBeGreaterThanOrEqual(mute.length)
      expect(told).toEqual([])
    },
    240_000,
  )

  it('stand as text on the phone, for members and for residents without an account (IN-18)', async () => {
    const paths = {
      member: ['/m/tasks', '/m/claims', '/m/record', '/m/report-in', '/m/mine', '/m/about', '/m/feedback'],
      secretary: ['/m/todo', '/m/take-in', '/m/occasions', '/m/registrations'],
    }
    for (const [login, open] of Object.entries(paths)) {
      const page = await theatre.mobile(login)
      await poisonPage(page)
      let shown = 0
      for (const path of open) {
        await visit(page, path)
        if (await innocent(page, `${login} ${path}`)) shown++
      }
      expect(shown, login).toBeGreaterThan(1)
      await shot(page, `hostile-${login}-390`)
    }
    const resident = await theatre.device(phone)
    await poisonPage(resident)
    const { rows } = await api<{ rows: { code?: string; plate?: string }[] }>('desk', '/unit-plates?limit=1').catch(
      () => ({ rows: [] }),
    )
    const plate = rows[0]?.code ?? rows[0]?.plate ?? '1-1'
    await visit(resident, `/p/${plate}`)
    await innocent(resident, 'resident')
  }, 120_000)

  it('that were really written come back as they were, from a demand to its page, its list and its print (IN-18, IN-05)', async () => {
    const desk = await theatre.console('desk')
    const [sample] = (
      await api<{ rows: { mechanismId: string; placeId: string; category: string }[] }>('desk', '/demands?limit=1')
    ).rows
    const { mechanismId, placeId, category } = sample as { mechanismId: string; placeId: string; category: string }
    for (const [i, payload] of payloads.slice(0, 6).entries()) {
      const title = `${payload}恶意${i}`.slice(0, 40)
      const { id } = await sent<{ id: string }>(desk, '/demands', {
        mechanismId,
        placeId,
        category,
        title,
        words: payload,
      })
      await visit(desk, `/console/demands/${id}`)
      await desk.getByText(title, { exact: false }).first().waitFor()
      await innocent(desk, payload)
    }
    await visit(desk, '/console/demands?search=恶意')
    await innocent(desk, 'the board')
    await desk.emulateMedia({ media: 'print' })
    await innocent(desk, 'the print')
    expect(told).toEqual([])
  })
})
