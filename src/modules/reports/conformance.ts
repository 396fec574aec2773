// Plays any valid settings of the reports engine through the API: written by one, checked, reviewed and approved by others, published, corrected; and coverage counted once.
import { changesOf, mustBe, mustRefuse, type Stage } from '#modules/mechanisms/index.ts'
import type { ReportSettings } from './contract.ts'

const content = (title: string, text: string) => ({
  id: 'conformance',
  title,
  sections: [{ heading: '一、组织', blocks: [{ kind: 'paragraph', runIn: '', text }] }],
})
const TRUE_TEXT = '全区建立党组织{{建立|units.party-organisations|整数|个}}。'
const LIE = '全区发展党组织{{发展|units.party-organisations|整数|个}}。'

interface Play {
  stage: Stage
  mechanismId: string
  settings: ReportSettings
  unitId: string
}

const at = (p: Play, measure: string, more = '') => `${measure}@mechanism=${p.mechanismId}${more}`

type Answered = Record<string, any>
interface Step {
  state: string
  note?: string
  publication?: object
}

/** Taken by somebody who did not write it, where nobody is named. */
const step = (p: Play, page: Answered, body: Step, as = 'second') =>
  p.stage.call('advanceManuscript', { params: { id: page['id'] }, version: page['version'], body }, as)

async function playText(p: Play) {
  const { stage, mechanismId, unitId } = p
  const year = stage.today.slice(0, 4)
  const write = (title: string, text: string) =>
    stage.call('writeManuscript', { body: { mechanismId, unitId, period: year, content: content(title, text) } })
  if (!p.settings.writes) return mustRefuse('report.no-texts', write('不在这里写', TRUE_TEXT))
  const lie = await write('数字不实', LIE)
  await mustRefuse('report.untrue', step(p, lie, { state: 'checked' }))
  let page = await write('年中亮成效', TRUE_TEXT)
  await mustRefuse('report.own-work', step(p, page, { state: 'checked' }, 'first'))
  await mustRefuse('report.not-next', step(p, page, { state: 'approved' }))
  page = await step(p, page, { state: 'checked' })
  page = await step(p, page, { state: 'drafted', note: '请补充一段' }, 'third')
  page = await step(p, page, { state: 'checked' })
  page = await step(p, page, { state: 'reviewed' }, 'third')
  page = await step(p, page, { state: 'approved' })
  const publication = { outlet: '青石日报', level: p.settings.levels[0]?.id, on: stage.today, link: '' }
  await mustRefuse('report.publication-needed', step(p, page, { state: 'published' }, 'first'))
  const moved = {
    [at(p, 'reports.published')]: 1,
    [at(p, 'reports.figures')]: 1,
    [at(p, 'reports.coverage')]: 1,
  }
  page = await changesOf(stage, unitId, moved, () => step(p, page, { state: 'published', publication }, 'first'))
  const { entries } = await stage.call('readReportManifest', { params: { id: page['documentId'] } })
  mustBe('numbers in the manifest', entries.length, 1)
  const still = { [at(p, 'reports.published')]: 0, [at(p, 'reports.coverage')]: 0 }
  page = await changesOf(stage, unitId, still, () =>
    step(p, page, { state: 'corrected', note: '更正一处措辞', publication }, 'first'),
  )
  mustBe('steps', page['steps'].map((s: { state: string }) => s.state).at(-1), 'corrected')
}

async function playCoverage(p: Play) {
  const { stage, mechanismId, unitId } = p
  const level = p.settings.levels.at(-1)?.id
  for (const [i, form] of p.settings.forms.entries()) {
    const body = {
      mechanismId,
      unitId,
      form: form.id,
      level,
      outlet: '青石电视台',
      title: `基层治理见闻之${i + 1}`,
      on: stage.today,
    }
    const record = () => stage.call('recordCoverage', { body })
    const item = await changesOf(stage, unitId, { [at(p, 'reports.coverage')]: 1 }, record)
    await mustRefuse('report.coverage-twice', record())
    const back = () => stage.call('withdrawCoverage', { params: { id: item['id'] }, body: { reason: '登记重复' } })
    await changesOf(stage, unitId, { [at(p, 'reports.coverage')]: -1 }, back)
  }
  const strange = { mechanismId, unitId, form: 'leaflet-drop', level, outlet: '无', title: '无', on: stage.today }
  await mustRefuse('report.unknown-form', stage.call('recordCoverage', { body: strange }))
}

export async function conformance(stage: Stage, mechanismId: string, settings: ReportSettings): Promise<void> {
  const play: Play = { stage, mechanismId, settings, unitId: stage.unit['O'] as string }
  await playText(play)
  await playCoverage(play)
}
