// What the phone itself remembers. A phone that refuses storage (private mode, full) still works, it only forgets.

const PREFIX = 'jishi.'

export function readLocal<T>(name: string): T | null {
  try {
    const text = localStorage.getItem(PREFIX + name)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

/** False when the phone did not keep it. */
export function writeLocal(name: string, value: unknown): boolean {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

export function dropLocal(name: string) {
  try {
    localStorage.removeItem(PREFIX + name)
  } catch {
    // Nothing was kept, so nothing has to go.
  }
}

/** Names of everything kept here, without the prefix: shown and deleted on the About page. */
export function localNames(): string[] {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length))
  } catch {
    return []
  }
}

/** Tells when another tab of this phone changed what is kept under `name`. */
export function onLocal(name: string, heard: () => void): () => void {
  const listener = (event: StorageEvent) => {
    if (event.key === PREFIX + name || event.key === null) heard()
  }
  window.addEventListener('storage', listener)
  return () => window.removeEventListener('storage', listener)
}
