// Runs alone in a process that may read nothing but this code (C-9): a .docx in on stdin, its paragraphs out as lines of JSON.
import { Package } from '../xlsx/package.ts'
import { type Attributes, type Handlers, relationReader } from '../xlsx/parts.ts'
import { type PackageLimits, Refusal } from '../xlsx/shapes.ts'
import { say, tell } from '../xlsx/talk.ts'

interface Took {
  paragraph(words: string, own: string): void
  link(relation: string, words: string): void
}

/** Charts of ours are a hundredth of it; photographs are none of ours. */
const PICTURE = 2 * 1024 * 1024

/** Stands in a paragraph's own words for what a link says. */
const LINKED = '〓'

/** Parts whose words stand beside the text: what a header or a footnote says is said too. */
const BESIDE = new Set(['header', 'footer', 'footnotes', 'endnotes'])

const relationOf = (attributes: Attributes) =>
  Object.entries(attributes).find(([key]) => /^(?:.*:)?id$/.test(key))?.[1] ?? ''

/** Text of paragraphs in order; deleted words, field codes and the second copy of a text box are no text of the document. */
function paragraphReader(spend: (characters: number) => void, take: Took): Handlers {
  const open: { words: string[]; own: string[] }[] = []
  let link: { relation: string; words: string[] } | null = null
  let inText = false
  let aside = 0
  const add = (piece: string) => {
    if (aside > 0) return
    spend(piece.length)
    open.at(-1)?.words.push(piece)
    if (link) link.words.push(piece)
    else open.at(-1)?.own.push(piece)
  }
  const marks: Record<string, string> = { tab: '\t', br: '\n', cr: '\n', noBreakHyphen: '-' }
  return {
    open(name, attributes) {
      if (name === 'Fallback' || name === 'del' || name === 'moveFrom') aside++
      else if (name === 'p') open.push({ words: [], own: [] })
      else if (name === 'hyperlink') {
        link = { relation: relationOf(attributes), words: [] }
        open.at(-1)?.own.push(LINKED)
      } else if (name === 't') inText = true
      else if (marks[name]) add(marks[name])
    },
    text(piece) {
      if (inText) add(piece)
    },
    close(name) {
      if (name === 'Fallback' || name === 'del' || name === 'moveFrom') aside--
      else if (name === 't') inText = false
      else if (name === 'hyperlink' && link) {
        if (aside === 0) take.link(link.relation, link.words.join(''))
        link = null
      } else if (name === 'p') {
        const { words = [], own = [] } = open.pop() ?? {}
        if (aside === 0) take.paragraph(words.join(''), own.join(''))
      }
    },
  }
}

function read(file: Buffer, limits: PackageLimits) {
  const document = new Package(file, limits)
  const main = document.mainPart()
  if (!main.endsWith('.xml') || !main.startsWith('word/')) throw new Refusal('not-a-workbook')
  const targets = new Map<string, string>()
  const parts = relationReader('word/')
  document.parse(
    main.replace(/([^/]+)$/, '_rels/$1.rels'),
    {
      open: (name, a) => {
        parts.handlers.open(name, a)
        if (name === 'Relationship') targets.set(a['Id'] ?? '', a['Target'] ?? '')
      },
    },
    false,
  )
  document.parse(
    main,
    paragraphReader((n) => document.spend(n), {
      paragraph: (paragraph, own) => say({ paragraph, own }),
      link: (relation, words) => say({ link: { target: targets.get(relation) ?? '', text: words } }),
    }),
  )
  const beside = [...parts.targets.values()].filter(({ type }) => BESIDE.has(type)).map(({ target }) => target)
  for (const part of new Set(beside))
    document.parse(
      part,
      paragraphReader((n) => document.spend(n), {
        paragraph: (words) => say({ beside: words }),
        link: () => undefined,
      }),
      false,
    )
  document.pictures(PICTURE, (picture, kind) => say({ picture, kind }))
}

await tell(read)
