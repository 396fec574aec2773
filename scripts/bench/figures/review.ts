// A review of a hundred figures, from the question to the .docx, over HTTP.
import { stateWords } from '#modules/demands/rules.ts'
import type { Template } from '#modules/reports/contract.ts'
import { type Hall, moveOn } from './hall.ts'
import { timed } from './questions.ts'

const tokens = [
  '发布任务{{发布|tasks.published|整数|条}}',
  '认领{{认领|tasks.claims|整数|人次}}',
  '认领的人{{认领|tasks.claimants|整数|人}}',
  '服务{{服务|tasks.services|整数|人次}}',
  '服务的人{{服务|tasks.servants|整数|人}}',
  '报到党员{{报到|people.reported|整数|人}}',
  '登记诉求{{登记|demands.raised|整数|件}}',
  '办结{{办结|demands.closed|整数|件}}',
  '响应率{{响应率|demands.response-rate|整数|%}}',
  `${stateWords.registered}{{登记|own.state-registered|整数|件}}`,
]
const SECTIONS = 10

const template: Template = {
  id: 'bench',
  occasion: '',
  masthead: '',
  title: '一百个数',
  subtitle: '',
  bylines: [],
  lead: '',
  thesis: '',
  sections: Array.from({ length: SECTIONS }, (_, i) => ({
    heading: `第${i + 1}节`,
    blocks: [{ kind: 'paragraph' as const, runIn: '', text: `{{时期}}${tokens.join('，')}。` }],
  })),
  closing: '',
  credits: [],
}

async function build(hall: Hall) {
  const body = { template, unit: hall.root, period: '2026', format: 'docx' }
  const answer = await fetch(`${hall.base}/api/reports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hall.askers.keeper}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const file = await answer.arrayBuffer()
  if (answer.status !== 200) throw new Error(`${answer.status} ${Buffer.from(file).toString().slice(0, 500)}`)
}

/** Milliseconds, sorted; every number and every digest of its records counted anew. */
export const timeReview = (hall: Hall, times: number): Promise<number[]> =>
  timed(
    () => build(hall),
    times,
    () => moveOn(hall),
  )
