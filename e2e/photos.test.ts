// Photos of a demand: chosen with the words on a resident's phone, seen by his community, taken back; what was kept can be shown.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { remarks } from '../test/jpegs.ts'
import { api, axe, phone, shot, Theatre } from './stage.ts'

let theatre: Theatre
let resident: Page
let secretary: Page
let plate: string
beforeAll(async () => {
  theatre = await Theatre.open()
  const { rows } = await api<{ rows: { path: string }[] }>('secretary', '/units?kind=estate&limit=1')
  plate = `1-${Number.parseInt(rows[0]?.path.split('.').at(-2) as string, 36).toString(36)}`
  resident = await theatre.device(phone)
  secretary = await theatre.console('secretary')
})
afterAll(async () => {
  await theatre.close()
  expect(theatre.troubles).toEqual([])
})

/** A picture as a browser draws it. */
const drawn = async (page: Page, type: 'image/png' | 'image/jpeg', colour = '#8a5a2b') => {
  const url = await page.evaluate(
    ([kind, fill]) => {
      const canvas = document.createElement('canvas')
      ;[canvas.width, canvas.height] = [2400, 1800]
      const brush = canvas.getContext('2d') as CanvasRenderingContext2D
      brush.fillStyle = fill
      brush.fillRect(0, 0, 2400, 1800)
      brush.fillStyle = '#fff'
      brush.fillRect(300, 300, 900, 600)
      return canvas.toDataURL(kind)
    },
    [type, colour] as const,
  )
  return Buffer.from(url.split(',')[1] as string, 'base64')
}

const picture = async (page: Page, name: string, colour?: string) => ({
  name: `${name}.png`,
  mimeType: 'image/png',
  buffer: await drawn(page, 'image/png', colour),
})

const region = (page: Page) => page.getByRole('region', { name: '照片' })
/** How wide every picture of the region came out. */
const widths = (page: Page) =>
  region(page)
    .locator('li img')
    .evaluateAll((all) => all.map((i) => (i as HTMLImageElement).naturalWidth))

const words = `楼道墙皮脱落 ${Date.now()}`
let code: string
let id: string

describe('photos of a demand', () => {
  it('are chosen with the words, sent when there is a demand, shown under its code and taken back', async () => {
    await resident.goto(`/p/${plate}`)
    await resident.getByLabel('您要说的事').fill(words)
    const files = [
      await picture(resident, 'a'),
      await picture(resident, 'b', '#345'),
      await picture(resident, 'c', '#563'),
    ]
    await resident.getByLabel(/^添加照片/).setInputFiles([...files, files[0] as (typeof files)[0]])
    await resident.getByText('最多 3 张，多选的没有加上。').waitFor()
    expect(await resident.getByLabel(/^添加照片/).count()).toBe(0)
    await resident.getByRole('button', { name: '不要这张' }).last().click()
    await resident.getByRole('group', { name: /^照片/ }).scrollIntoViewIfNeeded()
    await shot(resident, 'photos-raise-390')
    await axe(resident, 'photos in the form')
    await resident.getByRole('checkbox', { name: '我已阅读并同意' }).check()
    await resident.getByRole('button', { name: '提交诉求' }).click()
    await resident.waitForURL(/\/f\/1-/)
    code = decodeURIComponent(resident.url().split('/f/')[1] as string)
    await region(resident).getByRole('img').nth(1).waitFor()
    await region(resident).scrollIntoViewIfNeeded()
    await expect.poll(() => widths(resident)).toEqual([1600, 1600])
    await shot(resident, 'photos-follow-390')
    await axe(resident, 'photos under the code')
    await region(resident).getByRole('button', { name: '删除' }).last().click()
    await expect.poll(() => widths(resident)).toEqual([1600])
    const { rows } = await api<{ rows: { id: string }[] }>('secretary', '/demands?sort=-opened&limit=1')
    id = rows[0]?.id as string
  })

  it('are seen and added by the secretary, at the desk and on foot', async () => {
    await secretary.goto(`/console/demands/${id}`)
    await secretary.getByText(words).first().waitFor()
    const pictures = secretary.locator('.picture img')
    await expect.poll(() => pictures.count()).toBe(1)
    await secretary.getByLabel('选择照片').setInputFiles(await picture(secretary, 'd', '#257'))
    await expect.poll(() => pictures.count()).toBe(2)
    await secretary.getByRole('button', { name: /^放大第 2 张/ }).click()
    await secretary
      .getByRole('dialog')
      .getByRole('img', { name: /^第 2 张/ })
      .waitFor()
    await secretary
      .getByRole('dialog')
      .getByRole('button', { name: /关闭|Close/ })
      .click()
    await secretary.getByRole('dialog').waitFor({ state: 'hidden' })
    await shot(secretary, 'photos-demand-1440')
    await axe(secretary, 'photos at the desk')
    await secretary
      .getByLabel('选择照片')
      .setInputFiles({ name: 'x.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('GIF89a') })
    await secretary.getByText('这不是可以显示的 JPEG 照片').waitFor()
    await secretary.getByRole('button', { name: '知道了' }).click()
    const foot = await theatre.mobile('secretary')
    await foot.goto(`/m/todo/${id}`)
    await region(foot).getByRole('img').nth(1).waitFor()
    await region(foot).scrollIntoViewIfNeeded()
    await foot.getByLabel(/^添加照片/).setInputFiles(await picture(foot, 'e'))
    await expect.poll(() => widths(foot)).toEqual([1600, 1600, 1600])
    await shot(foot, 'photos-foot-390')
    await axe(foot, 'photos on foot')
  })

  it('as another program sends them lose their remarks and nothing of the picture (FI-05)', async () => {
    const plain = await drawn(resident, 'image/jpeg')
    const told = Buffer.concat([plain.subarray(0, 2), ...remarks, plain.subarray(2)])
    await secretary.getByRole('button', { name: '删除' }).first().click()
    await secretary.getByRole('dialog').getByRole('button', { name: '删除' }).click()
    await expect
      .poll(async () => (await api<{ photos: unknown[] }>('secretary', `/demands/${id}`)).photos.length)
      .toBe(2)
    const kept = await resident.evaluate(
      async ([at, text]) => {
        const body = new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], { type: 'image/jpeg' })
        const pixels = async (blob: Blob) => {
          const map = await createImageBitmap(blob)
          const canvas = document.createElement('canvas')
          ;[canvas.width, canvas.height] = [map.width, map.height]
          const brush = canvas.getContext('2d') as CanvasRenderingContext2D
          brush.drawImage(map, 0, 0)
          return brush.getImageData(0, 0, map.width, map.height).data
        }
        const { id: photo } = await (await fetch(at, { method: 'POST', body })).json()
        const file = await (await fetch(`${at}/${photo}`)).blob()
        const [before, after] = await Promise.all([pixels(body), pixels(file)])
        return {
          same: before.length === after.length && before.every((value, i) => value === after[i]),
          told: (await file.text()).includes('GPS'),
        }
      },
      [`/api/raised-demands/${code}/photos`, told.toString('base64')] as const,
    )
    expect(kept).toEqual({ same: true, told: false })
  })
})
