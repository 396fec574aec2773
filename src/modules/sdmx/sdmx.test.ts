// What outside programs read: every number is the one the figures give, in each format, through two clients that know nothing of us.
import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getAvailabilityQuery2, getDataQuery, getDataQuery2, getMetadataQuery, getService, request } from 'sdmx-rest'
import { plantReported } from '#modules/figures/fixtures.ts'
import { type Asker, type Base, openBase, plantWorld, type World } from '../../../test/harness.ts'
import { areaOf } from './rules/codes.ts'

let base: Base
let w: World
let desk: Asker
let address: string
const area = (short: string) => areaOf(w.path[short] as string)
const FLOW = '/sdmx/data/dataflow/JISHI/PEOPLE/1.0.0'
const REPORTED = 'PEOPLE_REPORTED'

beforeAll(async () => {
  base = await openBase()
  w = await plantWorld(base)
  desk = await w.someone('district-desk', 'O')
  const many = (count: number, place: string, on: string) => Array.from({ length: count }, () => ({ place, on }))
  await plantReported(w, [
    ...many(9, 'C11', '2024-03-05'),
    ...many(7, 'C12', '2024-05-05'),
    ...many(2, 'C21', '2025-02-01'),
    ...many(8, 'C11', '2025-02-01'),
  ])
  address = `${await base.server.listen({ port: 0, host: '127.0.0.1' })}/api/sdmx`
})
afterAll(() => base.close())

interface Line {
  freq: string
  area: string
  indicator: string
  period: string
  value: string
  status: string
}

/** Lines of an SDMX-CSV answer, by the names of its columns. */
async function linesOf(asker: Asker, path: string): Promise<Line[]> {
  const reply = await asker.get(path, { accept: 'application/vnd.sdmx.data+csv;version=2.0.0' })
  expect(reply.status, JSON.stringify(reply.body)).toBe(200)
  const [head = '', ...lines] = reply.raw.toString().trimEnd().split('\r\n')
  const columns = head.split(',')
  return lines.map((line) => {
    const at = Object.fromEntries(line.split(',').map((v, i) => [columns[i] as string, v])) as Record<string, string>
    const { FREQ, REF_AREA, INDICATOR, TIME_PERIOD, OBS_VALUE, OBS_STATUS } = at
    return {
      freq: FREQ,
      area: REF_AREA,
      indicator: INDICATOR,
      period: TIME_PERIOD,
      value: OBS_VALUE,
      status: OBS_STATUS,
    } as Line
  })
}

