// The service worker keeps the phone's shell, so that the page opens without signal. It never touches /api: what the server says about
// people is not stored on the phone by us.
interface Extendable extends Event {
  waitUntil(done: Promise<unknown>): void
}
interface Fetching extends Extendable {
  request: Request
  respondWith(reply: Promise<Response>): void
}
interface Scope {
  addEventListener(name: 'install' | 'activate', heard: (event: Extendable) => void): void
  addEventListener(name: 'fetch', heard: (event: Fetching) => void): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
}

const scope = self as unknown as Scope

/** Files of the phone entry; the build writes them in. */
const files = '__SHELL__' as unknown as string[]
const PAGE = '/m'
/** A new shell, a new cache: a checksum of the hashed names. */
const sum = (text: string) => Array.from(text).reduce((n, c) => (n * 31 + c.charCodeAt(0)) % 4294967291, 7)
const name = `jishi-phone-${sum(files.join('|'))}`

const isPhonePage = (url: URL) => /^\/(m|p|f)(\/|$)/.test(url.pathname)

scope.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(name)
      .then((shell) => shell.addAll([PAGE, ...files]))
      .then(() => scope.skipWaiting()),
  )
})

scope.addEventListener('activate', (event) => {
  const outdated = (key: string) => key.startsWith('jishi-phone-') && key !== name
  event.waitUntil(
    caches
      .keys()
      .then((keys) => Promise.all(keys.filter(outdated).map((key) => caches.delete(key))))
      .then(() => scope.clients.claim()),
  )
})

const kept = async (request: Request | string) => (await caches.open(name)).match(request)

/** The page from the network while there is one; the kept shell when there is none. */
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    const shell = await kept(PAGE)
    if (shell) return shell
    throw error
  }
}

scope.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate' && isPhonePage(url)) event.respondWith(page(request))
  else if (files.includes(url.pathname)) event.respondWith(kept(url.pathname).then((found) => found ?? fetch(request)))
})
