// A draft written elsewhere is dropped into the console: each number is marked, explained and opened down to its records.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Document, Packer, Paragraph } from 'docx'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, axe, phone, shot, Theatre } from './stage.ts'

interface Figures {
  figures: { measure: { id: string }; value: number }[]
}

let theatre: Theatre
let desk: Page
let tasks: number
let draft: string
beforeAll(async () => {
  theatre = await Theatre.open()
  desk = await theatre.console('desk')
  const { figures } = await api<Figures>('desk', '/figures?measures=tasks.published')
  tasks = figures[0]?.value ?? 0
  draft = [
    '党建引领聚合力 服务群众暖人心',
    '',
    '一年来，青石区坚持以党建引领基层治理，严格落实“三会一课”制度，推动资源下沉。',
    `今年以来，依托“365·有服务”发布任务${tasks}条，${tasks + 1}人认领接单；收集并解决群众诉求${tasks + 7}件，发布任务${tasks}余条。`,
    '全区街道均已建立综合服务中心，开展植树活动12场次，种植苗木3200株。',
    '（2026年11月供稿）',
  ].join('\n')
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

describe('a draft somebody else wrote', () => {
  it('is pasted, and every number in it is marked with what the records say', async () => {
    await desk.goto('/console/drafts')
    await desk.getByLabel('或把文字粘贴在这里').fill(draft)
    await shot(desk, 'draft-pasted-1440')
    await desk.getByRole('button', { name: '核对', exact: true }).click()
    await desk.getByRole('button', { name: `${tasks}，相符` }).waitFor()
    await desk.getByRole('button', { name: `${tasks}，不符` }).waitFor()
    await shot(desk, 'draft-checked-1440')
    await axe(desk, 'a checked draft')
    const counted = await desk.getByRole('listitem').filter({ hasText: '对不上' }).count()
    expect(counted).toBe(0)
  })

  it('a number opens its drawer, down to the records', async () => {
    await desk.getByRole('button', { name: `${tasks}，相符` }).click()
    const drawer = desk.getByRole('dialog')
    await drawer.getByText('期内发布的任务').first().waitFor()
    await drawer.getByText(`共 ${tasks.toLocaleString('zh-CN')} 条记录`).waitFor()
    await shot(desk, 'draft-number-1440')
    await desk
      .getByRole('button', { name: '关闭' })
      .or(drawer.getByRole('button', { name: 'Close' }))
      .first()
      .click()
    await drawer.waitFor({ state: 'detached' })
  })

  it('is narrowed to what cannot be printed, and says what was passed over', async () => {
    await desk.getByText(/^不符 \d/).click()
    await desk.getByText('与记录不符，不能付印').waitFor()
    await desk.getByRole('button', { name: /处不是统计数$/ }).click()
    await desk.getByRole('listitem').filter({ hasText: '三会一课' }).filter({ hasText: '名称中的数' }).waitFor()
    await shot(desk, 'draft-contradicted-1440')
  })

  it('comes as a Word file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jishi-draft-'))
    const path = join(folder, '综述.docx')
    const paragraphs = draft.split('\n').map((line) => new Paragraph(line))
    writeFileSync(path, await Packer.toBuffer(new Document({ sections: [{ children: paragraphs }] })))
    await desk.getByRole('button', { name: '换一份文稿' }).click()
    await desk.getByLabel('文稿文件').setInputFiles(path)
    await desk.getByRole('button', { name: `${tasks}，相符` }).waitFor()
  })

  it('is dropped onto the page', async () => {
    await desk.getByRole('button', { name: '换一份文稿' }).click()
    const held = await desk.evaluateHandle((text) => {
      const data = new DataTransfer()
      data.items.add(new File([text], '综述.txt', { type: 'text/plain' }))
      return data
    }, draft)
    await desk.getByText('或把 .docx、.txt、.md 文件拖到这里').dispatchEvent('drop', { dataTransfer: held })
    await desk.getByRole('button', { name: `${tasks}，相符` }).waitFor()
  })

  it('is refused with a reason when it is an old Word file', async () => {
    await desk.getByRole('button', { name: '换一份文稿' }).click()
    await desk.getByLabel('文稿文件').setInputFiles({
      name: '旧稿.doc',
      mimeType: 'application/msword',
      buffer: Buffer.from('x'),
    })
    await desk.getByText('请在文字软件中另存为 .docx 后再选').waitFor()
  })

  it('is readable on a narrow screen', async () => {
    await desk.setViewportSize(phone)
    await desk.getByLabel('或把文字粘贴在这里').fill(draft)
    await desk.getByRole('button', { name: '核对', exact: true }).click()
    await desk.getByRole('button', { name: `${tasks}，相符` }).waitFor()
    await shot(desk, 'draft-checked-390')
    // the frame around is made for a desk; the page itself has to fit
    const widest = await desk.evaluate(() =>
      Math.max(...[...document.querySelectorAll('.split, .split *')].map((e) => e.getBoundingClientRect().right)),
    )
    expect(widest).toBeLessThanOrEqual(phone.width)
  })
})
