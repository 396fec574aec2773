// Runs alone in a process that may read nothing but this code (C-9): a .docx in on stdin, its paragraphs out as lines of JSON.
import { Package } from '../xlsx/package.ts'
import type { Handlers } from '../xlsx/parts.ts'
import { type PackageLimits, Refusal } from '../xlsx/shapes.ts'
import { say, tell } from '../xlsx/talk.ts'

/** Text of paragraphs in order; deleted words, field codes and the second copy of a text box are no text of the document. */
function paragraphReader(spend: (characters: number) => void, take: (paragraph: string) => void): Handlers {
  const open: string[][] = []
  let inText = false
  let aside = 0
  const add = (piece: string) => {
    if (aside > 0) return
    spend(piece.length)
    open.at(-1)?.push(piece)
  }
  const marks: Record<string, string> = { tab: '\t', br: '\n', cr: '\n', noBreakHyphen: '-' }
  return {
    open(name) {
      if (name === 'Fallback' || name === 'del' || name === 'moveFrom') aside++
      else if (name === 'p') open.push([])
      else if (name === 't') inText = true
      else if (marks[name]) add(marks[name])
    },
    text(piece) {
      if (inText) add(piece)
    },
    close(name) {
      if (name === 'Fallback' || name === 'del' || name === 'moveFrom') aside--
      else if (name === 't') inText = false
      else if (name === 'p') {
        const words = open.pop()?.join('') ?? ''
        if (aside === 0) take(words)
      }
    },
  }
}

function read(file: Buffer, limits: PackageLimits) {
  const document = new Package(file, limits)
  const main = document.mainPart()
  if (!main.endsWith('.xml') || !main.startsWith('word/')) throw new Refusal('not-a-workbook')
  document.parse(
    main,
    paragraphReader(
      (n) => document.spend(n),
      (paragraph) => say({ paragraph }),
    ),
  )
}

await tell(read)
