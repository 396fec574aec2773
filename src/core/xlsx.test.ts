import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { bookParts, forgeBook, forgeZip, type Part } from './xlsx/forge.ts'
import { dayOfSerial } from './xlsx/sheet.ts'
import { csvText } from './csv.ts'
import { cellAddress, readWorkbook, writeWorkbook } from './xlsx.ts'

const rows = (xml: string) => `<sheetData>${xml}</sheetData>`
const refusal = (file: Buffer, limits = {}) =>
  readWorkbook(file, limits).then(
    () => 'read',
    (e: { code: string }) => e.code,
  )
const sheetPart = (parts: Part[]) => parts.at(-1) as Part

describe('a workbook from outside', () => {
  it('gives texts, numbers, dates and errors as they are, at their place (IM-07, IM-08)', async () => {
    const styles =
      '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="165" formatCode="[Red]0.00&quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'
    const shared =
      '<sst><si><t>姓名</t></si><si><r><t>林</t></r><r><t>小满_x000D_</t></r><rPh><t>リン</t></rPh></si></sst>'
    const book = await readWorkbook(
      forgeBook(
        `<cols><col min="3" max="4" hidden="1"/></cols>${rows('<row r="2"><c r="B2" t="s"><v>0</v></c><c r="D2" t="s"><v>1</v></c></row><row r="4"><c r="A4"><v>4.2030419900101123E17</v></c><c r="B4" s="1"><v>60</v></c><c r="C4" s="2"><v>43831.5</v></c><c r="D4" s="3"><v>1.5</v></c><c r="E4" t="e"><v>#N/A</v></c><c r="F4" t="b"><v>1</v></c><c r="G4" t="inlineStr"><is><t>__proto__</t></is></c></row>')}<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>`,
        { styles, shared },
      ),
    )
    expect(book.sheets).toEqual([
      {
        name: '表',
        hidden: false,
        hiddenColumns: [2, 3],
        merges: 1,
        rows: [
          [],
          [null, '姓名', null, '林小满\r'],
          [],
          [
            420304199001011230,
            { day: null, serial: 60 },
            { day: '2020-01-01', serial: 43831.5, time: '12:00' },
            1.5,
            { error: '#N/A' },
            true,
            '__proto__',
          ],
        ],
      },
    ])
  })

  it('knows both date systems and the day that never was (IM-08)', () => {
    const days = [1, 59, 60, 61, 43831].map((n) => dayOfSerial(n, false).day)
    expect(days).toEqual(['1900-01-01', '1900-02-28', null, '1900-03-01', '2020-01-01'])
    expect([dayOfSerial(0, true).day, dayOfSerial(42369, true).day, dayOfSerial(-1, false).day]).toEqual([
      '1904-01-01',
      '2020-01-01',
      null,
    ])
  })

  it('is refused when it holds a formula, with the cell (IM-14)', async () => {
    const file = forgeBook(rows('<row r="3"><c r="C3"><f>1+1</f><v>2</v></c></row>'))
    await expect(readWorkbook(file)).rejects.toMatchObject({
      code: 'workbook.formula',
      params: { sheet: '表', cell: 'C3' },
    })
  })

  it('survives a merge over the whole sheet and a million styled empty cells (IM-02)', async () => {
    const merged = forgeBook(
      `${rows('<row r="1"><c r="A1"><v>1</v></c></row>')}<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>`,
    )
    expect((await readWorkbook(merged)).sheets[0]?.rows).toEqual([[1]])
    const empty = forgeBook(
      rows(Array.from({ length: 60_000 }, (_, i) => `<row r="${i + 1}"><c r="A${i + 1}" s="0"/></row>`).join('')),
    )
    expect((await readWorkbook(empty)).sheets[0]?.rows).toEqual([])
  })

  it('is refused by its directory before anything is unpacked when it would become 100 or 400 MB (IM-01)', async () => {
    for (const size of [100, 400]) {
      const file = forgeBook(Buffer.alloc(size * 1024 * 1024, ' '))
      const started = performance.now()
      expect(await refusal(file)).toBe('workbook.bomb')
      expect(performance.now() - started).toBeLessThan(5000)
    }
  }, 30_000)

  it('is refused when its sizes lie, either way (IM-04)', async () => {
    const parts = bookParts(Buffer.alloc(90 * 1024 * 1024, ' '))
    sheetPart(parts).claimedSize = 10_000
    expect(await refusal(forgeZip(parts))).toBe('workbook.bomb')
    const more = bookParts(rows(''))
    sheetPart(more).claimedSize = 900_000
    expect(await refusal(forgeZip(more))).toBe('workbook.damaged')
  })

  it('is refused when parts overlap, repeat, are locked, nested or too many (IM-04, FI-08)', async () => {
    const overlapping = bookParts(rows(''))
    sheetPart(overlapping).offset = 0
    expect(await refusal(forgeZip(overlapping))).toBe('workbook.damaged')
    const parts = bookParts(rows(''))
    expect(await refusal(forgeZip([...parts, sheetPart(parts)]))).toBe('workbook.damaged')
    expect(await refusal(forgeZip(parts.map((p) => ({ ...p, flags: 1 }))))).toBe('workbook.locked')
    for (const name of ['xl/embeddings/a.bin', 'inner.zip', 'xl/vbaProject.bin']) {
      expect(await refusal(forgeZip([...parts, { name, bytes: Buffer.from('x') }])), name).toBe(
        'workbook.active-content',
      )
    }
    const many = Array.from({ length: 5000 }, (_, i) => ({ name: `x${i}`, bytes: Buffer.alloc(0) }))
    expect(await refusal(forgeZip([...parts, ...many]))).toBe('workbook.bomb')
  })

  it('is refused with a DTD, broken XML, rows out of order, a cell in another row (IM-06)', async () => {
    const doctype = bookParts(rows(''))
    sheetPart(doctype).bytes = Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>')
    expect(await refusal(forgeZip(doctype))).toBe('workbook.damaged')
    for (const xml of [
      '<row r="2"/><row r="1"/>',
      '<row r="1"><c r="A2"><v>1</v></c></row>',
      '<row r="1"><c r="B1"/><c r="A1"/></row>',
      '<row',
      '<row r="1"><c r="A1"><v>abc</v></c></row>',
    ]) {
      expect(await refusal(forgeBook(rows(xml))), xml).toBe('workbook.damaged')
    }
  })

  it('is refused beyond 50,000 rows, 200 columns or too many cells, by its address', async () => {
    const far = (at: string, row: number) => forgeBook(rows(`<row r="${row}"><c r="${at}"><v>1</v></c></row>`))
    await expect(readWorkbook(far('A50001', 50_001))).rejects.toMatchObject({
      code: 'workbook.too-large',
      params: { what: '表 A50001' },
    })
    expect(await refusal(far('GS1', 1))).toBe('workbook.too-large')
    expect((await readWorkbook(far('GR1', 1))).sheets[0]?.rows[0]).toHaveLength(200)
    expect(await refusal(forgeBook(rows('<row><c><v>1</v></c><c><v>2</v></c></row>')), { cells: 1 })).toBe(
      'workbook.too-large',
    )
  })

  it('is refused when it is no workbook at all, or an old or locked one (FI-02)', async () => {
    expect(await refusal(Buffer.from('姓名,性别\n'))).toBe('workbook.not-a-workbook')
    expect(await refusal(Buffer.alloc(0))).toBe('workbook.not-a-workbook')
    expect(await refusal(forgeZip([{ name: 'a.txt', bytes: Buffer.from('a') }]))).toBe('workbook.not-a-workbook')
    expect(await refusal(Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]))).toBe(
      'workbook.old-format',
    )
  })

  it('never takes more than two readers at once; the rest wait, beyond that they hear 503 (IM-05)', async () => {
    const file = forgeBook(Buffer.alloc(70 * 1024 * 1024, 'ab'))
    const answers = await Promise.all(Array.from({ length: 12 }, () => refusal(file)))
    expect(answers.filter((a) => a === 'core.busy')).toHaveLength(2)
    expect(answers.filter((a) => a === 'workbook.bomb')).toHaveLength(10)
  })

  it('that is damaged anywhere is read or refused, never more (fuzz)', async () => {
    const good = await writeWorkbook([{ name: '表', columns: [{ header: '甲' }], rows: [['乙'], [3]] }])
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const bad = Buffer.from(good)
        bad[at] = (bad[at] as number) ^ by
        expect(await refusal(bad)).toMatch(/^(read|workbook\.)/)
      }),
      { numRuns: 12 },
    )
  }, 60_000)

  it('is opened by a process that may read no file of the machine (C-9)', () => {
    const child = new URL('./xlsx/child.ts', import.meta.url).pathname
    const probe = `import('node:fs').then(fs => { try { fs.readFileSync('/etc/passwd'); console.log('read') } catch (e) { console.log(e.code) } })`
    const folder = child.slice(0, child.lastIndexOf('/'))
    const { stdout } = spawnSync(process.execPath, ['--permission', `--allow-fs-read=${folder}`, '-e', probe], {
      encoding: 'utf8',
      env: {},
    })
    expect(stdout.trim()).toBe('ERR_ACCESS_DENIED')
  })
})

