// Words that claim a number without printing one: 全部, 均, 一律, 全覆盖 say 100%, 清零 says none is left, 唯一 and 首位 say rank one.
import type { Figure } from './judge.ts'
import { VERBS } from './lexicon.ts'
import { clauseAt, type Page, type Span, within } from './page.ts'

interface Claim {
  pattern: RegExp
  value: number
  /** figure or, as a reason, why the word claims nothing here */
  reads(page: Page, start: number, end: number): string | null
}

const COUNTED =
  /(?:\d|[二两三四五六七八九十百千万]+)[余多]?(?:[万亿])?(?:人|名|个|家|户|所|项|条|件|支|位|处|类|村|镇|乡)/

const clauseOf = (page: Page, start: number, end: number) => {
  const c = clauseAt(page, { start, end })
  return { before: page.text.slice(c.start, start), after: page.text.slice(end, c.end) }
}

/** 所有村均…, 各户均…: not so much a village, but each of them. */
const WHOLE = /(?:所有|各|每个|全[部县区市州省镇乡]|\d个?)[^，。；、]{0,8}$/
const DOING = /^(?:开展|推行|推进|组织|完成|落实|建立|实施|走访|排查|到位|达标)/

const claims: readonly Claim[] = [
  {
    pattern: /全覆盖/g,
    value: 100,
    reads(page, start, end) {
      const { before, after } = clauseOf(page, start, end)
      if (/[一二两三四五六七八九十个]$/.test(before)) return '名称中的词'
      if (after === '' || /^[”"、和及与]/.test(after) || DOING.test(after)) return null
      return COUNTED.test(before) ? null : '修饰语，没有说明覆盖什么'
    },
  },
  {
    pattern: /清零/g,
    value: 0,
    reads: (page, start, end) =>
      /^[”"]?(?:行动|攻坚|计划|机制|工程|方案|任务|专项|台账|工作|政策|方针|管理|目标)/.test(
        page.text.slice(end, end + 3),
      )
        ? '名称中的词'
        : /(?:基本|逐步|加快|推动|力争|接近)[“"]?(?:动态)?$/.test(page.text.slice(Math.max(0, start - 6), start))
          ? '还没有清零'
          : null,
  },
  { pattern: /一律/g, value: 100, reads: () => null },
  {
    pattern: /全部/g,
    value: 100,
    reads: (page, _start, end) =>
      /^(?:的?(?:精力|心思|力量|身心|家当|热情|意义|内容|过程)|门|分)/.test(page.text.slice(end, end + 3))
        ? '泛指'
        : null,
  },
  {
    pattern: /均(?![衡匀可价值])/g,
    value: 100,
    reads(page, start, end) {
      if (page.wordAt(start).start < start) return '固定词语'
      const { before, after } = clauseOf(page, start, end)
      if (/[人户年平月日村家亩篇]$/.test(before) && !WHOLE.test(before)) return '平均数'
      // 均在97%以上 says what each has, not that all have it.
      if (/^[^，。；、]{0,4}\d/.test(after)) return '各有其数'
      return /^[已获由有能得按没未]/.test(after) || VERBS.some((v) => after.startsWith(v)) ? null : '泛指'
    },
  },
  {
    pattern: /都(?=[已建成有实达完配设参开])/g,
    value: 100,
    reads(page, start, end) {
      const word = page.wordAt(start)
      if (word.start < start) return '固定词语'
      return COUNTED.test(clauseOf(page, start, end).before) ? null : '泛指'
    },
  },
]

const INSTITUTION = /(?:企业|公司|孵化器|医院|学校|单位|机构|银行|合作社)/
const SCOPE = /(?:全国|全省|全市|全州|全区|全县|省内|市内|国内)$/

function* ranks(page: Page): Generator<Figure> {
  const plain = { bound: 'exact-as-printed', sense: 'exact', remainder: '', kind: 'rank', value: 1 } as const
  for (const m of page.text.matchAll(/唯一/g)) {
    const before = page.text.slice(Math.max(0, m.index - 6), m.index)
    const rest = page.text.slice(m.index + 2, m.index + 8)
    if (!SCOPE.test(before) && !/^(?:一[家个所名人]|入选|获)/.test(rest)) continue
    const sentence = page.text.slice(Math.max(0, m.index - 40), m.index)
    const unit = /^一([家个所名])/.exec(rest)?.[1] ?? (INSTITUTION.test(sentence) ? '家' : '个')
    yield { ...plain, start: m.index + 1, end: m.index + 2, unit, tail: m.index + 2 }
  }
  for (const m of page.text.matchAll(/(?:位居|位列|名列|稳居|跃居|居|列|获)[^，。；]{0,10}?(首位|榜首)/g)) {
    const end = m.index + m[0].length
    yield { ...plain, start: end - 2, end, unit: '位(名次)', tail: end }
  }
}

export interface Claims {
  figures: Figure[]
  ignored: { start: number; end: number; why: string }[]
}

/** In a name's quotes it claims nothing, unless the quotes hold it alone: 薄弱村“清零”. */
function isNamed(page: Page, span: Span): boolean {
  const name = within(page.names, span)
  return name !== undefined && (name.start !== span.start || name.end !== span.end)
}

export function claimsOf(page: Page): Claims {
  const out: Claims = { figures: [...ranks(page)], ignored: [] }
  for (const { pattern, value, reads } of claims)
    for (const m of page.text.matchAll(pattern)) {
      const span = { start: m.index, end: m.index + m[0].length }
      const why = within(page.titles, span) || isNamed(page, span) ? '名称中的词' : reads(page, span.start, span.end)
      if (why) out.ignored.push({ ...span, why })
      else
        out.figures.push({
          ...span,
          value,
          unit: '%',
          bound: 'exact-as-printed',
          sense: 'exact',
          remainder: '',
          kind: 'claim',
          tail: span.end,
        })
    }
  return out
}
