import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findShared } from '../../../../test/shared.ts'
import { answerOf, judgedByWords } from './answer.ts'
import { isGrave } from './doubts.ts'
import { type Marked, readArticles, readSamples, score } from './fixtures.ts'
import { valueOf } from './numerals.ts'
import { DRAFT } from '../contract.ts'
import { hanNumber } from '../numerals.ts'
import { readDraft } from './read.ts'

const RECALL = 0.97
const PRECISION = 0.92
const read = (text: string) => readDraft(text).readings
const only = (text: string) => {
  const found = read(text)
  expect(found.map((r) => r.text)).toHaveLength(1)
  return found[0] as (typeof found)[number]
}
const figures = (text: string) => read(text).map((r) => `${r.text}|${r.value}|${r.unit}|${r.bound}`)

function holds(name: string, drafts: readonly Marked[]) {
  const s = score(drafts, read)
  console.log(
    `${name}: ${s.expected} figures, recall ${s.recall.toFixed(3)}, precision ${s.precision.toFixed(3)}${s.faults.length > 0 ? `\n  ${s.faults.join('\n  ')}` : ''}`,
  )
  expect(s.recall).toBeGreaterThanOrEqual(RECALL)
  expect(s.precision).toBeGreaterThanOrEqual(PRECISION)
}

const shared = findShared()
const articles = shared ? readArticles(shared) : []
if (!shared) console.log('the articles are not at hand (../shared, or JISHI_SHARED): only our own samples are read')

describe('what is a figure, with its place, value, unit and bound', () => {
  it('in the catalogue’s articles', () => {
    if (shared) holds('articles', articles)
  })
  it('in the samples that were open while the reader was written', () =>
    holds('samples 01–06', readSamples('01', '07')))
  it('in the samples that were closed then', () => holds('samples 07–12', readSamples('07', '13')))
  it('in the samples that were written after it', () => holds('samples 13–16', readSamples('13', '17')))
  it('in the samples that were written last', () => holds('samples 17–18', readSamples('17', '19')))
  it.each([
    ['19', '25'],
    ['25', '31'],
    ['31', '37'],
    ['37', '43'],
    ['43', '49'],
    ['49', '55'],
    ['55', '59'],
    ['59', '63'],
    ['63', '66'],
  ])('in the batch of six from sample %s on, each in a manner of its own', (from, to) =>
    holds(`samples from ${from}`, readSamples(from, to)),
  )

  it('is told without any word of an article: no scheme the catalogue names stands in the reader', () => {
    if (!shared) return
    const mechanisms = JSON.parse(readFileSync(join(shared, 'catalogue', 'mechanisms.json'), 'utf8')) as {
      name_zh: string
      named_terms: string[]
    }[]
    const names = new Set(
      mechanisms.flatMap((m) => [m.name_zh, ...m.named_terms]).filter((t) => t.length >= 4 && !/^[十百千万]+$/.test(t)),
    )
    const code = readdirSync(import.meta.dirname)
      .filter((f) => f.endsWith('.ts') && !/test|fixtures/.test(f))
      .flatMap((f) => readFileSync(join(import.meta.dirname, f), 'utf8').split('\n'))
      .filter((line) => !/^\s*(?:\/\/|\/\*\*|\*)/.test(line))
      .join('\n')
    expect([...names].filter((n) => code.includes(n))).toEqual([])
  })
})