const names = [
  '林小满',
  '=HYPERLINK("http://x.invalid","点")',
  '+86',
  '-1',
  '@SUM(1)',
  "'quoted",
  '420304199001011230',
  '007',
  '𠮷田𡈽',
  ' 两边空格 ',
  '第一行\n第二行',
  '_x0041_',
  '<&>"',
  '1e5',
]

describe('a workbook of ours', () => {
  it('comes back exactly: long digits, leading zeros, rare characters, formula look-alikes (A-35)', async () => {
    const file = await writeWorkbook([
      {
        name: '名单',
        columns: [{ header: '姓名', required: true }, { header: '数' }],
        rows: names.map((n, i) => [n, i + 0.5]),
      },
    ])
    const back = await readWorkbook(file)
    expect(back.sheets[0]?.rows).toEqual([['姓名', '数'], ...names.map((n, i) => [n, i + 0.5])])
  })

  it('comes back exactly for any text XML can hold', async () => {
    const cell = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((s) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u.test(s))
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 200, maxLength: 300 }), async (texts) => {
        const back = await readWorkbook(
          await writeWorkbook([{ name: '表', columns: [{ header: '文' }], rows: texts.map((t) => [t]) }]),
        )
        expect(back.sheets[0]?.rows.slice(1).map((r) => r[0])).toEqual(texts)
      }),
      { numRuns: 5 },
    )
  })

  it('is the same bytes for the same content, with clean and different sheet names (EX-05, EX-12)', async () => {
    const sheets = ['a/b:[c]*?', 'a b  c', '=1+1', ''].map((name) => ({ name, columns: [{ header: '甲' }], rows: [] }))
    const [one, two] = [await writeWorkbook(sheets), await writeWorkbook(sheets)]
    expect(one.equals(two)).toBe(true)
    const back = (await readWorkbook(one)).sheets.map((s) => s.name)
    expect(new Set(back).size).toBe(4)
    expect(back.every((n) => /^[^\\/?*[\]:]{1,31}$/.test(n))).toBe(true)
  })

  it('as CSV keeps one field in one cell and disarms what begins like a formula (A-34, EX-03)', () => {
    expect(
      csvText([
        ['甲', '乙'],
        ['=1+1', 'a,"b"\r\nc'],
        ['-5', -5],
        [null, "'=x"],
        ["''", "it's"],
      ]),
    ).toBe("\uFEFF甲,乙\r\n'=1+1,\"a,\"\"b\"\"\r\nc\"\r\n'-5,-5\r\n,''=x\r\n''',it's\r\n")
  })

  it('lets no full-width sign, tab or line begin a formula, in CSV or in a workbook (EX-01, EX-02)', async () => {
    const texts = ['＝1+1', '＋1', '－1', '＠SUM(A1)', '\t=1', '\n=1', '=HYPERLINK("http://x")', '@A1']
    for (const text of texts) expect(csvText([[text]]).replace(/^\uFEFF"?/, '')[0], text).toBe("'")
    const book = await writeWorkbook([{ name: '表', columns: [{ header: '文' }], rows: texts.map((t) => [t]) }])
    const sheet = strFromU8(unzipSync(book)['xl/worksheets/sheet1.xml'] as Uint8Array)
    expect(sheet.match(/s="6" t="inlineStr"/g)).toHaveLength(texts.length)
    expect(sheet).not.toContain('<f>')
  })

  it('names cells as people do', () => {
    expect([cellAddress(0, 0), cellAddress(9, 25), cellAddress(0, 26), cellAddress(49_999, 199)]).toEqual([
      'A1',
      'Z10',
      'AA1',
      'GR50000',
    ])
  })
})

