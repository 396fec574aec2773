import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DOCX } from '#core/docx.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'

let base: Base
let world: World
let desk: Asker
beforeAll(async () => {
  base = await openBase()
  world = await plantWorld(base, { smallGroup: 0 })
  desk = await world.someone('district-desk', 'O')
  await plantClaims(world)
})
afterAll(() => base.close())

/** Two tasks: one claimed by two members, one by the first of them. */
async function plantClaims(w: World) {
  const secretary = await w.someone('community-secretary', 'OC11')
  const members = await Promise.all([1, 2].map(() => w.someone('member', 'C11', { register: 'C11' })))
  for (const title of ['清扫', '探访']) {
    const task = await secretary.post('/tasks', {
      mechanismId: '365-service',
      placeId: w.unit['C11'],
      category: 'care',
      title,
      startsAt: '2020-01-01T00:00:00Z',
      endsAt: '2090-01-01T00:00:00Z',
      capacity: 5,
    })
    for (const m of members.slice(0, title === '清扫' ? 2 : 1)) await m.post(`/tasks/${task.body['id']}/claims`)
  }
}

const template = (paragraph: string) => ({
  template: { id: 'try', title: '试写', sections: [{ blocks: [{ kind: 'paragraph', text: paragraph }] }] },
})
const withBlock = (block: object) => ({ template: { id: 'try', title: '试写', sections: [{ blocks: [block] }] } })
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
    expect(body['sections'][0].blocks[0].runs.map((r: { text: string }) => r.text).join('')).toBe(
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

  it('refuses one number for two states unless both counts are equal (verbs.md)', async () => {
    const published = { measure: 'tasks.published', classifier: '条' }
    const again = { kind: 'counted', name: '已发布任务', definition: '同上。', verbs: ['上线'], classifier: '条' }
    const stated = { ...again, fact: 'demands.tasks', filters: [], aggregate: 'count' }
    const made = await desk.post('/measures', { stated, reason: '试写', id: 'own.online' })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    expect(await faults('发布并上线任务{{发布并上线|tasks.published+own.online|整数|条}}。')).toEqual([])
    expect(await faults('发布、认领任务{{发布、认领|tasks.published+tasks.claims|整数|条}}。')).toMatchObject([
      { code: 'classifier' },
    ])
    const none = {
      ...stated,
      name: '已取消任务',
      filters: [{ dimension: 'state', in: ['cancelled'] }],
      verbs: ['取消'],
    }
    await desk.post('/measures', { stated: none, reason: '试写', id: 'own.cancelled' })
    expect(await faults('发布并取消任务{{发布并取消|tasks.published+own.cancelled|整数|条}}。')).toMatchObject([
      { code: 'compound', instead: ['发布2条', '取消0条'] },
    ])
    expect(await faults(`发布任务{{发布|${published.measure}+own.online|整数|条}}。`)).toMatchObject([{ code: 'verb' }])
  })

  it('says 全覆盖 only of a stored list that is covered (STAT)', async () => {
    const covered = (kind: string, id: string) => ({
      id,
      reason: '试写',
      stated: {
        kind: 'share',
        name: `${kind}覆盖`,
        definition: '有组织的 ÷ 名册。',
        verbs: ['全覆盖', '覆盖率'],
        classifier: '%',
        share: { of: 'units.units', where: [{ dimension: 'kind', in: [kind] }] },
      },
    })
    const list = {
      kind: 'counted',
      name: '单位',
      definition: '在册单位。',
      verbs: ['有'],
      classifier: '个',
      fact: 'units.units',
      filters: [{ dimension: 'kind', in: ['branch'] }],
      aggregate: 'count',
    }
    await desk.post('/measures', { id: 'own.branches', reason: '试写', stated: list })
    for (const [kind, id] of [
      ['branch', 'own.full'],
      ['department', 'own.empty'],
    ] as const) {
      const draft = covered(kind, id)
      draft.stated.share.of = 'own.branches'
      expect((await desk.post('/measures', draft)).status).toBe(201)
    }
    const { body } = await desk.post('/reports/preview', template('实现党支部{{全覆盖|own.full|字|%}}。'))
    expect(body['faults']).toEqual([])
    expect(body['sections'][0].blocks[0].runs.map((r: { text: string }) => r.text).join('')).toBe('实现党支部全覆盖。')
    expect(await faults('实现{{全覆盖|own.empty|字|%}}。')).toMatchObject([{ code: 'total', instead: ['0.0%'] }])
    expect(await faults('解决率{{解决率|demands.solution-rate|字|%}}。')).toMatchObject([{ code: 'no-number' }])
  })

  it('says 累计 only with its start', async () => {
    const stated = {
      kind: 'counted',
      name: '累计发布任务',
      definition: '自2017-10-18起发布的任务。',
      verbs: ['累计', '累计发布', '发布'],
      classifier: '条',
      fact: 'demands.tasks',
      filters: [],
      aggregate: 'count',
      since: '2017-10-18',
    }
    expect((await desk.post('/measures', { id: 'own.since', reason: '试写', stated })).status).toBe(201)
    expect(await faults('累计发布任务{{累计发布|own.since|整数|条}}。')).toMatchObject([{ code: 'since' }])
    expect(await faults('党的十九大以来，累计发布任务{{累计发布|own.since|整数|条}}。')).toEqual([])
    expect(await faults('自2017年10月起累计发布任务{{累计发布|own.since|整数|条}}。')).toEqual([])
    expect(await faults('累计发布任务{{发布|tasks.published|整数|条}}。')).toMatchObject([{ code: 'since' }])
  })

  it('never prints a number of fewer than five persons, whoever writes it', async () => {
    const w = await plantWorld(base)
    await plantClaims(w)
    const secretary = await w.someone('community-secretary', 'OC11')
    const paragraph = '认领的有{{认领|tasks.claimants|整数|人}}。'
    const seen = await secretary.get('/figures?measures=tasks.claimants')
    expect(seen.body['figures'][0].value).toBe(2)
    const { body } = await secretary.post('/reports/preview', template(paragraph))
    expect(body['faults']).toMatchObject([{ code: 'suppressed' }])
    expect(JSON.stringify(body['sections'])).not.toContain('2')
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

describe('what else a review may not say', () => {
  it('a quotation without the consent of whoever is quoted, a face without consent', async () => {
    const quote = { kind: 'quote', text: '事情有人管了', speaker: '居民周某' }
    const { body } = await desk.post('/reports/preview', withBlock(quote))
    expect(body['faults']).toMatchObject([{ code: 'consent', at: 'sections.0.blocks.0' }])
    const consent = { by: '周某', on: '2026-11-01', scope: '公开刊发原话' }
    expect((await desk.post('/reports/preview', withBlock({ ...quote, consent }))).body['faults']).toEqual([])
    const face = { kind: 'caption', text: '党员入户走访', people: true }
    expect((await desk.post('/reports/preview', withBlock(face))).body['faults']).toMatchObject([{ code: 'consent' }])
  })

  it('half a token: it would be printed as it stands', async () => {
    expect(await faults('发布任务{{发布|tasks.published|整数}}。')).toMatchObject([{ code: 'token' }])
    const titled = { template: { ...template('发布。').template, title: '任务{{发布|tasks.published|整数|条}}' } }
    expect((await desk.post('/reports/preview', titled)).body['faults']).toMatchObject([{ code: 'token', at: 'title' }])
  })
})

describe('other forms of the same text', () => {
  const table = { kind: 'table', title: '各街道任务', measures: ['tasks.published', 'tasks.claimants'], by: 'child' }

  it('html escapes what people wrote and links every number', async () => {
    const made = await desk.post('/reports', {
      ...template('<b>发布</b>任务{{发布|tasks.published|整数|条}}。'),
      format: 'html',
    })
    const html = made.raw.toString('utf8')
    expect(html).toContain('&lt;b&gt;发布&lt;/b&gt;任务<a href=')
    expect(html).toContain('2条</a>')
    expect(html).toContain('依据摘要')
  })

  it('xlsx totals are formulas where rows add up, and read numbers where they do not (人 of two places are not the sum)', async () => {
    const made = await desk.post('/reports', { ...withBlock(table), format: 'xlsx' })
    const sheet = strFromU8(unzipSync(made.raw)['xl/worksheets/sheet1.xml'] as Uint8Array)
    expect(sheet).toMatch(/<f>SUM\(B3:B\d+\)<\/f><v>2<\/v>/)
    const preview = await desk.post('/reports/preview', withBlock(table))
    expect(preview.body['sections'][0].blocks[0].table.totals.map((t: { value: number }) => t.value)).toEqual([2, 2])
  })

  it('pdf is the .docx as LibreOffice prints it', async () => {
    if (!existsSync('/usr/bin/soffice')) return
    const made = await desk.post('/reports', { ...withBlock(table), format: 'pdf' })
    expect(made.raw.subarray(0, 5).toString()).toBe('%PDF-')
  }, 90_000)
})

describe('the manifest of a document', () => {
  it('names every number with definition, value and the digest of its records; the same records give the same digest', async () => {
    const list = async () => (await desk.get('/report-documents')).body['rows'] as { id: string; figures: number }[]
    const build = async () => {
      const { status } = await desk.post('/reports', template('发布任务{{发布|tasks.published|整数|条}}。'))
      expect(status).toBe(200)
      return (await desk.get(`/report-documents/${(await list())[0]?.id}`)).body['entries'][0]
    }
    const first = await build()
    expect(first).toMatchObject({ n: 1, measure: 'tasks.published', printed: '2条', value: 2 })
    expect(first.evidence).toMatch(/^[0-9a-f]{64}$/)
    expect((await build()).evidence).toBe(first.evidence)
    const away = await world.someone('community-secretary', 'OC21')
    expect((await away.get('/report-documents')).body['total']).toBe(0)
    expect((await away.get(`/report-documents/${(await list())[0]?.id}`)).status).toBe(404)
  })
})

describe('a document that came back', () => {
  const built = async (paragraph: string) => (await desk.post('/reports', template(paragraph))).raw as Buffer
  const verified = async (file: Buffer) => (await desk.upload('/report-documents/verification', file, DOCX)).body
  const changed = (file: Buffer, change: (xml: string) => string) => {
    const parts = unzipSync(file)
    const xml = change(strFromU8(parts['word/document.xml'] as Uint8Array))
    return Buffer.from(zipSync({ ...parts, 'word/document.xml': strToU8(xml) }))
  }
  const sentence = '发布任务{{发布|tasks.published|整数|条}}，认领{{认领|tasks.claims|整数|人次}}。'
  const verdicts = (body: Record<string, any>) => body['entries'].map((e: { verdict: string }) => e.verdict)

  it('is unchanged as it was made, and still is after LibreOffice saved it', async () => {
    const file = await built(sentence)
    expect(verdicts(await verified(file))).toEqual(['unchanged', 'unchanged'])
    if (!existsSync('/usr/bin/soffice')) return
    const folder = mkdtempSync(join(tmpdir(), 'jishi-again-'))
    writeFileSync(join(folder, 'a.docx'), file)
    const profile = `-env:UserInstallation=file://${folder}/profile`
    const args = [
      '--headless',
      profile,
      '--convert-to',
      'docx',
      '--outdir',
      join(folder, 'out'),
      join(folder, 'a.docx'),
    ]
    execFileSync('soffice', args, { stdio: 'ignore', timeout: 60_000 })
    expect(verdicts(await verified(readFileSync(join(folder, 'out/a.docx'))))).toEqual(['unchanged', 'unchanged'])
  }, 90_000)

  it('says which number was edited by hand, which was taken out, and which was typed in', async () => {
    const file = await built(sentence)
    const edited = await verified(changed(file, (xml) => xml.replace('>3人次<', '>3000人次<')))
    expect(edited['entries'][1]).toMatchObject({ verdict: 'edited', printed: '3人次', found: '3000人次', now: 3 })
    const cut = await verified(changed(file, (xml) => xml.replace(/<w:hyperlink.*?<\/w:hyperlink>/, '')))
    expect(verdicts(cut)).toEqual(['missing', 'unchanged'])
    const typed = await verified(changed(file, (xml) => xml.replace('发布任务', '走访群众500人次，发布任务')))
    expect(typed['loose']).toEqual(['500人次'])
  })

  it('says what the records say since: a number is restated by a claim that came later, and by another that took its place', async () => {
    const file = await built(sentence)
    const late = await world.someone('member', 'C11', { register: 'C11' })
    const tasks = (await desk.get('/tasks')).body['rows'] as { id: string }[]
    await late.post(`/tasks/${tasks[0]?.id}/claims`)
    const { entries } = await verified(file)
    expect(entries.map((e: { verdict: string; now: number }) => [e.verdict, e.now])).toEqual([
      ['unchanged', 2],
      ['restated', 4],
    ])
  })

  it('is refused where it is not ours, and unknown to whoever may not see its unit', async () => {
    const file = await built(sentence)
    const stranger = changed(file, (xml) => xml.replace(/文档编号/g, '编号'))
    expect((await verified(stranger))['code']).toBe('report.not-ours')
    const away = await world.someone('community-secretary', 'OC21')
    expect((await away.upload('/report-documents/verification', file, DOCX)).body['code']).toBe(
      'report.unknown-document',
    )
  })
})

describe('a template', () => {
  it('is written once for every unit and period: place, unit and period stand as asked', async () => {
    const said = async (unit: string, period: string) => {
      const { body } = await desk.post('/reports/preview', {
        ...template('{{地方}}{{时期}}发布任务{{发布|tasks.published|整数|条}}（{{单位}}）。'),
        unit: world.unit[unit],
        period,
      })
      return body['sections'][0].blocks[0].runs.map((r: { text: string }) => r.text).join('')
    }
    expect(await said('O', '2025-Q3')).toBe('青石区2025年第三季度发布任务0条（中共青石区委）。')
    expect(await said('OC11', '2025-H1')).toBe('望江社区2025年上半年发布任务0条（望江社区党总支）。')
    expect(await said('S1', '2025-02-03..2025-02-03')).toBe('临江街道2025年2月3日发布任务0条（临江街道）。')
  })
})