describe('a dubious place', () => {
  it('of the samples is raised with its reason', () => {
    const missing = readSamples('01', '99').flatMap(({ text, expected }) => {
      const readings = read(text)
      return expected
        .filter(
          (e) => e.doubt && !readings.some((r) => r.start === e.start && r.doubts.some((d) => d.code === e.doubt)),
        )
        .map((e) => `${e.id} ${e.text} ${e.doubt}`)
    })
    expect(missing).toEqual([])
  })

  // What the catalogue's notes call into question, by figure.
  const noted: Record<string, string> = {
    '000-F10': 'states',
    '000-F11': 'persons',
    '000-F12': 'pooled',
    '000-F13': 'note',
    '000-F14': 'note',
    '000-F17': 'note',
    '000-F21': 'note',
    '000-F22': 'states',
    '000-F28': 'states',
    '000-F33': 'pooled',
    '000-F34': 'pooled',
    '000-F41': 'note',
    '000-F42': 'note',
    '000-F44': 'note',
    '000-F45': 'note',
    '000-F48': 'note',
    '002-F02': 'note',
    '002-F05': 'pooled',
    '002-F07': 'note',
    '002-F14': 'note',
    '002-F31': 'note',
    '002-F38': 'coverage',
    '004-F03': 'persons',
    '004-F05': 'persons',
    '004-F06': 'coverage',
    '004-F10': 'states',
    '004-F15': 'note',
    '004-F16': 'pooled',
    '004-F19': 'coverage',
    '004-F21': 'remainder',
    '004-F22': 'persons',
    '004-F28': 'pooled',
    '004-F31': 'coverage',
  }
  it('that the catalogue’s notes name is raised with its reason', () => {
    if (!shared) return
    const raised = Object.fromEntries(
      articles.flatMap(({ text, expected }) => {
        const readings = read(text)
        return expected.flatMap((e) => {
          const code = noted[e.id]
          const doubts = readings.find((r) => r.start === e.start)?.doubts ?? []
          return code ? [[e.id, doubts.find((d) => d.code === code)?.code ?? doubts]] : []
        })
      }),
    )
    expect(raised).toEqual(noted)
  })

  it('says what would be true: an exact number followed by 余, persons fewer than claims', () => {
    const text = '全镇发布任务3217余条，2600名党员到村报到，0.95万人认领，收集并解决难题310个。'
    const [tasks, , claims, solved] = read(text)
    expect(tasks?.doubts).toMatchObject([{ code: 'remainder', text: expect.stringContaining('3200余条') }])
    expect(claims?.doubts[0]?.text).toContain('报到的只有 2600名，更可能是人次')
    expect(solved?.doubts[0]?.text).toContain('“收集”和“解决”是两种状态')
  })

  it('is not seen where there is none', () => {
    for (const text of ['发布任务4500余条。', '组织开展宣讲120场次。', '培训干部1560人次。', '解决问题42个。'])
      expect(read(text).flatMap((r) => r.doubts.filter(isGrave))).toEqual([])
  })

  it('is a part that exceeds its whole', () => {
    const [, part] = read('发展党员42名，其中35岁以下57名。').filter((r) => r.unit === '名')
    expect(part?.doubts).toMatchObject([{ code: 'parts' }])
  })
})

