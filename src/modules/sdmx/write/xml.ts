// XML as text: an element is its name, its attributes and what is in it.
const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** What XML cannot hold is left out. */
const escape = (text: string) =>
  text
    .toWellFormed()
    // biome-ignore lint: control characters are what we look for
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (c) => escapes[c] as string)

export type Attributes = Record<string, string | number | boolean | undefined>

export const el = (name: string, attributes: Attributes = {}, ...inside: string[]): string => {
  const said = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escape(String(value))}"`)
    .join('')
  return inside.length === 0 ? `<${name}${said}/>` : `<${name}${said}>${inside.join('')}</${name}>`
}

export const text = escape

const SCHEMAS = 'http://www.sdmx.org/resources/sdmxml/schemas/v2_1'
export const spaces = {
  'xmlns:mes': `${SCHEMAS}/message`,
  'xmlns:com': `${SCHEMAS}/common`,
  'xmlns:str': `${SCHEMAS}/structure`,
  'xmlns:gen': `${SCHEMAS}/data/generic`,
}

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

export const named = (name: string, description?: string) => [
  el('com:Name', { 'xml:lang': 'zh' }, text(name)),
  ...(description ? [el('com:Description', { 'xml:lang': 'zh' }, text(description))] : []),
]

export const header = (
  { id, prepared, sender }: { id: string; prepared: string; sender: { id: string; name: string } },
  ...more: string[]
) =>
  el(
    'mes:Header',
    {},
    el('mes:ID', {}, id),
    el('mes:Test', {}, 'false'),
    el('mes:Prepared', {}, prepared),
    el('mes:Sender', { id: sender.id }, el('com:Name', { 'xml:lang': 'zh' }, text(sender.name))),
    ...more,
  )