const office = ['soffice', 'libreoffice'].find((name) => spawnSync(name, ['--version']).status === 0)

describe.skipIf(!office)('with LibreOffice', () => {
  it('opens what we write, evaluates nothing, and what it saves is read back the same (A-34, A-35)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jishi-xlsx-'))
    const source = join(folder, 'in.xlsx')
    const sheet = {
      name: '名单',
      title: '花名册',
      columns: [
        { header: '姓名', required: true },
        { header: '性别', choices: ['男', '女'] },
      ],
      rows: names.map((n) => [n, { value: '女', bad: true, note: '请核对' }]),
    }
    writeFileSync(source, await writeWorkbook([sheet]))
    const convert = (to: string) =>
      execFileSync(
        office as string,
        [
          `-env:UserInstallation=file://${folder}/profile`,
          '--headless',
          '--convert-to',
          to,
          '--outdir',
          join(folder, 'out'),
          source,
        ],
        { stdio: 'ignore', timeout: 90_000 },
      )
    convert('xlsx')
    const back = await readWorkbook(readFileSync(join(folder, 'out', 'in.xlsx')))
    expect(back.sheets[0]?.rows.slice(2)).toEqual(names.map((n) => [n, '女']))
    convert('csv')
    expect(readFileSync(join(folder, 'out', 'in.csv'), 'utf8')).toContain('HYPERLINK')
    rmSync(folder, { recursive: true, force: true })
  }, 200_000)
})