describe('observations', () => {
  it('are the numbers of readFigures, for every unit and period', async () => {
    const lines = await linesOf(desk, `${FLOW}/A..${REPORTED}?c[TIME_PERIOD]=ge:2024+le:2025`)
    const units = ['D', 'S1', 'S2', 'C11', 'C12', 'C21', 'E111', 'E211']
    expect(lines).toHaveLength(units.length * 2)
    let shown = 0
    for (const short of units)
      for (const period of ['2024', '2025']) {
        const { body } = await desk.get(`/figures?measures=people.reported&unit=${w.unit[short]}&period=${period}`)
        const { value, suppressed } = body['figures'][0]
        const line = lines.find((l) => l.area === area(short) && l.period === period)
        // what leaves the house hides small groups from everybody, so it may hide more, never another number
        if (line?.status === 'Q') expect(line.value).toBe('')
        else expect([line?.value, suppressed]).toEqual([String(value), false])
        if (line?.status !== 'Q') shown++
      }
    expect(shown).toBeGreaterThan(6)
  })

  it('of small groups carry no value, and say that they are confidential', async () => {
    const path = `${FLOW}/A.${area('C21')}.${REPORTED}?c[TIME_PERIOD]=2025`
    const secretary = await w.someone('community-secretary', 'OC21')
    for (const asker of [desk, secretary]) {
      const reply = await asker.get(path)
      expect(reply.status, JSON.stringify(reply.body)).toBe(200)
      const [set, structure] = [reply.body['data'].dataSets[0], reply.body['data'].structures[0]]
      const [value, status, confidence] = Object.values<any>(set.series['0:0:0'].observations)[0]
      const attributes = structure.attributes.observation
      expect([value, attributes[0].values[status].id, attributes[1].values[confidence].id]).toEqual([null, 'Q', 'C'])
    }
    const xml = (await desk.get(`/sdmx/data/PEOPLE/A.${area('C21')}.${REPORTED}?startPeriod=2025&endPeriod=2025`)).raw
    expect(xml.toString()).toContain('<gen:Value id="OBS_STATUS" value="Q"/><gen:Value id="CONF_STATUS" value="C"/>')
    expect(xml.toString()).not.toContain('ObsValue')
  })

  it('are of units the asker may see, and of nobody else', async () => {
    const organiser = await w.someone('street-organiser', 'OS1')
    const lines = await linesOf(organiser, `${FLOW}/A..${REPORTED}?c[TIME_PERIOD]=2024`)
    expect(new Set(lines.map((l) => l.area))).toEqual(new Set(['S1', 'C11', 'C12', 'E111'].map(area)))
    expect((await organiser.get(`${FLOW}/A.${area('C21')}.${REPORTED}`)).status).toBe(404)
    expect((await (await w.someone('member', 'C11')).get(`${FLOW}/A..`)).status).toBe(403)
    expect((await w.nobody.get(FLOW)).status).toBe(401)
  })

  it('run by year, quarter and month; a running period is provisional', async () => {
    const lines = await linesOf(desk, `${FLOW}/.${area('D')}.${REPORTED}?c[TIME_PERIOD]=ge:2024-01+le:2024-06`)
    expect(lines.map((l) => `${l.freq} ${l.period}`)).toEqual([
      'Q 2024-Q1',
      'Q 2024-Q2',
      ...['01', '02', '03', '04', '05', '06'].map((m) => `M 2024-${m}`),
    ])
    const now = await linesOf(desk, `${FLOW}/A.${area('D')}.${REPORTED}`)
    expect(now.map((l) => l.status).slice(-2)).toEqual(['A', 'P'])
    expect(now).toHaveLength(5)
  })

  it('are refused where the question is none, too wide, or wants a format there is not', async () => {
    const status = async (path: string, accept?: string) => {
      const { status: code, body } = await desk.get(path, accept ? { accept } : {})
      return [code, body['code'] ?? null]
    }
    expect(await status('/sdmx/data/dataflow/JISHI/NOTHING/1.0.0/*')).toEqual([404, 'sdmx.unknown-flow'])
    expect(await status(`${FLOW}/A.B`)).toEqual([400, 'core.invalid'])
    expect(await status(`${FLOW}/A..?c[TIME_PERIOD]=ge:2026-13`)).toEqual([422, 'sdmx.bad-period'])
    expect(await status(`${FLOW}/*?c[TIME_PERIOD]=ge:1990`)).toEqual([413, 'sdmx.too-much'])
    expect(await status(`${FLOW}/A..`, 'image/png')).toEqual([406, 'sdmx.not-acceptable'])
    expect(await status(`${FLOW}/A..`, 'application/vnd.sdmx.data+json;version=1.0.0')).toEqual([
      406,
      'sdmx.not-acceptable',
    ])
    expect(await status(`${FLOW}/A..?c[NOTHING]=1`)).toEqual([400, 'core.invalid'])
  })
})

describe('structures', () => {
  it('name every measure and every visible unit in Chinese, in both formats', async () => {
    const reply = await desk.get('/sdmx/structure/codelist/JISHI/CL_INDICATOR,CL_AREA/~')
    const lists = reply.body['data'].codelists
    const { total } = (await desk.get('/measures')).body
    expect(lists.find((l: any) => l.id === 'CL_INDICATOR').codes).toHaveLength(total)
    const place = lists.find((l: any) => l.id === 'CL_AREA').codes.find((c: any) => c.id === area('C11'))
    expect(place).toEqual({ id: area('C11'), name: '望江社区', names: { zh: '望江社区' }, parent: area('S1') })
    const xml = (await desk.get('/sdmx/codelist/JISHI/CL_AREA/latest')).raw.toString()
    expect(xml).toContain(`<str:Code id="${area('C11')}"><com:Name xml:lang="zh">望江社区</com:Name>`)
    const organiser = await w.someone('street-organiser', 'OS1')
    expect((await organiser.get('/sdmx/codelist/JISHI/CL_AREA/latest')).raw.toString()).not.toContain('柳林村')
  })

  it('bring along what they refer to when asked', async () => {
    const kinds = async (path: string) => Object.keys((await desk.get(path)).body['data']).toSorted()
    expect(await kinds('/sdmx/structure/dataflow')).toEqual(['dataflows'])
    expect(await kinds('/sdmx/structure/dataflow/JISHI/PEOPLE/1.0.0?references=children')).toEqual([
      'dataStructures',
      'dataflows',
    ])
    expect(await kinds('/sdmx/structure/dataflow/JISHI/PEOPLE/1.0.0?references=descendants')).toEqual([
      'codelists',
      'conceptSchemes',
      'dataStructures',
      'dataflows',
    ])
    expect(await kinds('/sdmx/structure/agencyscheme/SDMX/AGENCIES/~')).toEqual(['agencySchemes'])
    expect((await desk.get('/sdmx/structure/codelist/JISHI/CL_NOTHING/~')).status).toBe(404)
  })
})

