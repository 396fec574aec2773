// PDF as LibreOffice prints the very .docx; a process of its own with a folder of its own, killed when it takes too long.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fail } from '../contract.ts'

const run = promisify(execFile)
const places = ['/usr/bin/soffice', '/usr/local/bin/soffice', '/opt/libreoffice/program/soffice']

/** Fonts that officials' machines have and servers often lack, and what stands in for them in a PDF made here. */
const FONTS = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
${[
  ['仿宋_GB2312', 'FangSong', '仿宋', 'Noto Serif CJK SC'],
  ['楷体_GB2312', 'KaiTi', '楷体', 'Noto Serif CJK SC'],
  ['方正小标宋简体', 'SimSun', '宋体', 'Noto Serif CJK SC'],
  ['黑体', 'SimHei', 'Noto Sans CJK SC'],
  ['宋体', 'SimSun', 'Noto Serif CJK SC'],
]
  .map(
    ([family, ...others]) =>
      `<alias binding="same"><family>${family}</family><prefer>${others.map((o) => `<family>${o}</family>`).join('')}</prefer></alias>`,
  )
  .join('\n')}
</fontconfig>`

const TIMEOUT_MS = 60_000

/** @throws report.no-office where LibreOffice is not installed */
export async function pdfOf(docx: Buffer): Promise<Buffer> {
  const office = places.find((p) => existsSync(p))
  if (!office) throw fail('no-office')
  const folder = await mkdtemp(join(tmpdir(), 'jishi-pdf-'))
  try {
    await writeFile(join(folder, 'review.docx'), docx)
    await writeFile(join(folder, 'fonts.conf'), FONTS)
    const profile = `-env:UserInstallation=file://${folder}/profile`
    const args = ['--headless', profile, '--convert-to', 'pdf', '--outdir', folder, join(folder, 'review.docx')]
    const env = { PATH: '/usr/bin:/bin', HOME: folder, LANG: 'C.UTF-8', FONTCONFIG_FILE: join(folder, 'fonts.conf') }
    await run(office, args, { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', env })
    return await readFile(join(folder, 'review.pdf'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