describe('numbers as people write them', () => {
  it.each([
    ['共走访１２，３５０户'.replace('，', ','), '１２,３５０|12350|户|exact-as-printed'],
    ['培训1.98万余人次', '1.98万|19800|人次|lower'],
    ['培训1万2千人次'.replace('2千', ''), '1万|10000|人次|exact-as-printed'],
    ['投入近3.5亿元', '3.5亿|350000000|元|upper'],
    ['投入2300余万元', '2300余万|23000000|元|lower'],
    ['走访一百二十余户', '一百二十|120|户|lower'],
    ['举办十几场', '十|10|场|lower'],
    ['涌现数百名骨干', '数百|100|名|lower'],
    ['服务三万二千人次', '三万二千|32000|人次|exact-as-printed'],
    ['满意率达百分之九十八点五', '百分之九十八点五|98.5|%|exact-as-printed'],
    ['近八成村庄达标', '八成|80|%|upper'],
    ['压减三分之一以上', '三分之一|33.3|%|lower'],
    ['约60个小区', '60|60|个|approx'],
    ['逾四百家企业', '四百|400|家|lower'],
    ['每季度召开2次例会', '2|2|次/季|exact-as-printed'],
    ['不少于12学时', '12|12|学时|lower'],
    ['近**500**人次', '500|500|人次|upper'],
    ['增长 12.6％ 。', '12.6％|12.6|%|exact-as-printed'],
    ['书记占八成五', '八成五|85|%|exact-as-printed'],
    ['账上有三十多万，', '三十多万|300000|元|lower'],
    ['1200余党员干部下沉', '1200|1200|名|lower'],
    ['奖励5—10万元', '5|50000|元|exact-as-printed', '10万|100000|元|exact-as-printed'],
    ['服务3000余人（次）', '3000|3000|人次|lower'],
    ['人口1.2 万人', '1.2 万|12000|人|exact-as-printed'],
    ['团队21个人', '21|21|人|exact-as-printed'],
    ['产值翻了一番还多', '一|1|番|lower'],
    ['收入过百万元', '百万|1000000|元|lower'],
    ['县级半年一评', '一|1|次/半年|exact-as-printed'],
    ['每两周召开1次例会', '1|1|次/两周|exact-as-printed'],
    ['每年体检1次、疗养15天', '1|1|次/年|exact-as-printed', '15|15|天/年|exact-as-printed'],
    ['从事社区工作近30年', '30|30|年|upper'],
    ['薄弱村“清零”', '清零|0|%|exact-as-printed'],
    ['资金二十三亿六千万元', '二十三亿六千万|2360000000|元|exact-as-printed'],
    ['资金3亿5000万元', '3亿5000万|350000000|元|exact-as-printed'],
    ['平均四十一点五岁', '四十一点五|41.5|岁|exact-as-printed'],
    ['开会减少约1/3。', '1/3|33.3|%|approx'],
    ['开通36条线路', '36|36|条|exact-as-printed'],
    ['每年开展一次年轻干部调研', '一|1|次/年|exact-as-printed'],
    ['名列全市11个县（市、区）第3', '11|11|个|exact-as-printed', '3|3|位(名次)|exact-as-printed'],
    ['举办大赛六届', '六|6|届|exact-as-printed'],
    ['从2019年的第63位跃升至第28位', '63|63|位(名次)|exact-as-printed', '28|28|位(名次)|exact-as-printed'],
    ['敲开1.37万扇门', '1.37万|13700|扇|exact-as-printed'],
    ['每组三至五户', '三|3|户|exact-as-printed', '五|5|户|exact-as-printed'],
    ['12 个', '12|12|个|exact-as-printed'],
  ])('%s', (text, ...expected) => expect(figures(text)).toEqual(expected))

  it('numerals are read as a report writes them', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 99_999_999 }), (n) => valueOf(hanNumber(n)) === n))
  })
})

describe('a sentence that was cut', () => {
  const wide = '近年来，全县各级党组织坚持以党建引领'
  it.each([
    ['by a column', `${`${wide}\n`.repeat(6)}县直机关先后选派干部下乡，为630\n名党员送学`, '630|630|名'],
    [
      'by a page',
      `近年来，组织部门始终坚持把基层一线作为干部锻炼成长的主阵地，在项目建设、招商引资、信访维稳、防汛抗旱等急难险重任务中选派1\n\n264名干部`,
      '1\n\n264|1264|名',
    ],
    ['by what cannot be seen', '选派\u200b12\u200b64\ufeff名干部', '12\u200b64|1264|名'],
  ])('%s is read as one, its places those of the text as given', (_, text, expected) => {
    const [r] = read(text).slice(-1)
    expect(`${r?.text}|${r?.value}|${r?.unit}`).toBe(expected)
    expect(text.slice(r?.start, r?.end)).toBe(r?.text)
  })

  it('is not taken for one where a heading stands above a paragraph, or an entry above the next', () => {
    expect(figures('筑牢根基，服务群众得分第98\n\n3名干部挂职')).toContain('3|3|名|exact-as-printed')
    expect(figures('●党员总数12\n●支部3个')).toContain('3|3|个|exact-as-printed')
  })
})