describe('an independent client', () => {
  const rest = { headers: { authorization: '' } }
  beforeAll(() => {
    rest.headers.authorization = `Bearer ${desk.token}`
  })
  const with_ = (accept: string) => ({ headers: { ...rest.headers, accept } })

  it('sdmx-rest speaks 3.0 with us: structure, data, availability', async () => {
    const service = getService({ url: address, api: 'v2.0.0' })
    const flows = JSON.parse(await request(getMetadataQuery({ resource: 'dataflow', agency: 'JISHI' }), service, rest))
    expect(flows.data.dataflows.map((f: any) => f.id)).toContain('PEOPLE')
    const query = getDataQuery2({
      context: 'dataflow=JISHI:PEOPLE(1.0.0)',
      key: `A.${area('D')}.${REPORTED}`,
      filters: ['TIME_PERIOD=ge:2024+le:2024'],
    })
    const { data } = JSON.parse(await request(query, service, rest))
    expect(data.dataSets[0].series['0:0:0'].observations['0'][0]).toBe(16)
    const range = JSON.parse(
      await request(getAvailabilityQuery2({ context: 'dataflow=JISHI:PEOPLE(1.0.0)' }), service, rest),
    )
    const [region] = range.data.dataConstraints[0].cubeRegions
    expect(region.keyValues[1].values).toContain(area('C11'))
    const narrow = await desk.get(`/sdmx/availability/dataflow/JISHI/PEOPLE/1.0.0/A..${REPORTED}/INDICATOR`)
    expect(narrow.body['data'].dataConstraints[0].cubeRegions[0].keyValues).toEqual([
      { id: 'INDICATOR', values: [REPORTED] },
    ])
  })

  it('sdmx-rest speaks 2.1 with us, and gets the types it asks for', async () => {
    const service = getService({ url: address, api: 'v1.5.0' })
    const query = getDataQuery({
      flow: 'JISHI,PEOPLE,1.0.0',
      key: `A.${area('D')}.${REPORTED}`,
      start: '2024',
      end: '2024',
    })
    const xml = await request(query, service, with_('application/vnd.sdmx.genericdata+xml;version=2.1'))
    expect(xml).toContain('<gen:ObsValue value="16"/>')
    const dsd = getMetadataQuery({ resource: 'datastructure', agency: 'JISHI', id: 'FIGURES', references: 'children' })
    expect(await request(dsd, service, with_('application/vnd.sdmx.structure+xml;version=2.1'))).toContain(
      'str:TimeDimension',
    )
  })
})

const rscript = ['Rscript'].find((name) => spawnSync(name, ['-e', 'library(rsdmx)']).status === 0)

describe.skipIf(!rscript)('R with rsdmx', () => {
  it('reads dataflows, a data structure with its codes, and the numbers', async () => {
    const script = `
      suppressMessages(library(rsdmx))
      auth <- list(Authorization = "Bearer ${desk.token}")
      flows <- as.data.frame(readSDMX("${address}/dataflow/JISHI/all/latest/", headers = auth))
      dsd <- readSDMX("${address}/datastructure/JISHI/FIGURES/1.0.0/?references=children", headers = auth)
      codes <- as.data.frame(slot(dsd, "codelists"), codelistId = "CL_AREA")
      data <- as.data.frame(readSDMX("${address}/data/PEOPLE/A.${area('D')}+${area('C21')}.${REPORTED}/all/?startPeriod=2024&endPeriod=2025", headers = auth))
      cat("PEOPLE" %in% flows$id, codes$label.zh[codes$id == "${area('C11')}"], "\\n")
      for (i in seq_len(nrow(data))) cat(data$REF_AREA[i], data$obsTime[i], data$obsValue[i], data$OBS_STATUS[i], "\\n")`
    const { stdout } = await promisify(execFile)('env', ['LC_ALL=C.UTF-8', rscript as string, '-e', script], {
      timeout: 60_000,
    })
    const lines = stdout.split('\n').map((l) => l.trim())
    expect(lines[0]).toBe('TRUE 望江社区')
    expect(lines).toContain(`${area('D')} 2024 16 A`)
    expect(lines).toContain(`${area('C21')} 2024 0 A`)
    expect(lines).toContain(`${area('C21')} 2025 NA Q`)
  }, 90_000)
})

describe('the past', () => {
  it('as known at an earlier instant are asked with asOf', async () => {
    const path = `${FLOW}/A.${area('C12')}.${REPORTED}?c[TIME_PERIOD]=2023`
    const before = (await desk.get('/figures?measures=people.reported&period=2023')).body['asOf']
    expect((await linesOf(desk, path)).map((l) => l.value)).toEqual(['0'])
    await plantReported(
      w,
      Array.from({ length: 9 }, () => ({ place: 'C12', on: '2023-05-05' })),
    )
    expect((await linesOf(desk, path)).map((l) => l.value)).toEqual(['9'])
    expect((await linesOf(desk, `${path}&asOf=${before}`)).map((l) => l.value)).toEqual(['0'])
  })
})
