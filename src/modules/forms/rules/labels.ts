// Whether a thing is held already under this name or a like one. Names are compared without what says nothing: 本支部, 本月, 数, 情况.
import type { Held } from '../ties.ts'

const nothing: [form: RegExp, by: string][] = [
  [/[（(［[【].*?[）)］\]】]/g, ''],
  [/[\s\p{P}\p{S}]/gu, ''],
  [/^(?:请?填写|填报|上报|报送)/, ''],
  [/^(?:截至.*?日|截至目前|本月底?|本季度?|本年度?|今年以?来?|上半年|下半年|当月|当年|全年|期末|目前)+/, ''],
  [/^(?:本|我|所在|所辖|辖区)(?:党支部|支部|党总支|党委|社区|村|单位|街道|镇|党组织|组织|部门)?(?:内|的)?/, ''],
  [/^(?:现有|共有|拥有|在册)(?=.{2})/, ''],
  [/(?:的)?(?:总)?(?:数量|人数|个数|户数|件数|次数|场次|总数|数目|合计|情况|数)$/, ''],
]

/** A label as it is compared. What would vanish altogether stays as it was. */
export function termOf(label: string): string {
  const plain = label.normalize('NFKC').toLowerCase()
  const bare = nothing.reduce((text, [form, by]) => text.replace(form, by) || text, plain)
  return bare || plain
}

/** One name within the other and at least half of it: like enough to ask for the difference. */
const isLike = (a: string, b: string) => {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  return [...short].length >= 2 && [...short].length * 2 >= [...long].length && long.includes(short)
}

export type Verdict = { verdict: 'free' | 'near' | 'held' | 'personal'; items: readonly Held[] }

/** The names of an item, as they are compared; what is kept of persons is known by every part of a label. */
export function judgeLabel(label: string, held: readonly Held[]): Verdict {
  const term = termOf(label)
  const named = held.map((item) => ({ item, terms: [item.name, ...item.aliases].map(termOf) }))
  const personal = named.filter((n) => n.item.personal && n.terms.some((t) => [...t].length >= 2 && term.includes(t)))
  if (personal.length > 0) return { verdict: 'personal', items: personal.map((n) => n.item) }
  const same = named.filter((n) => n.terms.includes(term))
  if (same.length > 0) return { verdict: 'held', items: same.map((n) => n.item) }
  const near = named.filter((n) => n.terms.some((t) => isLike(t, term)))
  return { verdict: near.length > 0 ? 'near' : 'free', items: near.map((n) => n.item) }
}