describe('what is no figure', () => {
  it.each([
    '2023年11月7日至2024年1月，1至10月，第三季度，二〇二四年上半年',
    '按照县办发〔2022〕17号文件第三条、第十二条',
    '党的二十届三中全会精神，“十四五”规划，习近平总书记在党的二十大报告中',
    '家住人民路88号1号楼302室，电话0719-1234567，请拨打12345热线',
    '严格落实“三会一课”，一村一策、一户一档，“123”工作法，5A级景区，5G基站',
    '一枝一叶总关情，千方百计、三番五次，一步一个脚印',
    '一、基本情况\n（一）做法\n1．抓学习\n一是抓班子',
    '增强四个意识、坚定四个自信、做到两个维护',
    '《习近平谈治国理政》第四卷，三级调研员，一支队伍，一系列举措',
    '三年来，近五年，五年前',
    '本报记者 万三元 通讯员 白一',
    '□ 本报记者 甄一凡 通讯员 谷 雨 万 里',
    '九台区、污水厂二期等重大项目，五年回眸，创近十年新低，国庆7天长假，一级企业和二级企业',
    '走进七里沟村，三面环山，到三道河社区，近3年、每周二、基本清零',
  ])('%s', (text) => expect(read(text)).toEqual([]))

  it('is told with the reason', () => {
    const { ignored } = readDraft('2023年5月，“365”热线，第3条')
    expect(ignored.map((i) => i.why)).toEqual(['日期', expect.stringContaining('名'), '法条或分则'])
  })
})

describe('the answer', () => {
  it('counts characters, not halves of rare ones, and its spans are the text', () => {
    const text = '𠮷村走访35户，𠮷🎉村办班4期。'
    const { figures: found } = answerOf(text, readDraft(text), judgedByWords)
    const letters = [...text]
    expect(found.map((f) => letters.slice(f.start, f.end).join(''))).toEqual(['35', '4'])
  })

  it('holds for any text: spans lie inside, in order, apart, and never throws', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '一',
        '两',
        '百',
        '万',
        '成',
        '每周',
        '第',
        '“',
        '”',
        '《',
        '》',
        '余',
        '人次',
        '个',
        '，',
        '。',
        '\n',
        '培训',
        '均',
        '全覆盖',
        '%',
        '.',
        ',',
        '+',
        '年',
        '其中',
      ),
      fc.integer({ min: 0, max: 99_999 }).map(String),
      fc.string({ unit: 'binary', maxLength: 3 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('')
        const { readings } = readDraft(text)
        let last = 0
        for (const r of readings) {
          expect(r.start).toBeGreaterThanOrEqual(last)
          expect(r.end).toBeGreaterThan(r.start)
          expect(text.slice(r.start, r.end)).toBe(r.text)
          last = r.end
        }
        expect(last).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 500 },
    )
  })

  it('gives the same figures for a line that is broken after a full stop', () => {
    const [first] = readSamples('01', '02')
    const text = first?.text ?? ''
    const broken = text.replaceAll('。', '。\n')
    expect(read(broken).map((r) => r.text)).toEqual(read(text).map((r) => r.text))
  })

  it('reads the longest draft that may be sent in a moment, and twice as much in twice the time', () => {
    const text = readSamples('01', '99')
      .map((s) => s.text)
      .join('\n')
    const long = text.repeat(Math.ceil((2 * DRAFT) / text.length))
    const time = (length: number) => {
      const began = performance.now()
      expect(read(long.slice(0, length)).length).toBeGreaterThan(length / 30)
      return performance.now() - began
    }
    time(DRAFT)
    const once = time(DRAFT)
    expect(time(2 * DRAFT)).toBeLessThan(6 * once + 1000)
    expect(once).toBeLessThan(10_000)
  }, 60_000)

  it.each([
    ['a number without end', '9'.repeat(60_000)],
    ['numerals without end', '一'.repeat(60_000)],
    ['an address without end', 'www.'.repeat(15_000)],
    ['numbers without a full stop', '培训干部3人'.repeat(8000)],
    ['names that are never closed', '“3个'.repeat(15_000)],
    ['nothing but blanks', `${' '.repeat(60_000)}3个`],
    ['what cannot be seen, and another direction', `${'\u200b\u202e'.repeat(30_000)}3\u200b个`],
  ])('is not held up by %s', (_, text) => {
    const began = performance.now()
    readDraft(text)
    expect(performance.now() - began).toBeLessThan(8000)
  })

  it('reads one subject phrase, one period', () => {
    expect(only('2021年以来，培训干部5413人次。')).toMatchObject({ subject: '干部', period: '2021年以来' })
    expect(only('选派63名年轻干部参加培训。')).toMatchObject({ subject: '年轻干部' })
  })
})
