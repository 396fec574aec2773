// Text of a .docx from outside, read in a process of its own (C-9); layout, macros and what is embedded are passed over.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCapped } from '../capped.ts'
import { fail as core, type Problem, problems } from '../errors.ts'
import type { PackageLimits } from '../xlsx/shapes.ts'

const texts = {
  'not-a-document': { status: 422, text: '这不是 Word 文档（.docx），请用 WPS 或 Word 另存为 .docx 后再上传。' },
  'old-format': { status: 422, text: '文件是旧版 .doc 或加了密码，请去掉密码并另存为 .docx 后再上传。' },
  locked: { status: 422, text: '文件加了密码，请去掉密码后再上传。' },
  bomb: { status: 422, text: '文件展开后过大，已拒绝。请删去图片，只留文字，另存后再上传。' },
  'too-large': { status: 422, text: '文档文字过多，最多 {limit} 个字，请分成几份。' },
  damaged: { status: 422, text: '文件已损坏，无法读取，请重新保存后再上传。' },
  timeout: { status: 422, text: '读取文件超过一分钟，已停止。请减少内容后再上传。' },
} as const
const fail = problems('document', texts)

/** What a route that takes a .docx may answer. */
export const documentFailures = Object.keys(texts).map((code) => `document.${code}`)

const MB = 1024 * 1024
export const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
export const DOCX_BYTES = 20 * MB

const limits: PackageLimits = {
  characters: 200_000,
  part: 80 * MB,
  // pictures are never kept: small ones are hashed, large ones not even unpacked
  unpacked: 400 * MB,
  ratio: 100,
  entries: 3000,
  memory: 250 * MB,
  passOver: true,
}

export interface Link {
  target: string
  text: string
}

export interface DocumentText {
  /** One line a paragraph. */
  text: string
  /** The same with 〓 where a link stands. */
  own: string
  /** headers, footers, footnotes and endnotes, each paragraph once */
  beside: string
  links: Link[]
  /** SHA-256 of the pictures inside, with their kind: `svg`, `png` … */
  pictures: ReadonlyMap<string, string>
}

type Line =
  | { paragraph: string; own: string }
  | { link: Link }
  | { beside: string }
  | { picture: string; kind: string }
  | { refused: string; params: Record<string, string | number> }

const CODES: Record<string, Parameters<typeof fail>[0]> = {
  'not-a-workbook': 'not-a-document',
  'old-format': 'old-format',
  locked: 'locked',
  bomb: 'bomb',
  'too-large': 'too-large',
}

/** The text of a .docx, one line a paragraph, then what its headers, footers and notes say. @throws as readLinked */
export async function readDocument(file: Buffer): Promise<string> {
  const { text, beside } = await readLinked(file)
  return beside === '' ? text : `${text}\n\n${beside}`
}

/**
 * The text of a .docx with its links.
 * @throws document.* (422) saying what is wrong; core.busy when too many files are being read
 */
export async function readLinked(file: Buffer): Promise<DocumentText> {
  if (file.length > DOCX_BYTES) throw core('too-large', { limit: '20 MB' })
  const paragraphs: string[] = []
  const own: string[] = []
  const links: Link[] = []
  const beside = new Set<string>()
  const pictures = new Map<string, string>()
  await readCapped(file, {
    script: fileURLToPath(new URL('child.ts', import.meta.url)),
    folders: [resolve(import.meta.dirname, '../xlsx')],
    limits,
    timeout: () => fail('timeout'),
    bomb: () => fail('bomb'),
    line: (said): Problem | undefined => {
      const line = said as Line
      if ('refused' in line) return fail(CODES[line.refused] ?? 'damaged', { limit: limits.characters })
      if ('link' in line) links.push(line.link)
      else if ('beside' in line) beside.add(line.beside.trim())
      else if ('picture' in line) pictures.set(line.picture, line.kind)
      else {
        paragraphs.push(line.paragraph)
        own.push(line.own)
      }
      return undefined
    },
  })
  return {
    text: paragraphs.join('\n'),
    own: own.join('\n'),
    beside: [...beside].filter(Boolean).join('\n'),
    links,
    pictures,
  }
}
