import { mkdtempSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Document,
  Footer,
  FootnoteReferenceRun,
  Header,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
} from 'docx'
import { describe, expect, it } from 'vitest'
import { readDocument } from './docx.ts'
import { forgeZip, type Part } from './xlsx/forge.ts'

const part = (name: string, text: string): Part => ({ name, bytes: Buffer.from(text) })
const RELATIONS = part(
  '_rels/.rels',
  '<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>',
)
const forged = (body: string, more: Part[] = []) =>
  forgeZip([
    RELATIONS,
    part('word/document.xml', `<w:document xmlns:w="w" xmlns:mc="m"><w:body>${body}</w:body></w:document>`),
    ...more,
  ])
const refusal = (file: Buffer) =>
  readDocument(file).then(
    () => 'read',
    (e: { code: string }) => e.code,
  )

describe('a document from outside', () => {
  it('gives its paragraphs and cells as lines, runs joined, however a word was cut into runs', async () => {
    const cell = (text: string) => new TableCell({ children: [new Paragraph(text)] })
    const document = new Document({
      sections: [
        {
          children: [
            new Paragraph({
              children: [new TextRun('培训干部5'), new TextRun({ text: '413', bold: true }), new TextRun('人次')],
            }),
            new Paragraph(''),
            new Table({ rows: [new TableRow({ children: [cell('走访'), cell('35户')] })] }),
          ],
        },
      ],
    })
    const text = await readDocument(await Packer.toBuffer(document))
    expect(text.split('\n').filter(Boolean)).toEqual(['培训干部5413人次', '走访', '35户'])
  })

  it('leaves out what was deleted, field codes and the second copy of a text box', async () => {
    const file = forged(
      '<w:p><w:r><w:t>现有</w:t></w:r><w:del><w:r><w:delText>40</w:delText><w:t>41</w:t></w:r></w:del><w:ins><w:r><w:t>42个</w:t></w:r></w:ins><w:r><w:instrText>PAGE 9</w:instrText></w:r></w:p>' +
        '<w:p><w:r><mc:AlternateContent><mc:Choice><w:p><w:r><w:t>框内7项</w:t></w:r></w:p></mc:Choice><mc:Fallback><w:p><w:r><w:t>框内7项</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>',
    )
    expect((await readDocument(file)).split('\n').filter(Boolean)).toEqual(['现有42个', '框内7项'])
  })

  it('gives what headers, footers and footnotes say after the text, a repeated header once', async () => {
    const says = (words: string) => [new Paragraph(words)]
    const document = new Document({
      footnotes: { 1: { children: says('不含代管的17户') } },
      sections: [1, 2].map(() => ({
        headers: { default: new Header({ children: says('全区党员8200名') }) },
        footers: { default: new Footer({ children: says('截至12月底') }) },
        children: [new Paragraph({ children: [new TextRun('走访35户'), new FootnoteReferenceRun(1)] })],
      })),
    })
    const text = await readDocument(await Packer.toBuffer(document))
    expect(text.split('\n').filter(Boolean)).toEqual([
      '走访35户',
      '走访35户',
      '不含代管的17户',
      '全区党员8200名',
      '截至12月底',
    ])
  })

  it('reads past macros and embedded files, which it never opens', async () => {
    const more = [part('word/vbaProject.bin', 'x'), part('word/embeddings/a.xlsx', 'y')]
    expect(await readDocument(forged('<w:p><w:r><w:t>好</w:t></w:r></w:p>', more))).toBe('好')
  })

  it('refuses what is no document, damaged, an entity trick, or unfolds without end', async () => {
    expect(await refusal(Buffer.from('not a zip, but long enough to be looked at'))).toBe('document.not-a-document')
    expect(await refusal(Buffer.from('d0cf11e0a1b11ae1'.padEnd(64, '0'), 'hex'))).toBe('document.old-format')
    expect(await refusal(forgeZip([RELATIONS]))).toBe('document.not-a-document')
    expect(await refusal(forged('<w:p><w:t>unclosed'))).toBe('document.damaged')
    const tricked = forgeZip([RELATIONS, part('word/document.xml', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')])
    expect(await refusal(tricked)).toBe('document.damaged')
    expect(await refusal(forged('<w:p/>', [{ name: 'word/media/a.png', bytes: Buffer.alloc(90 * 1024 * 1024) }]))).toBe(
      'document.bomb',
    )
    expect(await refusal(forged(`<w:p><w:r><w:t>${'字'.repeat(200_001)}</w:t></w:r></w:p>`))).toBe('document.too-large')
  })

  it('reads what LibreOffice writes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jishi-docx-'))
    writeFileSync(join(folder, 'a.txt'), '办班12期\n培训300人次\n')
    try {
      execFileSync(
        'soffice',
        [
          '--headless',
          `-env:UserInstallation=file://${folder}/p`,
          '--convert-to',
          'docx',
          '--infilter=Text (encoded):UTF8',
          '--outdir',
          folder,
          join(folder, 'a.txt'),
        ],
        { stdio: 'ignore', timeout: 60_000 },
      )
    } catch {
      console.log('no LibreOffice here: only documents of our own were read')
      return
    }
    const { readFileSync } = await import('node:fs')
    expect((await readDocument(readFileSync(join(folder, 'a.docx')))).trim()).toBe('办班12期\n培训300人次')
  }, 90_000)
})
