import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'

let base: Base
let world: World
let desk: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base)
  desk = await world.someone('district-desk', 'O')
  const secretary = await world.someone('community-secretary', 'OC11')
  const members = await Promise.all([1, 2].map(() => world.someone('member', 'C11', { register: 'C11' })))
  for (const title of ['清扫', '探访']) {
    const task = await secretary.post('/tasks', {
      mechanismId: '365-service',
      placeId: world.unit['C11'],
      category: 'care',
      title,
      startsAt: '2020-01-01T00:00:00Z',
      endsAt: '2090-01-01T00:00:00Z',
      capacity: 5,
    })
    for (const m of members.slice(0, title === '清扫' ? 2 : 1)) await m.post(`/tasks/${task.body['id']}/claims`)
  }
})
afterAll(() => base.close())

const template = (paragraph: string) => ({
  template: { id: 'try', title: '试写', sections: [{ paragraphs: [paragraph] }] },
})
const faults = async (paragraph: string) =>
  (await desk.post('/reports/preview', template(paragraph))).body['faults'] as { code: string; instead: string[] }[]

describe('a review', () => {
  it('prints what is true: tasks, claims as 人次 and claimants as 人 are different numbers', async () => {
    const { body } = await desk.post(
      '/reports/preview',
      template(
        '发布任务{{发布|tasks.published|整数|条}}，认领{{认领|tasks.claims|整数|人次}}，认领的有{{认领|tasks.claimants|整数|人}}。',
      ),
    )
    expect(body['faults']).toEqual([])
    expect(body['sections'][0].paragraphs[0].map((r: { text: string }) => r.text).join('')).toBe(
      '发布任务2条，认领3人次，认领的有2人。',
    )
  })

  it('refuses 人 where only 人次 is true, and says what would be', async () => {
    expect(await faults('认领{{认领|tasks.claims|整数|人}}。')).toMatchObject([
      { code: 'classifier', instead: ['3人次'] },
    ])
  })

  it('refuses a verb that claims another state, and a token whose verb the sentence does not say (verbs.md)', async () => {
    expect(await faults('解决{{解决|tasks.claims|整数|人次}}。')).toMatchObject([{ code: 'verb' }])
    expect(await faults('共有{{认领|tasks.claims|整数|人次}}。')).toMatchObject([{ code: 'verb-missing' }])
  })

  it('refuses a form that is not true: 3 is not 3余', async () => {
    expect(await faults('认领{{认领|tasks.claims|十余|人次}}。')).toMatchObject([{ code: 'untrue' }])
  })

  it('is refused as a document while one number is untrue', async () => {
    const refused = await desk.post('/reports', template('认领{{认领|tasks.claims|整数|人}}。'))
    expect(refused).toMatchObject({ status: 422, body: { code: 'report.untrue' } })
  })

  it('becomes a .docx whose every number is a link to its figure, and LibreOffice opens it', async () => {
    const made = await desk.post('/reports', template('发布任务{{发布|tasks.published|整数|条}}。'))
    expect(made.status).toBe(200)
    const parts = unzipSync(made.raw)
    const xml = strFromU8(parts['word/document.xml'] as Uint8Array)
    expect(xml).toContain('2条')
    expect(strFromU8(parts['word/_rels/document.xml.rels'] as Uint8Array)).toContain(
      '/console/figures/tasks.published?unit=',
    )
    if (!existsSync('/usr/bin/soffice')) return
    const folder = mkdtempSync(join(tmpdir(), 'jishi-docx-'))
    writeFileSync(join(folder, 'a.docx'), made.raw)
    execFileSync(
      'soffice',
      [
        '--headless',
        `-env:UserInstallation=file://${folder}/profile`,
        '--convert-to',
        'txt:Text (encoded):UTF8',
        '--outdir',
        folder,
        join(folder, 'a.docx'),
      ],
      { stdio: 'ignore', timeout: 60_000 },
    )
    expect(execFileSync('cat', [join(folder, 'a.txt')], { encoding: 'utf8' })).toContain('发布任务2条')
  }, 90_000)
})
